"""Queue of write jobs for a few threads, bounded by the bytes that wait."""

from __future__ import annotations

import collections
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from ...runtime.thread_pools import thread_pool

_MAX_THREADS = 4


class WriteQueue:
    """Runs jobs on its own threads; leaving the ``with`` block drops jobs that have not started."""

    def __init__(self) -> None:
        # Arrow encodes and compresses without Python's lock.
        threads = min(_MAX_THREADS, os.cpu_count() or 1)
        self._pool = thread_pool(threads, "intercom-nb-merge")
        self._jobs: collections.deque[tuple[list[Future[None]], int]] = collections.deque()
        self._bytes = 0

    def __enter__(self) -> WriteQueue:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, jobs: Sequence[Callable[[], None]], size: int) -> None:
        """Start jobs that together hold ``size`` bytes until all of them are done."""
        self._jobs.append(([self._pool.submit(job) for job in jobs], size))
        self._bytes += size

    def wait(self) -> None:
        """Wait until all jobs are done; raises the first error of a job."""
        while self._jobs:
            self._wait_for_oldest()

    def shrink(self, size: int) -> None:
        """Wait until at most ``size`` bytes are held; raises as ``wait`` does."""
        while self._jobs and self._bytes > size:
            self._wait_for_oldest()

    def _wait_for_oldest(self) -> None:
        futures, size = self._jobs.popleft()
        for future in futures:
            future.result()
        self._bytes -= size
