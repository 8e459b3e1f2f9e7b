"""Protection against spreadsheet formulas in text that customers chose."""

from __future__ import annotations

import re

# A spreadsheet takes text that starts with one of these for a formula, and customers choose their
# own names. Source: OWASP, "CSV Injection".
# Some ignore characters before the sign: control characters, blanks, byte order marks.
_FORMULA = re.compile(
    r"[\t\r\n]|[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
)
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_PHONE = re.compile(r"\+\d[\d ]*")


def defused(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe precedes what starts a formula.

    >>> defused("=1+1"), defused("+353 87 1234567")
    ("'=1+1", '+353 87 1234567')
    """
    # A bare carriage return would start a row of its own in a CSV file.
    text = encodable(text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if not _FORMULA.match(text) or _PHONE.fullmatch(text) else f"'{text}"


def encodable(text: str) -> str:
    """Return text that a file can hold: U+FFFD replaces each half of a surrogate pair."""
    return _HALF_PAIR.sub("\ufffd", text)
