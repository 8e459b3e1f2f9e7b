"""Free memory returned to the operating system."""

from __future__ import annotations

import ctypes
import sys


def release_free_memory() -> None:
    """Return free memory to the operating system where the C library would keep it (glibc).

    After a million small objects from several threads, glibc keeps more than was ever in use at
    once. The call takes a few milliseconds.
    """
    if sys.platform == "linux":
        # Other C libraries, such as Alpine's, lack malloc_trim.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
