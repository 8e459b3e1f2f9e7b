"""Comparison with Intercom's reporting export, row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..frames.read.columns import STRING
from . import formatting
from .arguments import check_amount
from .facts import CREATED, STATISTICS, Facts, read
from .metrics.durations import CONTACTED
from .result import finish, metric

# Metric -> our column, the column of its end (durations only), names of the export's column.
# Names: get_datasets of the API, and the labels in Intercom's own CSV files.
_METRICS: dict[str, tuple[str, str | None, tuple[str, ...]]] = {
    "first_reply": (
        "statistics.time_to_admin_reply",
        "statistics.first_admin_reply_at",
        ("time_to_admin_reply", "first_response_time", "time_to_first_reply"),
    ),
    "time_to_first_close": (
        "statistics.time_to_first_close",
        "statistics.first_close_at",
        ("time_to_first_close", "time_to_close"),
    ),
    "time_to_last_close": (
        "statistics.time_to_last_close",
        "statistics.last_close_at",
        ("time_to_last_close",),
    ),
    "reopens": ("statistics.count_reopens", None, ("count_reopens", "reopens")),
    "assignments": ("statistics.count_assignments", None, ("count_assignments", "assignments")),
    "rating": ("conversation_rating.rating", None, ("conversation_rating", "rating")),
}
# Units that an export may have instead of seconds, as part of the reason, and their seconds.
_UNITS = (("", 1.0), (", in minutes", 60.0), (", in milliseconds", 0.001))
_COLUMNS = ["conversation_id", "metric", "ours", "theirs", "difference", "reason"]


@metric
def compare_with_intercom(
    export: pd.DataFrame,
    conversations: Any,
    *,
    columns: Mapping[str, str] | None = None,
    tolerance: float = 1.0,
    period: Any = None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """Compare Intercom's reporting export with conversations, row by row.

    Definition: ``ours`` is the conversation's own field, such as
    ``statistics.time_to_admin_reply``; ``theirs`` is the export's. Equal numbers, and durations
    within ``tolerance``, are ``"equal"``. Otherwise ``reason`` names the first definition that
    leads from one number to the other: all hours instead of office hours, start at the creation,
    last close instead of the first, minutes instead of seconds. A reason is likely, not proven;
    ``"unknown"`` if none fits. Columns of the export that are not compared are listed in ``notes``.

    Args:
        export: A result of ``reporting_data_exports.run``, or Intercom's CSV file read by pandas,
            with one row per conversation.
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        columns: The export's column of each metric, if its name is not known:
            ``{"first_reply": "FRT (s)"}``. Metrics: ``first_reply``, ``time_to_first_close``,
            ``time_to_last_close`` (seconds), ``reopens``, ``assignments``, ``rating``; and
            ``conversation_id``.
        tolerance: Largest difference of durations that counts as equal, in seconds.
        period: Only conversations created in it.
        zone: Time zone of the period.

    Returns one row per conversation and metric: conversation_id, metric (text), ours, theirs,
    difference (theirs - ours; all float64), reason (text). Raises UnknownNameError if the export
    has no known column, InvalidParameterError if it has several rows for a conversation.

    >>> import pandas as pd
    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=20)
    >>> export = pd.DataFrame(
    ...     {"Conversation ID": df["id"], "Conversation rating": df["conversation_rating.rating"]}
    ... )
    >>> analysis.compare_with_intercom(export, df)["metric"].unique().tolist()
    ['rating']
    """
    if not isinstance(export, pd.DataFrame):
        raise InvalidParameterError(
            f"A {type(export).__name__} is not an export. Pass the result of "
            "reporting_data_exports.run, or pd.read_csv(file) of Intercom's CSV file."
        )
    check_amount("tolerance", tolerance)
    named = _export_columns(export, columns or {})
    skipped = [str(name) for name in export if name not in named.values()]
    theirs = _indexed(export, named.pop("conversation_id"))
    needs = [name for metric in _METRICS.values() for name in metric[:2] if name]
    optional = [STATISTICS, CONTACTED, *needs]
    facts = read(conversations, ["id"], optional=optional, zone=zone, period=period)
    ours = facts.frame.dropna(subset=["id"]).drop_duplicates("id").set_index("id")
    both = ours.index.union(theirs.index, sort=False)
    tables = [
        _compare(metric, ours.reindex(both), _numbers(theirs[column].reindex(both)), tolerance)
        for metric, column in named.items()
    ]
    known = pd.Series(both.isin(ours.index), index=both)
    exported = pd.Series(both.isin(theirs.index), index=both)
    absent = _absent(facts, ours.reindex(both), known, exported)
    for table in tables:
        table["reason"] = absent.where(absent.notna(), table["reason"])
    whole = pd.concat(tables).rename_axis("conversation_id").reset_index()
    whole = whole.dropna(subset=["ours", "theirs"], how="all").reset_index(drop=True)
    texts = dict.fromkeys(["conversation_id", "metric", "reason"], STRING)
    return finish(
        whole[_COLUMNS].astype(texts),
        "compare_with_intercom",
        facts.noted(*_skipped_note(skipped)),
        finding=_finding(whole["reason"]),
        chart={"kind": "reasons"},
        counts={
            "numbers": len(whole),
            "equal": int((whole["reason"] == "equal").sum()),
            "on_one_side": int(whole["difference"].isna().sum()),
        },
    )


def _skipped_note(skipped: list[str]) -> Iterator[str]:
    if skipped:
        verb = "is" if len(skipped) == 1 else "are"
        yield (
            f"{formatting.plural(len(skipped), 'column')} of the export {verb} not compared: "
            f"{', '.join(skipped)}. Pass columns={{metric: column}} for one that holds a metric."
        )


def _finding(reasons: pd.Series) -> str:
    if reasons.empty:
        return "No conversation has a number to compare."
    equal = int((reasons == "equal").sum())
    verb = "is" if equal == 1 else "are"
    text = f"{equal:,} of {formatting.plural(len(reasons), 'number')} {verb} equal"
    others = reasons[reasons != "equal"].value_counts()
    if others.empty:
        return text
    return f"{text}; the most frequent reason is \u201c{others.index[0]}\u201d ({others.iloc[0]:,})"


def _export_columns(export: pd.DataFrame, given: Any) -> dict[str, str]:
    """Return the export's column of the id and of each metric that it has."""
    if not isinstance(given, Mapping):
        raise InvalidParameterError(
            f"columns={given!r} is not valid. Use {{'first_reply': 'FRT (s)'}}."
        )
    valid = {"conversation_id": ("conversation_id",)} | {m: n for m, (_, _, n) in _METRICS.items()}
    for name, column in given.items():
        if name not in valid:
            raise UnknownNameError(
                f"{name!r} is not a metric of this comparison.{did_you_mean(name, valid)} "
                f"Valid metrics: {', '.join(valid)}."
            )
        if column not in export:
            raise UnknownNameError(
                f"The export has no column {column!r}.{did_you_mean(column, map(str, export))}"
            )
    plain = {_plain(str(name)): str(name) for name in export}
    found = {
        metric: next((plain[name] for name in names if name in plain), "")
        for metric, names in valid.items()
    } | dict(given)
    found = {metric: column for metric, column in found.items() if column}
    if "conversation_id" not in found or len(found) == 1:
        what = "known metric" if "conversation_id" in found else "conversation_id"
        raise UnknownNameError(
            f"The export has no column of a {what}. Its columns: "
            f"{', '.join(map(str, export.columns))}. Pass columns={{metric: column}}, with "
            f"{', '.join(valid)}."
        )
    return found


