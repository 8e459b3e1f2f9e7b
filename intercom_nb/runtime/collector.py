"""Python's garbage collector, which waits while many objects are made that are all kept."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused_gc() -> Iterator[None]:
    """Let the collector wait; then it runs, or does not run, as before.

    It runs after so many new objects, over all of the process too when they become many: 30 ms with
    pandas and Arrow loaded, in which a thousand records are read. The lists of a frame are many,
    and none of them can go before the frame does. What others leave meanwhile is found afterwards.
    """
    runs = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if runs:
            gc.enable()
