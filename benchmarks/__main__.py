"""``make bench``: one table of what things cost, beside other clients and what bounds them all.

Every job is a process of its own against a server in a process of its own on this machine. CPU is
that of the job's process (user and system) and without its imports; the peak is all of its memory.
Ratios are of one run, and the only thing to compare between machines.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from . import imports
from .clients import PER_PAGE
from .load import ceiling
from .loopback import Server

_RATE = 1_666 / 10  # requests a second, of Intercom's window
_FAR = 0.25


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How many conversations each job has; the SDK's are fewer, since it takes its time."""

    rows: int = 1_500
    sdk: int = 300
    parts: int = 300
    sdk_parts: int = 60
    far_parts: int = 2_000
    growth: int = 10


TINY = Sizes(rows=300, sdk=150, parts=20, sdk_parts=10, far_parts=20, growth=2)


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of the table; ``floor`` is the time that latency or rate take by themselves."""

    task: str
    who: str
    latency: float
    rows: int
    seconds: float
    cpu: float
    peak: int
    floor: float = 0.0
    requests: int = 0


def job(url: str, task: str, who: str, rows: int, latency: float) -> Line:
    """Run one job in a process."""
    command = [sys.executable, "-m", "benchmarks.clients", who, task, url, str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        raise RuntimeError(f"{who} {task}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if told["rows"] != rows:
        raise RuntimeError(f"{who} {task}: {told['rows']} rows, not {rows}")
    print(f"  {who}: {task}, {rows:,} rows, {latency * 1000:.0f} ms", file=sys.stderr, flush=True)
    floor = _floor(task, rows, latency) if task != "decoded" else 0.0
    return Line(task, who, latency, rows, told["seconds"], told["cpu"], told["peak"], floor)


def _floor(task: str, rows: int, latency: float) -> float:
    """Give the seconds below which nobody gets: pages one after another, or the rate."""
    pages = -(-rows // PER_PAGE)
    if task in {"list", "search"}:
        return pages * latency
    requests = pages + (rows if task == "extract parts" else 0)
    return max(requests / _RATE, 2 * latency)


def near(sizes: Sizes) -> Iterator[Line]:
    """Measure without latency: what it costs."""
    with Server("paged", rows=sizes.rows, limit=None) as server:
        page = ceiling(server.url, f"/conversations?per_page={PER_PAGE}")
        one = ceiling(server.url, f"/conversations/{10**9}")
        print(f"the server's own ceiling: {page:,.0f} pages of {PER_PAGE}, or {one:,.0f} "
              "conversations, a second")  # fmt: skip
    with Server("paged", rows=sizes.rows) as server:
        yield job(server.url, "decoded", "plain", sizes.rows, 0.0)
        yield job(server.url, "list", "plain", sizes.rows, 0.0)
        for task in ("list", "search", "extract"):
            yield job(server.url, task, "intercom_nb", sizes.rows, 0.0)
        for task, who in (("list", "sdk"), ("list", "sdk async"), ("search", "sdk")):
            yield job(server.url, task, who, sizes.sdk, 0.0)
    with Server("paged", rows=sizes.parts) as server:
        yield job(server.url, "extract parts", "intercom_nb", sizes.parts, 0.0)
        for who in ("sdk", "sdk async"):
            yield job(server.url, "extract parts", who, sizes.sdk_parts, 0.0)


def far(sizes: Sizes, latency: float) -> Iterator[Line]:
    """Measure with latency and the rate window: how long it takes."""
    with Server("paged", rows=sizes.rows, latency=latency) as server:
        yield job(server.url, "list", "plain", sizes.rows, latency)
        for task in ("list", "search"):
            yield job(server.url, task, "intercom_nb", sizes.rows, latency)
        for task, who in (("list", "sdk"), ("list", "sdk async"), ("search", "sdk")):
            yield job(server.url, task, who, sizes.sdk, latency)
    with Server("paged", rows=sizes.rows * sizes.growth, latency=latency) as server:
        yield job(server.url, "extract", "intercom_nb", sizes.rows * sizes.growth, latency)
    with Server("paged", rows=sizes.far_parts, latency=latency) as server:
        yield job(server.url, "extract parts", "intercom_nb", sizes.far_parts, latency)
    with Server("paged", rows=sizes.sdk_parts, latency=latency) as server:  # a window of its own
        for who in ("sdk", "sdk async"):
            yield job(server.url, "extract parts", who, sizes.sdk_parts, latency)


def grown(sizes: Sizes) -> Iterator[Line]:
    """Measure with more rows: what each of them costs then."""
    rows = sizes.rows * sizes.growth
    with Server("paged", rows=rows) as server:
        for task in ("list", "extract"):
            yield job(server.url, task, "intercom_nb", rows, 0.0)


def table(lines: Sequence[Line]) -> str:
    """Lay out the lines as text, with ratios to our own CPU, to decoding's, and to the floor."""
    decoded = next(line.cpu / line.rows for line in lines if line.task == "decoded")
    own = {(x.task, x.latency): x.cpu / x.rows for x in reversed(lines) if x.who == "intercom_nb"}
    heads = ("task", "who", "ms", "rows", "s", "CPU s", "us/row", "MB", "x orjson", "x ours",
             "floor s", "x floor")  # fmt: skip
    shown = [heads]
    for x in lines:
        each, ours = x.cpu / x.rows, own.get((x.task, x.latency))
        shown.append((
            x.task, x.who, f"{x.latency * 1000:.0f}", f"{x.rows:,}", f"{x.seconds:.2f}",
            f"{x.cpu:.2f}", f"{each * 1e6:,.0f}", f"{x.peak / 1e6:.0f}", f"{each / decoded:.1f}",
            f"{each / ours:.1f}" if ours else "", f"{x.floor:.2f}" if x.floor else "",
            f"{x.seconds / x.floor:.2f}" if x.floor else "",
        ))  # fmt: skip
    widths = [max(len(row[i]) for row in shown) for i in range(len(heads))]
    out = []
    for row in shown:
        cells = [c.rjust(w) for c, w in zip(row[2:], widths[2:], strict=True)]
        names = [c.ljust(w) for c, w in zip(row[:2], widths[:2], strict=True)]
        out.append("  ".join([*names, *cells]).rstrip())
    return "\n".join([out[0], "-" * max(map(len, out)), *out[1:]])


