"""Initial columns of a table, and their widths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .... import catalog
from ....frames.cells import cell_text, column_kind
from .display import is_seconds, linked_entity, noun

_MOST = 12  # columns: 1,800 px at their usual widths, and a window has 1,300
_LOOKED_AT = 60  # rows: those that the table pulls first
_CHARACTER = 7.4  # px; in JupyterLab's 13 px font, half of the cells have 7.1 px a character
_PADDING = 26  # px
_NAMES = 150  # px of a column whose ids are shown as names


def first_columns(frame: pd.DataFrame, entity: str) -> list[str]:
    """Choose the initial columns: the known ones, else the first ones with values.

    Without rows, all known columns are chosen.
    """
    filled = [str(name) for name in frame if not len(frame) or _has_values(frame[name])]
    data = catalog.entities().get(entity)
    known = [name for name in (data.first_columns if data else ()) if name in filled]
    if known and len(known) >= min(4, len(filled)):
        return known
    plain = [n for n in filled if n != "type" and not n.endswith((".type", ".url", ".has_more"))]
    return sorted(plain, key=lambda n: n == "id")[:_MOST] or [str(n) for n in frame][:_MOST]


def describe_columns(frame: pd.DataFrame, entity: str) -> list[dict[str, Any]]:
    """Describe every column for the table: name, label, kind, dtype, width in px, has values.

    ``duration`` is whether its numbers are shown as lengths of time.
    The label of a column of Intercom's is what people call it; other frames keep their names.
    """
    is_known = entity in catalog.entities()
    described = []
    for name in map(str, frame):
        label, kind = noun(name) if is_known else name, column_kind(frame[name])
        described.append(
            {
                "name": name,
                "label": label[:1].upper() + label[1:] if is_known else name,
                "kind": kind,
                "duration": kind == "number" and is_seconds(name),
                "dtype": str(frame[name].dtype),
                "width": max(_width(label, frame[name]), _NAMES if linked_entity(name) else 0),
                "filled": _has_values(frame[name]),
            }
        )
    return described


def _has_values(series: pd.Series[Any]) -> bool:
    if series.dtype == object:
        return any(cell_text(value) for value in series.array)
    return bool(series.notna().any())


def _width(label: str, series: pd.Series[Any]) -> int:
    longest = _usual_length([cell_text(v) or "" for v in series.array[:_LOOKED_AT]])
    wanted = max(longest, min(len(label) + 3, 28)) * _CHARACTER + _PADDING
    return int(min(max(wanted, 72), 300))


def _usual_length(texts: Sequence[str]) -> int:
    """Return the 90th percentile of the texts' lengths."""
    lengths = sorted(map(len, texts))
    return lengths[int(len(lengths) * 0.9)] if lengths else 0
