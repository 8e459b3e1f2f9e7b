"""Topics and tags: what conversations are about, by size and over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ...errors import InvalidParameterError
from ...frames.read.columns import STRING
from .. import formatting
from ..arguments import check_least
from ..facts import COLUMNS, TIMES, Facts, read
from ..groups import (
    FREQUENCIES,
    By,
    Split,
    every_start,
    groups_text,
    one_dimension,
    starts,
)
from ..names import names_for, topic_names
from ..result import finish, metric
from ..stats import ENOUGH, largest

_KINDS = {"tags": "tag", "topics": "topic"}
_LARGE = f"with at least {ENOUGH} conversations"


@metric
def pareto(
    conversations: Any,
    of: str = "tags",
    by: By = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Rank tags or topics by size, with the running total: which few cause most of the work.

    Definition: a conversation counts once for each of its tags (topics), so shares of all
    conversations may add up to more than 1; ``running`` is the share of conversations that have
    at least one of the tags down to this row. Conversations without any are counted as
    ``without_tag`` (``without_topic``).

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        of: ``"tags"``, ``"topics"``, or another column, of lists or of one value per row.
        by: One more dimension, as in ``first_reply``: a ranking in each group, with shares of its
            conversations.
        period: Only conversations created in it.
        zone: Time zone of the period.
        names: Names of the tags: ``analysis.names(c)``, or a frame with id and name. Names of
            topics are part of the conversations.

    Returns one row per group and tag, the largest first: name, id, conversations (int64), share,
    running.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.pareto(df, of="topics").columns.tolist()
    ['name', 'id', 'conversations', 'share', 'running']
    """
    _check_column(of)
    why = "the ranking itself is by it"
    split = Split.of(
        one_dimension(by, "pareto", (of, _KINDS.get(of, of)), why), names, conversations
    )
    facts, labels, known = _labeled(conversations, of, period, zone, names, split.columns)
    groups = split.group(facts)
    frame = groups.each(facts, lambda part: _ranked(part, of, known))
    whole = frame if not groups.by else _ranked(facts, of, known)
    having = int(labels["row"].nunique())
    kind = _KINDS.get(of, of)
    return finish(
        frame,
        "pareto",
        facts.noted(*groups.notes),
        finding=_pareto_finding(whole, kind, len(facts)),
        chart={
            "kind": "pareto" if not groups.by else "matrix",
            "of": of,
            "by": [*groups.by, "name"],
            "value": "share",
            "what": f"share of conversations with each {kind}",
            "n": "conversations",
        },
        counts={
            "conversations": len(facts),
            "measured": having,
            f"without_{kind}": len(facts) - having,
        },
    )