def growth(lines: Sequence[Line]) -> Iterator[str]:
    """Say how the cost of a row and the memory change with more rows."""
    for more in [x for x in lines if x.who == "intercom_nb" and not x.latency]:
        less = next(x for x in lines if (x.who, x.task, x.latency) == (more.who, more.task, 0.0))
        if less.rows < more.rows:
            times = more.rows / less.rows
            cost = (more.cpu / more.rows) / (less.cpu / less.rows)
            yield (
                f"{more.task}: with {times:.0f} times the rows, a row costs {cost:.2f} times the "
                f"CPU; peak {less.peak / 1e6:.0f} -> {more.peak / 1e6:.0f} MB"
            )


def run(sizes: Sizes, latency: float = _FAR) -> list[Line]:
    """Measure everything, print it, and give the lines of the table."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, "
          f"{platform.system()}; load before: {load}")  # fmt: skip
    lines = [*near(sizes), *far(sizes, latency), *grown(sizes)]
    print(table(lines))
    print("\n".join(growth(lines)))
    for said in imports.lines():
        print(said)
    if importlib.util.find_spec("benchmarks.frames"):
        from . import frames

        frames.run()
    return lines


def main(argv: Sequence[str] | None = None) -> int:
    """Run from a shell."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--tiny", action="store_true", help="few rows, to see that it works")
    args = parser.parse_args(argv)
    run(TINY if args.tiny else Sizes(), 0.02 if args.tiny else _FAR)
    return 0


if __name__ == "__main__":
    sys.exit(main())
