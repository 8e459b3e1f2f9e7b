"""Garbage collection paused while frames are built; free memory returned to the system."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys
import threading
from collections.abc import Iterator


class _Pauses:
    """Open blocks of ``paused_gc`` in all threads, and the state of the collector before them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._was_enabled = False

    def begin(self) -> None:
        with self._lock:
            if not self._open:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._open += 1

    def end(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open and self._was_enabled:
                gc.enable()


_pauses = _Pauses()


@contextlib.contextmanager
def paused_gc() -> Iterator[None]:
    """Pause the garbage collector inside the block; the last block of all threads restores it.

    Building a frame allocates many lists that all stay alive, so a collection finds nothing. With
    pandas and Arrow loaded, one full collection takes 30 ms, in which a thousand records are read.
    """
    _pauses.begin()
    try:
        yield
    finally:
        _pauses.end()


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
