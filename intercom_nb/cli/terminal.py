"""Text that is safe to print in a terminal."""

from __future__ import annotations

import re

# Everything that can move the cursor, set a title or reorder text: C0 and C1 control characters
# except tab and newline, and the bidirectional overrides of Unicode Standard Annex 9.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: object) -> str:
    r"""Return text with terminal control characters replaced by visible escapes.

    Names and messages come from customers, who can put escape sequences into them.

    >>> print(printable("Ada\x1b[31m"))
    Ada\x1b[31m
    """
    return _UNSAFE.sub(lambda match: repr(match[0])[1:-1], str(text))
