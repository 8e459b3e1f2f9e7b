"""The rate limiter against a simulated server: the share of the allowed rate, and the refusals."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from intercom_nb import catalog
from intercom_nb.executors.factory import Options, hosted_executor
from intercom_nb.models import AirbyteAuthConfig
from intercom_nb.transport.protocol import RateLimit
from intercom_nb.transport.rate_limiter import RateLimiter
from tests.transport.virtual import EPOCH, Server, VirtualLoop, run

pytestmark = pytest.mark.slow


def work_through(seconds: float, server_options: dict, others: float = 0.0, tasks: int = 400):
    """Keep many tasks busy for so long; return (server, limiter, share of the rate, loop).

    With ``others`` requests a second of another client, the second is what it saw of them.
    """

    async def work(loop: VirtualLoop):
        server = Server(loop.clock, **server_options)
        rate_limiter = RateLimiter(clock=loop.clock)
        seen: list[float] = []

        async def worker() -> None:
            while loop.time() < seconds:
                await server.call(rate_limiter)

        async def somebody_else() -> None:
            while loop.time() < seconds:
                server.take()
                await asyncio.sleep(1 / others)
            seen.append(rate_limiter.state.others)

        jobs = [worker() for _ in range(tasks)] + ([somebody_else()] if others else [])
        await asyncio.gather(*jobs)
        return server, seen or rate_limiter, server.share(), loop

    return run(work)


@pytest.mark.parametrize("latency", [0.002, 0.25, 0.8])
def test_requests_approach_the_limit_when_many_tasks_are_busy(latency):
    server, _, share, loop = work_through(32, {"latency": latency})
    print(f"latency {latency:.3f} s: {share:.1%} of the allowed rate, {server.refused} refused")
    assert share >= 0.9
    assert server.refused == 0
    # Nobody is awake without a reason: a few turns of the loop for each request.
    assert loop.virtual.turns < 12 * server.served
    assert server.most_at_once <= 160


def test_request_in_flight_is_counted_once_when_responses_take_long():
    # What the server has counted already is missing from ``remaining``: a third of the 130 in
    # flight. Subtracted again, 4% of the rate are left unused.
    server, _, share, _ = work_through(32, {"latency": 0.8})
    assert share >= 0.975
    assert server.refused == 0


def test_concurrency_grows_when_latency_is_higher():
    near, near_limiter, *_ = work_through(12, {"latency": 0.005})
    far, far_limiter, *_ = work_through(12, {"latency": 0.5})
    assert near_limiter.concurrency == 8
    assert 0.5 * 166 <= far_limiter.concurrency <= 160
    assert near.most_at_once < far.most_at_once <= 160


def test_requests_are_spread_over_the_window_when_many_are_waiting():
    async def work(loop: VirtualLoop):
        server = Server(loop.clock, latency=0.05)
        rate_limiter = RateLimiter(clock=loop.clock)
        times = []

        async def worker() -> None:
            while loop.time() < 26.3:
                await server.call(rate_limiter)
                times.append(loop.time())

        await asyncio.gather(*(worker() for _ in range(100)))
        return times

    times = run(work)
    # The window from 6.3 to 16.3: each of its ten seconds has about a tenth of the calls.
    per_second = [sum(6.3 + i <= t < 7.3 + i for t in times) for i in range(10)]
    assert min(per_second) > 0.8 * 166
    assert max(per_second) < 1.5 * 166


def test_requests_are_not_delayed_when_there_are_few():
    async def work(loop: VirtualLoop):
        server, rate_limiter = Server(loop.clock), RateLimiter(clock=loop.clock)
        await asyncio.gather(*(server.call(rate_limiter) for _ in range(40)))
        return loop.time()

    assert run(work) < 0.4


@pytest.mark.parametrize("others", [15, 40, 70])
def test_rate_limiter_leaves_a_share_when_other_clients_send_requests(others):
    server, seen, share, _ = work_through(32, {"limit": 800}, others=others)
    total = share + others * 10 / server.limit
    refused = server.refused / (server.served + server.refused)
    print(f"others take {others}/s: we {share:.1%}, together {total:.1%}, {refused:.2%} refused")
    assert total >= 0.9
    assert refused < 0.01
    assert seen[-1] == pytest.approx(others, rel=0.5)


@pytest.mark.parametrize("ahead", [-7.3, -0.4, 2.0, 31.0])
def test_rate_limiter_corrects_clock_skew_when_responses_are_dated(ahead):
    server, _, share, _ = work_through(32, {"limit": 400, "ahead": ahead}, tasks=100)
    refused = server.refused / (server.served + server.refused)
    print(f"server's clock {ahead:+} s: {share:.1%} of the allowed rate, {refused:.2%} refused")
    assert share >= 0.9
    assert refused < 0.01


NO_HEADERS = {"headers": False, "dated": False}


@pytest.mark.parametrize(
    ("limit", "latency", "others"),
    [(200, 0.25, 0), (1666, 0.25, 0), (1666, 0.9, 0), (400, 0.1, 10)],
)
def test_rate_is_learned_from_refusals_when_there_are_no_headers(limit, latency, others):
    options = {"limit": limit, "latency": latency, **NO_HEADERS}
    server, _, share, _ = work_through(200 if limit < 1000 else 60, options, others, tasks=150)
    total = share + others * 10 / limit
    refused = server.refused / (server.served + server.refused)
    print(f"no headers, {limit} in 10 s: {total:.1%} of the allowed rate, {refused:.2%} refused")
    assert total >= 0.9
    assert refused < 0.01


def test_rate_recovers_when_a_refusal_had_another_cause():
    async def work(loop: VirtualLoop):
        server = Server(loop.clock, **NO_HEADERS)
        rate_limiter = RateLimiter(clock=loop.clock)
        await server.call(rate_limiter)
        server.window, server.used = int(server.now() // 10), server.limit  # spent by somebody else
        await server.call(rate_limiter)
        while not await server.call(rate_limiter):
            pass
        began = loop.time()
        await asyncio.gather(*(server.call(rate_limiter) for _ in range(400)))
        return server.refused, loop.time() - began

    refused, took = run(work)
    assert 1 < refused < 12  # asked once a second whether it goes again
    assert took < 60


def test_rate_stays_high_when_refusals_are_random():
    server, *_ = work_through(60, {"whims": 0.03, **NO_HEADERS}, tasks=40)
    print(f"3% refused for no reason: {server.served / 60:.1f} served a second")
    assert server.served > 60 * 4  # each costs a second in which nobody sends


@pytest.mark.parametrize("share", [0.01, 0.05])
def test_rate_limiter_loses_little_time_when_refusals_are_isolated(share):
    async def work(loop: VirtualLoop, whims: float):
        server = Server(loop.clock, whims=whims)
        rate_limiter = RateLimiter(clock=loop.clock)

        async def worker() -> None:
            while server.served < 1_500:
                await server.call(rate_limiter)

        await asyncio.gather(*(worker() for _ in range(60)))
        return loop.time(), server.refused

    (calm, _), (took, refused) = run(lambda v: work(v, 0.0)), run(lambda v: work(v, share))
    print(f"{refused} refusals for no reason: {took:.1f} s instead of {calm:.1f} s")
    assert refused > 1_500 * share / 2
    assert took <= 1.3 * calm


def test_rate_limiter_probes_with_one_request_when_a_refusal_had_no_headers():
    async def work(loop: VirtualLoop):
        server = Server(loop.clock, limit=100, **NO_HEADERS)
        rate_limiter = RateLimiter(clock=loop.clock)
        jobs = [asyncio.create_task(server.call(rate_limiter)) for _ in range(200)]
        at_once = []
        while not all(job.done() for job in jobs):
            await asyncio.sleep(0.05)
            if server.refused and not rate_limiter.state.in_flight > 1:
                at_once.append(server.at_once)
        return server, at_once

    server, at_once = run(work)
    assert server.served >= 100
    assert max(at_once) == 1


@pytest.mark.parametrize("told", [None, "2"])
def test_hosted_requests_approach_the_limit_when_the_service_reports_no_window(told):
    """The whole way of a hosted call, to a service that tells nothing of its window."""

    async def work(loop: VirtualLoop):
        server = Server(loop.clock, limit=200)

        async def answer(request: httpx.Request) -> httpx.Response:
            if not request.url.path.endswith("/execute"):
                return httpx.Response(200, json={"access_token": "a" * 20, "expires_in": 9e9})
            await asyncio.sleep(0.2)
            if server.take():
                server.count(served=True)
                await asyncio.sleep(0.2)
                return httpx.Response(200, json={"result": []})
            server.count(served=False)
            headers = {} if told is None else {"Retry-After": told}
            return httpx.Response(429, headers=headers, json={"detail": "busy"})

        auth = AirbyteAuthConfig("client", "secret", connector_id="c1")
        executor = hosted_executor(auth, Options(http=httpx.MockTransport(answer)))
        executor.service.api.rate_limiter = RateLimiter(clock=loop.clock)
        contacts = executor.adapt(catalog.operation("contacts", "list"))

        async def worker() -> None:
            while loop.time() < 100:
                await executor.page(contacts, {"per_page": 1})

        await asyncio.gather(*(worker() for _ in range(60)))
        return server

    server = run(work)
    refused = server.refused / (server.served + server.refused)
    print(f"hosted, Retry-After {told}: {server.share():.1%} of the rate, {refused:.2%} refused")
    assert server.share() >= 0.9
    assert refused < 0.01


def test_requests_wait_when_the_rate_limiter_is_paused():
    async def work(loop: VirtualLoop):
        rate_limiter = RateLimiter(clock=loop.clock)
        rate_limiter.pause(7.5)

        async def one() -> float:
            async with rate_limiter.acquire():
                return loop.time()

        return await asyncio.gather(*(one() for _ in range(50)))

    times = run(work)
    assert min(times) >= 7.5
    assert max(times) <= 7.7


def test_rate_limiter_ignores_a_reset_when_it_is_too_far_away():
    async def work(loop: VirtualLoop):
        rate_limiter = RateLimiter(clock=loop.clock)
        rate_limiter.observe(RateLimit(1666, 0, EPOCH + 86_400))
        async with rate_limiter.acquire():
            return loop.time()

    assert run(work) < 1


def test_queue_moves_on_when_a_waiting_request_is_cancelled():
    async def work(loop: VirtualLoop):
        rate_limiter = RateLimiter(clock=loop.clock, concurrency=1)
        order = []

        async def one(name: str) -> None:
            async with rate_limiter.acquire():
                order.append(name)
                await asyncio.sleep(1)

        tasks = [asyncio.create_task(one(name)) for name in "abc"]
        await asyncio.sleep(0.5)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return order, rate_limiter.in_flight

    assert run(work) == (["a", "c"], 0)


def test_rate_limiter_keeps_the_least_remaining_when_responses_are_out_of_order():
    async def work(loop: VirtualLoop):
        rate_limiter = RateLimiter(clock=loop.clock)
        reset = EPOCH + 6.3
        for remaining in (500, 300, 480):
            rate_limiter.observe(RateLimit(1666, remaining, reset))
        rate_limiter.observe(RateLimit(1666, 9, reset - 10))
        return rate_limiter.rate

    assert run(work).remaining == 300


def test_state_has_the_window_and_the_counts_when_requests_were_sent():
    server, rate_limiter, *_ = work_through(12, {"latency": 0.1})
    state = rate_limiter.state
    assert state.limit == 1666
    assert state.allowed == pytest.approx(166.6)
    assert state.sent == server.served
    assert state.refused == 0
    assert state.waited > 0
    assert state.latency == pytest.approx(0.1, rel=0.3)
    assert 0 <= state.resets_in <= 10
