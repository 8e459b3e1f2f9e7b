"""Excel workbook: one sheet per table, with local times, durations, percentages and styles."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from ..errors import ConfigurationError, InvalidParameterError
from .cells import cell_text, column_kind, flat_table, is_missing
from .formulas import defused

# Limits of Excel: rows below the heading of a sheet, characters in a cell.
_ROWS = 1_048_575
_CHARACTERS = 32_767
# Excel counts days from 1900 and keeps 15 digits of a number.
_FIRST, _LAST = pd.Timestamp(1900, 3, 1), pd.Timestamp(9999, 12, 31)
_LARGEST = 10**15
_WIDEST = 60  # characters
_TIME, _DAY, _DURATION, _SHARE = "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "[h]:mm:ss", "0.0%"
_SECONDS_A_DAY = 86_400


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A table of a workbook; the index of its frame, if it has a meaning, comes first.

    ``lines`` stand above the table. ``units`` maps columns of numbers to ``"seconds"`` (shown as
    h:mm:ss) or ``"share"`` (shown as percent); times are shown in ``zone``, which their heading
    names.
    """

    name: str
    frame: pd.DataFrame
    lines: Sequence[str] = ()
    units: Mapping[str, str] = dataclasses.field(default_factory=dict)
    zone: str = "UTC"


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets to an Excel file. No text in it is a formula.

    Raises ConfigurationError without the extra ``excel``, or for more rows than Excel has, and
    InvalidParameterError for an invalid time zone.
    """
    for sheet in sheets:
        if len(sheet.frame) + len(sheet.lines) > _ROWS:
            raise ConfigurationError(
                f"An Excel sheet holds {_ROWS:,} rows; this has {len(sheet.frame):,}. Use CSV."
            )
    try:
        from openpyxl import Workbook
    except ImportError:
        raise ConfigurationError(
            "Excel files need the extra excel: pip install 'intercom-nb[excel]'."
        ) from None
    book = Workbook(write_only=True)
    names: set[str] = set()
    for sheet in sheets:
        _write(book, sheet, _unique(sheet.name, names))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(book: Any, sheet: Sheet, name: str) -> None:
    from openpyxl.utils import get_column_letter

    sheet = dataclasses.replace(sheet, frame=flat_table(sheet.frame))
    target = book.create_sheet(name)
    columns = [_column(sheet, position) for position in range(len(sheet.frame.columns))]
    for number, column in enumerate(columns, 1):
        target.column_dimensions[get_column_letter(number)].width = column.width
    top = len(sheet.lines) + bool(sheet.lines) + 1
    target.freeze_panes = f"A{top + 1}"
    if columns and len(sheet.frame):
        last = f"{get_column_letter(len(columns))}{top + len(sheet.frame)}"
        target.auto_filter.ref = f"A{top}:{last}"
    for line in sheet.lines:
        target.append([_styled(target, defused(_text(line)), bold=line is sheet.lines[0])])
    if sheet.lines:
        target.append([])
    target.append([_styled(target, column.heading, bold=True, filled=True) for column in columns])
    for row in zip(*(column.cells(target) for column in columns), strict=True):
        target.append(row)


@dataclasses.dataclass(frozen=True)
class _Column:
    """A column as Excel has it: its heading, its values, and how they are shown."""

    heading: str
    values: list[Any]
    format: str | None
    width: float

    def cells(self, target: Any) -> Iterator[Any]:
        """Yield the cells of the column."""
        from openpyxl.cell import WriteOnlyCell

        for value in self.values:
            if self.format is None or value is None or isinstance(value, str):
                yield value
                continue
            cell = WriteOnlyCell(target, value)
            cell.number_format = self.format
            yield cell


def _column(sheet: Sheet, position: int) -> _Column:
    series, name = sheet.frame.iloc[:, position], str(sheet.frame.columns[position])
    kind, unit = column_kind(series), sheet.units.get(name)
    shown: str | None = None
    values: list[Any]
    if kind == "time":
        series, shown, suffix = _local(series, sheet.zone)
        name += suffix
        values = [_moment(value) for value in series]
    elif pd.api.types.is_timedelta64_dtype(series.dtype) or unit == "seconds":
        seconds = series if kind == "number" and unit else series.dt.total_seconds()
        shown, name = _DURATION, f"{name} (h:mm:ss)"
        values = [None if is_missing(v) else float(v) / _SECONDS_A_DAY for v in seconds]
    else:
        shown = _SHARE if unit == "share" else None
        convert = {"number": _number, "flag": _flag}.get(kind, _safe_text)
        values = [convert(value) for value in series]
    heading = defused(_text(name))
    longest = max((len(_shown(v, shown)) for v in values[:200]), default=0)
    return _Column(heading, values, shown, min(max(longest, len(heading)) + 3, _WIDEST))


def _local(series: pd.Series[Any], zone: str) -> tuple[pd.Series[Any], str, str]:
    """Return times without a zone, how they are shown, and what their heading adds."""
    suffix = ""
    if getattr(series.dt, "tz", None) is not None:
        series, suffix = series.dt.tz_convert(_zone(zone)).dt.tz_localize(None), f" ({zone})"
    elif (series.dropna() == series.dropna().dt.normalize()).all():
        return series, _DAY, ""
    return series, _TIME, suffix


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):
        raise InvalidParameterError(
            f"{name!r} is not a valid time zone. Use a name such as 'Europe/Dublin' or 'UTC'."
        ) from None


def _moment(value: Any) -> dt.datetime | str | None:
    if is_missing(value):
        return None
    moment: dt.datetime | str = value.to_pydatetime()
    return moment if _FIRST <= value <= _LAST else str(value)


def _number(value: Any) -> float | str | None:
    if is_missing(value):
        return None
    plain: float = value.item() if hasattr(value, "item") else value
    return plain if abs(plain) < _LARGEST else str(plain)


def _flag(value: Any) -> bool | None:
    return None if is_missing(value) else bool(value)


def _safe_text(value: Any) -> str | None:
    text = cell_text(value)
    return None if text is None else defused(_text(text))


def _text(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[: _CHARACTERS - 1]


def _shown(value: Any, shown: str | None) -> str:
    if shown == _SHARE or value is None:
        return "100.0%"
    return "0000-00-00 00:00:00" if isinstance(value, dt.datetime) else str(value).split("\n")[0]


def _styled(target: Any, text: str, *, bold: bool, filled: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(target, text)
    cell.font = Font(bold=bold)
    if filled:
        cell.fill = PatternFill("solid", fgColor="E8ECF4")
    return cell


def _unique(name: str, taken: set[str]) -> str:
    """Return a name that Excel accepts and that no other sheet has."""
    base = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'")[:31] or "Sheet"
    for number in range(1, len(taken) + 2):
        found = base if number == 1 else f"{base[:26]} ({number})"
        if found.casefold() not in taken:
            break
    taken.add(found.casefold())
    return found