@metric
def trend(  # noqa: PLR0913 - public keywords
    conversations: Any,
    of: str = "tags",
    every: str = "month",
    by: By = None,
    *,
    top: int = 6,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Follow the most frequent tags or topics over time.

    Definition: as in ``pareto``, per day, week or month of ``created_at``; ``share`` is of all
    conversations of that step, so that growth of the whole does not look like a trend of each.
    The tags followed are the most frequent of all conversations, in each group too.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        of: ``"tags"``, ``"topics"`` or another column.
        every: ``"day"``, ``"week"`` or ``"month"``.
        by: One more dimension, as in ``first_reply``, but not another step of time: shares are of
            the conversations of each group.
        top: Number of tags, the most frequent overall.
        period: Only conversations created in it.
        zone: Time zone of the steps.
        names: As in ``pareto``.

    Returns one row per group, step and tag: the step's first day (a column named as ``every``),
    name, id, conversations (int64), share.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> len(analysis.trend(df, of="topics", top=3))
    36
    """
    check_least("top", top)
    _check_column(of)
    kind = _KINDS.get(of, of)
    why = "step and tag are its own dimensions"
    split = Split.of(
        one_dimension(by, "trend", (of, kind, *FREQUENCIES), why), names, conversations
    )
    facts, labels, known = _labeled(conversations, of, period, zone, names, split.columns)
    index = every_start(starts(facts, every), every, facts)
    sizes = labels.groupby("id").size().reset_index(name="n")
    chosen = sizes.sort_values(["n", "id"], ascending=[False, True])["id"].head(top).tolist()
    groups = split.group(facts)
    frame = groups.each(facts, lambda part: _followed(part, of, every, index, chosen, known))
    whole = frame if not groups.by else _followed(facts, of, every, index, chosen, known)
    having = int(labels["row"].nunique())
    largest_tag = known.get(chosen[0], chosen[0]) if chosen else kind
    return finish(
        frame,
        "trend",
        facts.noted(*groups.notes),
        finding=_trend_finding(whole, every, kind),
        chart={
            "kind": "trend" if not groups.by else "matrix",
            "by": every if not groups.by else [*groups.by, every],
            "of": of,
            "value": "share",
            "what": f"share of conversations with the {kind} {_quoted(largest_tag)}",
            **({"only": ("id", chosen[0])} if groups.by and chosen else {}),
        },
        counts={
            "conversations": len(facts),
            "measured": having,
            f"without_{kind}": len(facts) - having,
        },
    )


def _check_column(of: Any) -> None:
    """Raise InvalidParameterError for a dimension, or for anything that is not a column's name."""
    if isinstance(of, str) and of not in TIMES and COLUMNS.get(of, of) == of:
        return
    hint = "of='tags', of='topics' or a column such as 'source.type'"
    if isinstance(of, str):
        hint = f"of={COLUMNS[of]!r}" if of in COLUMNS else "volume() or volume_trend() for times"
    raise InvalidParameterError(f"of={of!r} is not a column. Use {hint}.")


def _followed(
    facts: Facts,
    of: str,
    every: str,
    index: pd.DatetimeIndex,
    chosen: list[str],
    known: dict[str, str],
) -> pd.DataFrame:
    """Return the conversations of each step with each of the chosen labels, and their share."""
    labels, key = _labels(facts, of), starts(facts, every)
    shown = labels[labels["id"].isin(chosen)]
    shown = shown.assign(step=key.reindex(shown["row"]).to_numpy())
    grid = pd.MultiIndex.from_product([index, chosen], names=["step", "id"])
    counts = shown.groupby(["step", "id"]).size().reindex(grid, fill_value=0)
    per_step = key.groupby(key).size().reindex(index, fill_value=0)
    frame = counts.rename("conversations").reset_index().rename(columns={"step": every})
    frame["id"] = frame["id"].astype(STRING)
    frame.insert(1, "name", pd.array([known.get(i, i) for i in frame["id"]], dtype=STRING))
    frame["conversations"] = frame["conversations"].astype("int64")
    frame["share"] = frame["conversations"] / frame[every].map(per_step).where(lambda n: n > 0)
    return frame


def _ranked(facts: Facts, of: str, known: dict[str, str]) -> pd.DataFrame:
    """Rank the labels of conversations: name, id, conversations, share, running."""
    labels, total = _labels(facts, of), max(1, len(facts))
    counts = labels.groupby("id").size().rename("conversations").reset_index()
    counts = counts.sort_values(["conversations", "id"], ascending=[False, True])
    frame = pd.DataFrame(
        {
            "name": pd.array([known.get(i, i) for i in counts["id"]], dtype=STRING),
            "id": pd.array(list(counts["id"]), dtype=STRING),
            "conversations": counts["conversations"].to_numpy("int64"),
            "share": counts["conversations"].to_numpy("float64") / total,
        }
    )
    rank = pd.Series(range(len(frame)), index=frame["id"], dtype="int64")
    first = labels["id"].map(rank).groupby(labels["row"]).min()
    covered = first.value_counts().reindex(range(len(frame)), fill_value=0).sort_index().cumsum()
    frame["running"] = covered.to_numpy("float64") / total
    return frame


def _labels(facts: Facts, of: str) -> pd.DataFrame:
    """Return one row per conversation and label: row, id."""
    lists = facts[of].map(_as_list)
    rows = pd.DataFrame({"row": facts.frame.index, "id": lists}).explode("id").dropna(subset=["id"])
    return rows.drop_duplicates().reset_index(drop=True)


def _labeled(
    source: Any, of: str, period: Any, zone: str, names: Any, more: Sequence[str] = ()
) -> tuple[Facts, pd.DataFrame, dict[str, str]]:
    """Return the facts, one row per conversation and label (row, id), and names of the labels."""
    facts = read(source, [of, *more], period=period, zone=zone)
    known = names_for(_KINDS.get(of, of), names)
    if of == "topics" and not known:
        known = topic_names(source)
    return facts, _labels(facts, of), known


def _as_list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None or pd.isna(value) else [str(value)]


def _pareto_finding(frame: pd.DataFrame, kind: str, total: int) -> str:
    if frame.empty:
        return f"No conversation has a {kind}."
    top = frame.iloc[0]
    text = f"{_quoted(top['name'])} is the largest of {formatting.plural(len(frame), kind)}: "
    text += f"{formatting.percent(top['share'])} of conversations "
    text += f"({top['conversations']:,} of {total:,})"
    if len(frame) >= 3:
        first_three = formatting.percent(frame["running"].iloc[2])
        text += f"; the three largest cover {first_three}"
    return text


def _trend_finding(frame: pd.DataFrame, every: str, kind: str) -> str:
    if frame.empty:
        return f"No conversation has a {kind}."
    if frame[every].nunique() < 2:
        return f"{_quoted(frame['name'].iloc[0])} is the largest {kind}"
    # Against the usual level of each, so that a large one does not always win.
    usual = frame.groupby("id")["share"].transform("median")
    size = (frame["conversations"] / frame["share"]).round()
    jumps = frame.assign(usual=usual, jump=frame["share"] - usual, size=size)
    is_large = size >= ENOUGH
    top = largest(jumps[is_large] if is_large.any() else jumps, "jump")
    among = "" if top["jump"] == jumps["jump"].max() else f" among {groups_text((every,), _LARGE)}"
    return (
        f"{_quoted(top['name'])} stands out{among} {formatting.when(top[every], every)}: "
        f"{formatting.percent(top['share'])} of conversations "
        f"({top['conversations']:,} of {top['size']:,.0f}) vs "
        f"{formatting.percent(top['usual'])} {formatting.median_of(every)}"
    )


def _quoted(name: str) -> str:
    """Quote a name that customers or teammates chose: "Slow or down" is not part of a sentence."""
    return f"\u201c{name}\u201d"
