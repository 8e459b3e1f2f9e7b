"""Numbers as people say them."""

from __future__ import annotations

import math

import pandas as pd

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def duration(seconds: float) -> str:
    """Say a number of seconds with its two largest units.

    >>> duration(5_400), duration(45), duration(100_000)
    ('1 h 30 min', '45 s', '1 d 4 h')
    """
    if math.isnan(seconds):
        return "unknown"
    if seconds < 60:
        return f"{seconds:.0f} s"
    sign, left = ("-", -seconds) if seconds < 0 else ("", seconds)
    place = next(i for i, (_, size) in enumerate(_UNITS) if left >= size)
    # Rounded to the smaller of the two units first, so that 59.9 minutes become one hour.
    smaller = _UNITS[min(place + 1, 2)][1]
    left = round(left / smaller) * smaller
    place = next(i for i, (_, size) in enumerate(_UNITS) if left >= size)
    name, size = _UNITS[place]
    whole, rest = divmod(int(left), size)
    text = f"{sign}{whole} {name}"
    if name in {"d", "h"}:
        next_name, next_size = _UNITS[place + 1]
        if rest >= next_size:
            text += f" {rest // next_size} {next_name}"
    return text


def percent(share: float) -> str:
    """Say a share as a percentage.

    >>> percent(0.1234), percent(0.004)
    ('12%', '0.4%')
    """
    if math.isnan(share):
        return "unknown"
    value = share * 100
    return f"{value:.1f}%" if 0 < value < 1 else f"{value:.0f}%"


def number(value: float) -> str:
    """Say a count.

    >>> number(1234567.0)
    '1,234,567'
    """
    return f"{value:,.0f}"


def plural(count: int, noun: str) -> str:
    """Say how many of something there are.

    >>> plural(1, "conversation"), plural(2_000, "conversation")
    ('1 conversation', '2,000 conversations')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def day(date: pd.Timestamp) -> str:
    """Say a date.

    >>> day(pd.Timestamp("2026-06-08"))
    '8 Jun 2026'
    """
    return f"{date.day} {date:%b %Y}"


def when(date: pd.Timestamp, unit: str) -> str:
    """Say in which day, week or month, by its first day.

    >>> when(pd.Timestamp("2026-06-01"), "month"), when(pd.Timestamp("2026-06-08"), "week")
    ('in Jun 2026', 'in the week of 8 Jun 2026')
    """
    if unit == "month":
        return f"in {date:%b %Y}"
    return f"in the week of {day(date)}" if unit == "week" else f"on {day(date)}"


def change(row: pd.Series) -> str:
    """Say one row of ``movers``.

    >>> change(pd.Series({"name": "Billing", "measure": "csat", "before": 0.8, "after": 0.9}))
    'CSAT of Billing: 80% to 90%'
    """
    name, before, after = row["name"], row["before"], row["after"]
    if row["measure"] == "conversations":
        return f"{name}: {before:.1f} to {after:.1f} conversations a day"
    if row["measure"] == "median_first_reply":
        return f"Median first reply of {name}: {duration(before)} to {duration(after)}"
    return f"CSAT of {name}: {percent(before)} to {percent(after)}"
