"""Numbers, durations and dates as people write them."""

from __future__ import annotations

import math
import re
from html import escape

import pandas as pd

_NAME, _TERM = re.compile("``(.+?)``"), re.compile(r"\*(\w+)\*")
KINDS = {"tags": "tag", "topics": "topic"}
"""Dimensions of lists, and what one of their values is."""

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def duration(seconds: float) -> str:
    """Return a number of seconds in its two largest units.

    >>> duration(5_400), duration(45), duration(59.5), duration(100_000)
    ('1 h 30 min', '45 s', '1 min', '1 d 4 h')
    """
    if math.isnan(seconds):
        return "–"
    if round(abs(seconds)) < 60:
        return f"{seconds:.0f} s"
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    unit = next(i for i, (_, size) in enumerate(_UNITS) if left >= size)
    # Rounded to the smaller of the two units first, so that 59.9 minutes become one hour.
    smaller = _UNITS[min(unit + 1, 2)][1]
    left = round(left / smaller) * smaller
    unit = next(i for i, (_, size) in enumerate(_UNITS) if left >= size)
    name, size = _UNITS[unit]
    whole, rest = divmod(int(left), size)
    text = f"{sign}{whole} {name}"
    if name in {"d", "h"}:
        next_name, next_size = _UNITS[unit + 1]
        if rest >= next_size:
            text += f" {rest // next_size} {next_name}"
    return text


def percent(share: float) -> str:
    """Return a share as a percentage; with one decimal below 1 % and above 99 %.

    >>> percent(0.1234), percent(0.004), percent(0.996)
    ('12%', '0.4%', '99.6%')
    """
    if math.isnan(share):
        return "–"
    value = share * 100
    return f"{value:.1f}%" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f}%"


def points(difference: float) -> str:
    """Return a difference of two shares in percentage points.

    >>> points(-0.21), points(0.01)
    ('-21 points', '+1 point')
    """
    value = round(difference * 100)
    return f"{value:+d} point{'' if abs(value) == 1 else 's'}"


def number(value: float) -> str:
    """Return a count with separators.

    >>> number(1234567.0)
    '1,234,567'
    """
    return "–" if math.isnan(value) else f"{value:,.0f}"


def plural(count: float, noun: str, several: str | None = None) -> str:
    """Return a count with its noun.

    >>> plural(1, "conversation"), plural(2_000, "conversation"), plural(2, "reply", "replies")
    ('1 conversation', '2,000 conversations', '2 replies')
    """
    return f"{count:,.0f} {noun if count == 1 else several or noun + 's'}"


def day(date: pd.Timestamp) -> str:
    """Return a date.

    >>> day(pd.Timestamp("2026-06-08"))
    '8 Jun 2026'
    """
    return f"{date.day} {date:%b %Y}"


def minute(instant: pd.Timestamp, zone: str) -> str:
    """Return an instant on the clock of a zone.

    >>> minute(pd.Timestamp("2026-10-30 23:51Z"), "UTC")
    'Fri 30 Oct 2026, 23:51'
    """
    local = instant.tz_convert(zone)
    return f"{local:%a} {day(local)}, {local:%H:%M}"


def when(date: pd.Timestamp, unit: str) -> str:
    """Return the day, week or month that starts on a date, with its preposition.

    >>> when(pd.Timestamp("2026-06-01"), "month"), when(pd.Timestamp("2026-06-08"), "week")
    ('in Jun 2026', 'in the week of 8 Jun 2026')
    """
    if unit == "month":
        return f"in {date:%b %Y}"
    return f"in the week of {day(date)}" if unit == "week" else f"on {day(date)}"


def median_of(unit: str) -> str:
    """Return the median step of time, with its preposition.

    >>> median_of("day"), median_of("week")
    ('on a median day', 'in a median week')
    """
    return f"{'on' if unit == 'day' else 'in'} a median {unit}"


def definition(documentation: str) -> str:
    r"""Return the definition in the documentation of a metric, as one line.

    >>> definition("Count.\n\nDefinition: all rows\nof the frame.\n\nArgs: ...")
    'Definition: all rows of the frame.'
    """
    paragraphs = documentation.split("\n\n")
    chosen = next((p for p in paragraphs if p.startswith("Definition:")), paragraphs[0])
    return " ".join(chosen.split())


def plain_text(markup: str) -> str:
    """Return text without the markup of names and terms.

    >>> plain_text("``a * b`` is *met*")
    'a * b is met'
    """
    return _TERM.sub(r"\1", markup.replace("``", ""))


def html_text(markup: str) -> str:
    """Return text as HTML, with names as code and terms in italics.

    >>> html_text("``a < b`` is *met*")
    '<code>a &lt; b</code> is <em>met</em>'
    """
    return _TERM.sub(r"<em>\1</em>", _NAME.sub(r"<code>\1</code>", escape(markup)))


def change(row: pd.Series) -> str:
    """Return one row of ``movers`` as text.

    >>> row = {"dimension": "tags", "name": "vip", "measure": "csat", "before": 0.8, "after": 0.9}
    >>> change(pd.Series(row))
    'CSAT of tag vip up from 80% to 90%'
    """
    dimension, before, after = row["dimension"], row["before"], row["after"]
    name = f"{KINDS.get(dimension, dimension)} {row['name']}"
    way = "up" if after > before else "down" if after < before else "unchanged,"
    if row["measure"] == "conversations":
        rates = " to ".join(_rates(before, after))
        return f"{name[0].upper()}{name[1:]} {way} from {rates} a day"
    if row["measure"] == "median_first_reply":
        return f"Median first reply of {name} {way} from {duration(before)} to {duration(after)}"
    return f"CSAT of {name} {way} from {percent(before)} to {percent(after)}"


def _rates(before: float, after: float) -> list[str]:
    """Write two rates a day: in a year, a few conversations are less than 0.1."""
    texts: list[str] = []
    for digits in range(1, 5):
        texts = [f"{rate:.{digits}f}" for rate in (before, after)]
        shows_both = all(float(t) or not r for t, r in zip(texts, (before, after), strict=True))
        if shows_both and (before == after or texts[0] != texts[1]):
            break
    return texts