def _plain(name: str) -> str:
    """Return a column's name without its group, unit and punctuation: ``standard.rating``."""
    label = re.sub(r"\s*\([^)]*\)\s*$", "", name.rpartition(".")[2])
    return re.sub(r"\W+", "_", label.strip().casefold()).removesuffix("_seconds")


def _indexed(export: pd.DataFrame, column: str) -> pd.DataFrame:
    ids = export[column]
    if pd.api.types.is_float_dtype(ids.dtype):  # pandas reads ids with a missing one as floats
        ids = ids.astype("Int64")
    ids = ids.astype(STRING)
    rows = export[ids.notna().to_numpy()].set_axis(ids.dropna().to_numpy(), axis=0)
    repeated = rows.index[rows.index.duplicated()]
    if len(repeated):
        raise InvalidParameterError(
            f"The export has several rows for conversation {repeated[0]}. Export the dataset "
            "'conversation', which has one row for each."
        )
    return rows


def _numbers(values: pd.Series) -> pd.Series:
    if pd.api.types.is_timedelta64_dtype(values.dtype):
        spans: pd.Series = values.dt.total_seconds()
        return spans
    numbers: pd.Series = pd.to_numeric(values, errors="coerce")
    return numbers.astype("Float64").astype("float64")


def _compare(metric: str, ours: pd.DataFrame, theirs: pd.Series, tolerance: float) -> pd.DataFrame:
    column, until, _ = _METRICS[metric]
    own = ours[column].astype("float64")
    difference = theirs - own
    checks = [
        (own.isna() & ours[STATISTICS].isna(), "your conversation has no statistics"),
        (own.isna(), "no value in your conversations"),
        (theirs.isna(), "no number in the export"),
        (difference.abs() <= (tolerance if until else 0), "equal"),
    ]
    if until is not None:
        checks += list(_definitions(ours, own, theirs, until, tolerance))
    reason = np.select([c.to_numpy() for c, _ in checks], [text for _, text in checks], "unknown")
    return pd.DataFrame(
        {
            "metric": metric,
            "ours": own,
            "theirs": theirs,
            "difference": difference,
            "reason": pd.Series(reason, index=own.index, dtype=object),
        }
    )


