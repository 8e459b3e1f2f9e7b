"""Garbage collection paused while frames are built."""

from __future__ import annotations

import contextlib
import gc
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
