"""Thread pools where threads can start; elsewhere (Pyodide) an executor without threads."""

from __future__ import annotations

import concurrent.futures

from .inline_loop import InlineExecutor
from .portal import can_start_threads


def thread_pool(threads: int, name: str) -> concurrent.futures.Executor:
    """Return a pool of threads, or an InlineExecutor where threads cannot start."""
    if can_start_threads():
        return concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix=name)
    return InlineExecutor()
