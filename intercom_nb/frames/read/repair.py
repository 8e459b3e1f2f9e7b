"""Repair of JSON that no decoder accepts: halves of surrogate pairs, numbers out of range, NaN."""

from __future__ import annotations

import re

import msgspec

# Each escape of a JSON text: a whole pair of surrogates, half of one, or any other.
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u([dD][89a-fA-F][\da-fA-F]{2})|.)",
    re.DOTALL,
)
# Each text (the last may be cut), and each number that may be out of range: with an exponent, of
# very many digits (the most that Python reads are 4,300), or one of the three that JSON lacks.
_TOKENS = re.compile(
    rb'"[^"\\]*(?:\\.[^"\\]*)*"?|-?\d[\d.]*[eE][+-]?\d+|-?\d[\d.]{300,}|NaN|-?Infinity', re.DOTALL
)


def repair_json(content: bytes) -> tuple[bytes, int]:
    r"""Return JSON that can be decoded, and how many halves of surrogate pairs were replaced.

    Such a half becomes U+FFFD. A number that cannot be read becomes text, so that it is an odd
    value of its column and not of the whole page.

    >>> repair_json(rb'["\ud83d", 1e999, 2]')
    (b'["\\ufffd", "1e999", 2]', 1)
    """
    count = 0

    def replaced(escape: re.Match[bytes]) -> bytes:
        nonlocal count
        if escape[1] is None:
            return escape[0]
        count += 1
        return rb"\ufffd"

    def repaired(token: re.Match[bytes]) -> bytes:
        text = token[0]
        if text.startswith(b'"'):
            return _ESCAPES.sub(replaced, text)
        return text if _is_number(text) else b'"%b"' % text

    return _TOKENS.sub(repaired, content), count


def _is_number(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True
