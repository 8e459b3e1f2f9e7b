"""Output of commands: text that is safe in a terminal, and data as UTF-8."""

from __future__ import annotations

import io
import os
import re
import sys

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


def escape_unencodable() -> None:
    """Make stdout escape what its encoding lacks, as stderr does: a name must not end a run."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # not a notebook's
        sys.stdout.reconfigure(errors="backslashreplace")


def write_data(text: str) -> None:
    """Write CSV or JSON to stdout as UTF-8, whatever the encoding of the terminal."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(text)


def drop_unwritable() -> None:
    """Flush stdout, or drop what cannot be written: Python would try again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
