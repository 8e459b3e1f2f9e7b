"""Work for a few threads, and how many bytes of rows are held until it is done."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

_MOST_THREADS = 4


class Backlog:
    """Does work on threads of its own; the end of the ``with`` block drops what is not begun."""

    def __init__(self) -> None:
        # Arrow encodes and compresses without Python's lock.
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="intercom-nb-merge")
        self._jobs: collections.deque[tuple[list[Future[None]], int]] = collections.deque()
        self._bytes = 0

    def __enter__(self) -> Backlog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, works: Sequence[Callable[[], None]], size: int) -> None:
        """Have some works done soon; together they hold so many bytes until all are done."""
        self._jobs.append(([self._pool.submit(work) for work in works], size))
        self._bytes += size

    def wait(self) -> None:
        """Wait until all is done; raises the first error of any work."""
        while self._jobs:
            self._take()

    def shrink(self, size: int) -> None:
        """Wait until no more than so many bytes are held; raises as ``wait`` does."""
        while self._jobs and self._bytes > size:
            self._take()

    def _take(self) -> None:
        jobs, size = self._jobs.popleft()
        for job in jobs:
            job.result()
        self._bytes -= size
