"""Tab completion of ``%intercom``: names and values from the catalog."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .. import catalog
from ..catalog.filters import OPERATORS, split_key
from ..catalog.model import Operation
from ..catalog.search_fields import SearchFields
from ..catalog.validation import positional_names
from ..errors import IntercomError
from .parser import ALL, COMMANDS, argument_names, is_flag, searched
from .query_body import OR
from .tokenizer import Word, split

_MAGIC = re.compile(r"\s*(?:[\w.]+\s*=\s*)?%{1,2}intercom\s")
_BODY = re.compile(
    r"\s*(?:(?P<field>\S+)\s+(?:(?P<sign>not\s+in|\S+)\s+(?:.*,\s*)?)?)?(?P<last>[^\s,]*)$",
    re.IGNORECASE,
)
_TARGET = re.compile(r"\s*\S*?\s*<<")


@dataclasses.dataclass(frozen=True)
class Offer:
    """Completions that could replace the ``typed`` text before the cursor."""

    typed: str
    names: list[str]


def offer(
    text: str, line: int, column: int, variables: Mapping[str, Any], connectors: Iterable[str]
) -> Offer | None:
    """Return the completions in a cell, or None if the cursor is not in one of these magics.

    >>> offer("%intercom contacts ge", 0, 21, {}, []).names
    ['get', 'get_by_external_id', 'get_bulk_job']
    """
    lines = text.split("\n")
    before = lines[line][:column]
    if lines[0].lstrip().startswith("%%intercom ") and line > 0:
        return _in_body(lines[0], before, variables)
    start = _MAGIC.match(before)
    if start is None:
        return None
    rest = before[start.end() :]
    target = _TARGET.match(rest)
    return _in_line(rest[target.end() :] if target else rest, variables, connectors)


def _in_line(rest: str, variables: Mapping[str, Any], connectors: Iterable[str]) -> Offer:
    words = split(rest, strict=False)
    ends = not rest or rest[-1].isspace()
    typed = "" if ends or not words else rest[words[-1].start :]
    done = words if ends else words[:-1]
    if typed.startswith("$"):
        return _offer(typed, [f"${name}" for name in own_names(variables)])
    if done and done[-1].text in {"-c", "--connector"}:
        return _offer(typed, connectors)
    done = _without_connector(done)
    if not done:
        return _offer(typed, [*catalog.entities(), *COMMANDS, "--help"])
    if done[0].text == "use":
        return _offer(typed, connectors)
    if len(done) == 1:
        known = catalog.entities().get(done[0].text)
        return _offer(typed, [*(known.actions if known else ()), "--help"])
    operation = _operation(done)
    return Offer(typed, []) if operation is None else _argument(operation, done[2:], typed)


def _without_connector(words: Sequence[Word]) -> list[Word]:
    kept: list[Word] = []
    skip = False
    for word in words:
        if not skip and word.text not in {"-c", "--connector"}:
            kept.append(word)
        skip = word.text in {"-c", "--connector"}
    return kept


def _operation(words: Sequence[Word]) -> Operation | None:
    try:
        return catalog.operation(words[0].text, words[1].text)
    except IntercomError:
        return None


def _argument(operation: Operation, done: Sequence[Word], typed: str) -> Offer:
    name, equals, part = typed.partition("=")
    if equals and name.startswith("--"):
        return _offer(part, known_values(operation, name[2:]))
    before = done[-1].text if done else ""
    if before.startswith("--") and "=" not in before and not typed.startswith("--"):
        values = known_values(operation, before[2:])
        if values and not _is_flag(operation, before[2:]):
            return _offer(typed, values)
        if not _is_flag(operation, before[2:]):
            return Offer(typed, [])
    given = {word.text[2:].partition("=")[0] for word in done if word.text.startswith("--")}
    names = [n for n in argument_names(operation) if n not in given]
    if not done:  # positional arguments need no name
        names = sorted(names, key=lambda n: n in positional_names(operation))
    options = [f"--{n}" for n in names if n != "query"]
    fields = searched(operation)
    if fields is not None:
        options += _filters(fields, typed.removeprefix("--"), given)
    return _offer(typed, [*options, "--help", "--connector"])


def _is_flag(operation: Operation, name: str) -> bool:
    return is_flag(argument_names(operation).get(name, ""))


def _filters(fields: SearchFields, typed: str, given: set[str]) -> list[str]:
    """Offer fields, and after ``field__`` its operators."""
    field, under, _ = typed.rpartition("__")
    if under and field in fields.fields:
        return [f"--{field}__{word}" for word in operators_of(fields, field)]
    return [f"--{name}" for name in fields.fields if name not in given]


def operators_of(fields: SearchFields, name: str) -> list[str]:
    """Return the operators of a searched field: ``gt`` and others."""
    field = fields.fields[name]
    allowed = field.operators or fields.operators[field.type]
    ordered = ">" in allowed
    return [
        word
        for word, sign in OPERATORS.items()
        if sign in allowed or (ordered and word in {"gte", "lte"})
    ]


def known_values(operation: Operation, key: str) -> list[str]:
    """Return the values of an argument or a searched field, if they are known."""
    for param in operation.params:
        if param.name == key:
            return _listed(param.type, param.enum)
    if key == "limit":
        return [ALL]
    fields = searched(operation)
    known = fields.fields.get(split_key(key)[0]) if fields is not None else None
    if known is not None:
        return _listed(known.type, known.values)
    return _listed(argument_names(operation).get(key, ""), ())


def _listed(kind: str, values: Sequence[Any]) -> list[str]:
    return [str(v) for v in values] or (["true", "false"] if kind.startswith("bool") else [])


def _in_body(head: str, before: str, variables: Mapping[str, Any]) -> Offer | None:
    """Offer fields, then operators, then values, in a condition of a search."""
    rest = head.partition("%%intercom ")[2]
    target = _TARGET.match(rest)
    words = _without_connector(split(rest[target.end() :] if target else rest, strict=False))
    operation = _operation(words) if len(words) > 1 else None
    fields = searched(operation) if operation is not None else None
    found = _BODY.match(before)
    if operation is None or fields is None or found is None or before.lstrip()[:1] in "{[\"'#":
        return None if before.lstrip() or fields is None else Offer("", list(fields.fields))
    typed = found["last"]
    if typed.startswith("$"):
        return _offer(typed, [f"${name}" for name in own_names(variables)])
    field = found["field"]
    if field is None:
        return _offer(typed, [*fields.fields, OR])
    if field not in fields.fields:
        return Offer(typed, [])
    if found["sign"] is None:
        return _offer(typed, [OPERATORS[word] for word in operators_of(fields, field)])
    return _offer(typed, known_values(operation, field))


def own_names(variables: Mapping[str, Any]) -> list[str]:
    """Return the names that a person gave."""
    hidden = {"In", "Out", "exit", "quit", "get_ipython", "open"}
    return [name for name in variables if not name.startswith("_") and name not in hidden]


def _offer(typed: str, names: Iterable[str]) -> Offer:
    option = typed[:2] + typed[2:].replace("-", "_") if typed.startswith("--") else typed
    return Offer(typed, [name for name in names if name.startswith((typed, option))])
