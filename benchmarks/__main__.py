"""``make bench``: cost of each job, compared with other clients and with the lower bound of any.

Every job is a process of its own against a server in a process of its own on this machine. CPU is
that of the job's process (user and system), without its imports and a first small job; the peak is
all of its memory. Ratios are of one run, and the only thing to compare between machines.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from . import conditions, floors, guide, imports
from .floors import PER_PAGE
from .job import Line, run
from .load import ceiling
from .loopback import Server
from .table import busiest, growth, table


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How many conversations each job has, and by what factor others are larger.

    The SDK gets one conversation after another and ``plain`` one page, so that far away they get
    fewer.
    """

    rows: int = 2_000
    parts: int = 200
    far_parts: int = 2_000
    many_far_parts: int = 6_000
    sdk_far_parts: int = 60
    plain_far: int = 6_000
    growth: int = 10


TINY = Sizes(
    rows=300, parts=20, far_parts=20, many_far_parts=30, sdk_far_parts=10, plain_far=300, growth=2
)


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
    for who, rows in (("intercom_nb", sizes.rows * sizes.growth), ("plain", sizes.plain_far)):
        with Server("paged", rows=rows, latency=latency) as server:
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


def jobs(*, tiny: bool = False) -> str:
    """Measure the jobs; return the table and what to know about it."""
    sizes, latency = (TINY, 0.02) if tiny else (Sizes(), floors.FAR)
    with Server("paged", rows=sizes.rows, limit=None) as server:
        page = ceiling(server.url, f"/conversations?per_page={PER_PAGE}")
        one = ceiling(server.url, f"/conversations/{10**9}")
    lines = [*decoded(sizes), *near(sizes), *far(sizes, latency), *grown(sizes)]
    share, busy = busiest(lines, page, one)
    text = [
        guide.machine(),
        f"The server's maximum: {page:,.0f} pages of {PER_PAGE}, or {one:,.0f} conversations, a "
        f"second; a job used at most {share:.0%} of it ({busy.task}, {busy.who}).",
        "",
        *table(lines).splitlines(),
        "",
        *growth(lines),
    ]
    return "\n".join(["```text", *text, "```"])


def under_conditions(*, tiny: bool = False) -> str:
    """Measure extraction with failing requests, on one core and by aiohttp; return the tables."""
    return f"{guide.machine()}\n\n{conditions.report(tiny=tiny)}"


def from_bytes(*, tiny: bool = False) -> str:
    """Measure how pages become DataFrames; return the tables."""
    from . import frames  # only here: a process is as large as the one that starts it (usage.peak)

    return f"{guide.machine()} {frames.report(1, 2_000) if tiny else frames.report()}"


def started(*, tiny: bool = False) -> str:
    """Measure imports and first commands; return the table."""
    return f"{guide.machine()}\n\n{imports.table(3 if tiny else imports.ROUNDS)}"


def grown_by_size(*, tiny: bool = False) -> str:
    """Measure jobs at several sizes and draw the picture of the guide; return the table."""
    from . import curve, growth

    costs = list(growth.costs(growth.FEW if tiny else growth.SIZES))
    if not tiny:
        curve.draw(costs)
    return f"{guide.machine()}\n\n{growth.table(costs)}"


def explored(*, tiny: bool = False) -> str:
    """Measure the explorer in the kernel and in JupyterLab; return the table."""
    from . import explorer

    text = explorer.report(1, 2_000) if tiny else explorer.report()
    return f"{guide.machine()} {text}"


def limits(*, tiny: bool = False) -> str:
    """Return the least time that any client needs."""
    return floors.table()


PARTS: dict[str, Callable[..., str]] = {
    "limits": limits,
    "jobs": jobs,
    "conditions": under_conditions,
    "frames": from_bytes,
    "start": started,
    "growth": grown_by_size,
    "explorer": explored,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run from a shell."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    # A default of all parts would be checked against the choices, as a whole.
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all of them")
    parser.add_argument(
        "--tiny", "--quick", action="store_true", help="few rows, to check that it works"
    )
    parser.add_argument("--write", action="store_true", help="write the tables into the guide")
    args = parser.parse_args(argv)
    for name in args.parts or PARTS:
        start = time.monotonic()
        text = PARTS[name](tiny=args.tiny)
        if PARTS[name] is not limits:
            text += f"\n\nMeasured in {time.monotonic() - start:,.0f} s."
        print(f"{text}\n", flush=True)
        if args.write:
            guide.write(name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
