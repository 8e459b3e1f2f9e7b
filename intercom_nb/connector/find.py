"""Search over metrics, columns and operations by words and their synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from .. import catalog
from ..catalog.model import Operation
from ..errors import InvalidParameterError

# Words that stand for one thing. Several words in a row are one term: "help center".
_SYNONYMS = (
    "csat, satisfaction, rating, rated, survey",
    "sla, breach, objective",
    "reply, response, respond, answer, frt",
    "agent, teammate, admin, operator, assignee, owner, rep",
    "customer, contact, user, lead, client, person, people, visitor",
    "company, account, organization",
    "conversation, chat, thread",
    "message, part, comment, body",
    "bot, fin, ai, chatbot, automation, ai_agent",
    "article, help center, knowledge base, collection",
    "close, closed, resolve, resolved, resolution, solve",
    "reopen, reopened, reopens",
    "handover, handoff, reassign, reassigned, transfer, escalation",
    "backlog, queue, unresolved, pending",
    "volume, count, workload, busy, busiest",
    "topic, category, subject",
    "spike, anomaly, movers, trend, change",
    "retention, cohort",
    "channel, source",
    "duration, time, speed, slow, fast, wait, delay",
)
_GROUPS = [frozenset(term.strip() for term in line.split(",")) for line in _SYNONYMS]
_COLUMNS = ["entity", "action", "kind", "description", "use", "found_in", "writes"]
_MOST_COLUMNS = 12  # of an entity with dozens of matches, the first ones say enough


class _Item(NamedTuple):
    """One thing to find. ``texts`` are searched: the first is its name."""

    entity: str
    action: str
    kind: str
    description: str
    use: str
    texts: dict[str, str]
    writes: bool = False


def find(operations: Sequence[Operation], words: str) -> pd.DataFrame:
    """Find metrics, columns and operations that have all words, or synonyms of them.

    Columns: entity, action (or the metric, or the column), kind (metric, column, read, write),
    description, use (code), found_in (what contains the words), writes. Names and descriptions
    come first, what only parameters mention after them, writes last.

    >>> find(catalog.operations(), "csat")["kind"].tolist()[0]
    'metric'
    """
    if not isinstance(words, str):
        raise InvalidParameterError(f"find() takes words such as 'first reply', not {words!r}.")
    wanted = [_alternatives(word) for word in _terms(words)]
    rows = []
    for item in _items(operations) if wanted else ():
        texts = {name: f" {' '.join(_tokens(text))} " for name, text in item.texts.items()}
        whole = "".join(texts.values())
        if not all(_has(whole, terms) for terms in wanted):
            continue
        where = [n for n, text in texts.items() if any(_has(text, terms) for terms in wanted)]
        in_name = all(_has(texts["name"], terms) for terms in wanted)
        literal = all(f" {word} " in texts["name"] for word in _terms(words))
        rows.append((_rank(item, where, in_name=in_name), not literal, item, ", ".join(where)))
    rows.sort(key=lambda row: row[:2])
    found = [_row(item, where) for _, _, item, where in rows]
    frame = pd.DataFrame(found, columns=_COLUMNS)
    is_extra = frame.groupby(["entity", "kind"]).cumcount() >= _MOST_COLUMNS
    return frame[~(frame["kind"].eq("column") & is_extra)].reset_index(drop=True)


def _rank(item: _Item, where: Sequence[str], *, in_name: bool) -> tuple[bool, bool, int, bool]:
    only_inside = not {"name", "description"} & set(where)
    order = ("metric", "column", "read", "write").index(item.kind)
    return item.writes, only_inside, order, not in_name


def _row(item: _Item, where: str) -> tuple[object, ...]:
    return (*item[:5], where, item.writes)


def _items(operations: Sequence[Operation]) -> Iterator[_Item]:
    yield from _metrics()
    yield from _columns(operations)
    for op in operations:
        kind = "write" if op.writes else "read"
        use = f"await c.{op.name}(...)"
        yield _Item(op.entity, op.action, kind, op.description, use, _texts(op), op.writes)


def _metrics() -> Iterator[_Item]:
    from .. import analysis  # noqa: F401 - the metrics register when they are imported
    from ..analysis.result import definitions

    for name, prose in definitions().items():
        description = prose.partition("\n")[0]
        texts = {"name": name, "description": prose}
        yield _Item("analysis", name, "metric", description, f"analysis.{name}(df)", texts)


def _columns(operations: Iterable[Operation]) -> Iterator[_Item]:
    """Yield the declared columns of each entity that can be listed or searched."""
    seen = set()
    for op in operations:
        if op.writes or op.action not in {"list", "search"}:
            continue
        for name, kind in catalog.record_columns(op.record).items():
            if (op.entity, name) not in seen:
                seen.add((op.entity, name))
                known = catalog.meaning(str(op.record), name)
                held = kind if isinstance(kind, str) else "list"
                described = f"{known or f'Column of {op.entity}'} ({held})"
                texts = {"name": name, "description": known}
                yield _Item(op.entity, name, "column", described, f"df[{name!r}]", texts)


def _texts(op: Operation) -> dict[str, str]:
    return {
        "name": f"{op.entity} {op.action} {op.name}",
        "description": op.description,
        **{p.name: f"{p.name} {p.description} {' '.join(map(str, p.enum))}" for p in op.params},
        "fields": " ".join(search_field_names(op)),
    }


def search_field_names(op: Operation) -> list[str]:
    """Return the names of the fields that a search filters by; none for other operations."""
    searchable = catalog.search_fields(op.entity)
    return list(searchable.fields) if op.is_search and searchable is not None else []


def _terms(words: str) -> list[str]:
    """Split words, but keep those that are one term, such as ``help center``."""
    text = " ".join(_tokens(words))
    kept = [term for group in _GROUPS for term in group if " " in term and term in text]
    for term in kept:
        text = text.replace(term, "")
    return [*kept, *text.split()]


def _alternatives(word: str) -> set[str]:
    groups = [group for group in _GROUPS if word in group]
    return {stem for term in {word}.union(*groups) for stem in [" ".join(_tokens(term))]}


def _has(text: str, terms: Iterable[str]) -> bool:
    """Check for one of the terms as a whole word; from four letters on, as its beginning."""
    return any(f" {term}{'' if len(term) > 3 else ' '}" in text for term in terms)


def _tokens(text: str) -> list[str]:
    """Return lower-case words without the plural's s."""
    return [_singular(word) for word in re.findall(r"[^\W_]+", text.lower())]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