def _definitions(
    ours: pd.DataFrame, own: pd.Series, theirs: pd.Series, until: str, tolerance: float
) -> Iterator[tuple[pd.Series, str]]:
    """Yield which rows another definition of a duration explains, and its name."""
    end = ours[until]
    candidates = {
        "same definition": own,
        "all hours instead of office hours": _elapsed(ours[CONTACTED].fillna(ours[CREATED]), end),
        "all hours since the creation": _elapsed(ours[CREATED], end),
    }
    if until == "statistics.first_close_at":
        last, contacted = ours["statistics.last_close_at"], ours[CONTACTED].fillna(ours[CREATED])
        candidates["last close instead of the first"] = ours["statistics.time_to_last_close"]
        candidates["last close, all hours"] = _elapsed(contacted, last)
    for unit, seconds in _UNITS:
        for name, value in candidates.items():
            near = (theirs * seconds - value).abs() <= max(tolerance, seconds / 2)
            yield near, f"{name}{unit}"


def _elapsed(start: pd.Series, end: pd.Series) -> pd.Series:
    elapsed: pd.Series = (end - start).dt.total_seconds()
    return elapsed


def _absent(facts: Facts, ours: pd.DataFrame, known: pd.Series, exported: pd.Series) -> pd.Series:
    """Return why a conversation is on one side only; missing if it is on both."""
    reason = pd.Series(None, index=known.index, dtype=object)
    reason[~known] = "not in your conversations"
    silent = ours[CONTACTED].isna() & ours[STATISTICS].notna()
    reason[known & ~exported] = "not in the export"
    # https://developers.intercom.com/docs/references/2.16/rest-api/api.intercom.io/reporting-data-export
    reason[known & ~exported & silent] = (
        "not in the export: the customer did not reply (left out before API version 2.16)"
    )
    return reason
