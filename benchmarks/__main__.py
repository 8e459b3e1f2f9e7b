"""``make bench``: cost of each job, compared with other clients and with the lower bound of any.

Every job is a process of its own against a server in a process of its own on this machine. CPU is
that of the job's process (user and system), without its imports and a first small job; the peak is
all of its memory. Ratios are of one run, and the only thing to compare between machines.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import platform
import sys
from collections.abc import Iterator, Sequence

from . import imports
from .floors import PER_PAGE
from .job import Line, run
from .load import ceiling
from .loopback import Server
from .table import busiest, growth, table

_FAR = 0.25


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How many conversations each job has, and by what factor others are larger.

    The SDK gets one conversation after another, so that far away it gets fewer.
    """

    rows: int = 2_000
    parts: int = 200
    far_parts: int = 2_000
    many_far_parts: int = 6_000
    sdk_far_parts: int = 60
    growth: int = 10


TINY = Sizes(rows=300, parts=20, far_parts=20, many_far_parts=30, sdk_far_parts=10, growth=2)


def decoded(sizes: Sizes) -> Iterator[Line]:
    """Measure what decoding takes by itself."""
    for task, rows in (
        ("decode", sizes.rows),
        ("decode", sizes.rows * sizes.growth),
        ("decode parts", sizes.parts),
        ("decode parts", sizes.parts * sizes.growth),
    ):
        with Server("paged", rows=rows, limit=None) as server:
            for who in ("orjson", "orjson, gc off"):
                yield run(server.url, task, who, rows, 0.0)


def near(sizes: Sizes) -> Iterator[Line]:
    """Measure without latency: what it costs."""
    with Server("paged", rows=sizes.rows) as server:
        for task, who in (
            *(("list", who) for who in ("intercom_nb", "plain", "sdk", "sdk async")),
            *(("search", who) for who in ("intercom_nb", "sdk", "sdk async")),
            *(("extract", who) for who in ("intercom_nb", "plain")),
        ):
            yield run(server.url, task, who, sizes.rows, 0.0)
    with Server("paged", rows=sizes.parts) as server:
        for who in ("intercom_nb", "sdk", "sdk async"):
            yield run(server.url, "extract parts", who, sizes.parts, 0.0)


def far(sizes: Sizes, latency: float) -> Iterator[Line]:
    """Measure with latency and the rate window: how long it takes."""
    with Server("paged", rows=sizes.rows, latency=latency) as server:
        for task, who in (
            *(("list", who) for who in ("intercom_nb", "plain", "sdk", "sdk async")),
            *(("search", who) for who in ("intercom_nb", "sdk", "sdk async")),
        ):
            yield run(server.url, task, who, sizes.rows, latency)
    rows = sizes.rows * sizes.growth
    with Server("paged", rows=rows, latency=latency) as server:
        for who in ("intercom_nb", "plain"):
            yield run(server.url, "extract", who, rows, latency)
    for who, rows in (
        ("intercom_nb", sizes.many_far_parts),
        ("intercom_nb", sizes.far_parts),
        ("intercom_nb", sizes.parts),
        ("sdk", sizes.sdk_far_parts),
        ("sdk async", sizes.parts),
    ):
        with Server("paged", rows=rows, latency=latency) as server:  # a rate window of its own
            yield run(server.url, "extract parts", who, rows, latency)


def grown(sizes: Sizes) -> Iterator[Line]:
    """Measure with more rows: what each of them costs then."""
    for task, rows in (
        ("list", sizes.rows),
        ("extract", sizes.rows),
        ("extract parts", sizes.parts),
    ):
        with Server("paged", rows=rows * sizes.growth) as server:
            yield run(server.url, task, "intercom_nb", rows * sizes.growth, 0.0)


def measure(sizes: Sizes, latency: float = _FAR) -> list[Line]:
    """Measure everything, print it, and give the lines of the table."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, "
          f"{platform.system()}; load before: {load}")  # fmt: skip
    with Server("paged", rows=sizes.rows, limit=None) as server:
        page = ceiling(server.url, f"/conversations?per_page={PER_PAGE}")
        one = ceiling(server.url, f"/conversations/{10**9}")
    print(f"the server's own ceiling: {page:,.0f} pages of {PER_PAGE}, or {one:,.0f} "
          "conversations, a second")  # fmt: skip
    lines = [*decoded(sizes), *near(sizes), *far(sizes, latency), *grown(sizes)]
    share, busy = busiest(lines, page, one)
    print(f"at most {share:.0%} of which a job asked for ({busy.task}, {busy.who})")
    print(table(lines))
    print("\n".join(growth(lines)))
    for said in imports.lines():
        print(said)
    from . import frames  # only now: a process is as large as the one that starts it (usage.peak)

    frames.run()
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run from a shell."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few rows, to see that it works")
    args = parser.parse_args(argv)
    measure(TINY if args.tiny else Sizes(), 0.02 if args.tiny else _FAR)
    return 0


if __name__ == "__main__":
    sys.exit(main())
