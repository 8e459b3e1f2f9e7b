"""Memory that is free and still ours: given back to the operating system."""

from __future__ import annotations

import ctypes
import sys


def release_free_memory() -> None:
    """Give back what is free, where the C library would keep it (glibc).

    After a million small objects of several threads it keeps more than is ever in use at once.
    It takes some milliseconds.
    """
    if sys.platform == "linux":
        # Other C libraries, like that of Alpine, have no such call.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
