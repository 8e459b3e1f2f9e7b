"""Parallel coroutines: order, limit, first error."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from intercom_nb.errors import NotFoundError
from intercom_nb.runtime.concurrency import run_parallel


class Gauge:
    """Counts the coroutines that run at once and those that ended."""

    def __init__(self) -> None:
        self.running = self.most = self.cancelled = 0

    async def wait(self, result: int) -> int:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(10):
                await asyncio.sleep(0)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.running -= 1
        return result


async def fail() -> int:
    raise NotFoundError("gone", status=404)


@pytest.mark.parametrize(("limit", "most"), [(None, 6), (2, 2), (1, 1)])
def test_run_parallel_returns_results_in_order_when_limited(limit: int | None, most: int) -> None:
    gauge = Gauge()
    found = asyncio.run(run_parallel((gauge.wait(n) for n in range(6)), limit))
    assert found == list(range(6))
    assert gauge.most == most


@pytest.mark.parametrize("limit", [None, 2, 1])
def test_run_parallel_raises_the_error_itself_when_one_fails(limit: int | None) -> None:
    gauge = Gauge()
    work = [gauge.wait(1), fail(), gauge.wait(2), gauge.wait(3)]
    with pytest.raises(NotFoundError, match="gone"):
        asyncio.run(run_parallel(work, limit))
    assert [inspect.getcoroutinestate(each) for each in work] == [inspect.CORO_CLOSED] * 4
    assert gauge.running == 0


def test_run_parallel_cancels_the_rest_when_the_caller_is_cancelled() -> None:
    gauge = Gauge()

    async def main() -> None:
        task = asyncio.ensure_future(run_parallel([gauge.wait(1), gauge.wait(2)]))
        for _ in range(4):  # turns of the loop, until both run
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert (gauge.running, gauge.cancelled) == (0, 2)
