"""Halves of surrogate pairs in JSON, which no decoder accepts."""

from __future__ import annotations

import re

# Each escape of a JSON text: a whole pair of surrogates, half of one, or any other.
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u([dD][89a-fA-F][\da-fA-F]{2})|.)",
    re.DOTALL,
)


def repair_surrogates(content: bytes) -> tuple[bytes, int]:
    """Replace each half of a surrogate pair by U+FFFD; return the text and their number."""
    count = 0

    def replaced(escape: re.Match[bytes]) -> bytes:
        nonlocal count
        if escape[1] is None:
            return escape[0]
        count += 1
        return rb"\ufffd"

    return _ESCAPES.sub(replaced, content), count
