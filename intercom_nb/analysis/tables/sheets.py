"""Sheets of a workbook for the results of metrics."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...frames.workbook import Sheet
from .. import formatting
from ..units import units_of


def sheets_of(results: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """Return a sheet for each result, with its finding above, and one with the definitions."""
    sheets = [_sheet(name, frame) for name, frame in results.items()]
    texts = {
        frame.attrs["metric"]["metric"]: formatting.definition(frame.metric.definition)
        for frame in results.values()
    }
    definitions = pd.DataFrame({"metric": list(texts), "definition": list(texts.values())})
    return [*sheets, Sheet("Definitions", definitions)]


def _sheet(name: str, frame: pd.DataFrame) -> Sheet:
    about = frame.attrs["metric"]
    period = f"{about['period_text']}; " if about.get("period_text") else ""
    counts = ", ".join(f"{k.replace('_', ' ')} {v:,}" for k, v in about["counts"].items())
    lines = [about["finding"], f"{period}days and hours of {about['zone']}; {counts}"]
    units = units_of(frame, str(about["metric"]))
    return Sheet(name, frame, [*lines, *about.get("notes", [])], units, about["zone"])
