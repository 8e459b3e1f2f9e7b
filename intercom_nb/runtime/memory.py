"""Garbage collection paused while frames are built; free memory returned to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import threading
from collections.abc import Iterator

_lock = threading.Lock()
_open: list[bool] = []
"""For each open block of ``paused_gc``, of all threads: whether the collector ran before them."""


@contextlib.contextmanager
def paused_gc() -> Iterator[None]:
    """Pause the garbage collector inside the block; the last block of all threads restores it.

    Building a frame allocates many lists that all stay alive, so a collection finds nothing. With
    pandas and Arrow loaded, one full collection takes 30 ms, in which a thousand records are read.
    """
    with _lock:
        _open.append(gc.isenabled() or any(_open))
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            if _open.pop() and not _open:
                gc.enable()


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
