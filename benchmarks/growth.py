"""Cost of each job as the workspace grows, each in a fresh process.

``python -m benchmarks.growth JOB URL FOLDER`` does one job and prints what it took. The CPU is that
of the first call, all threads, after the imports; the peak is all resident memory, imports too.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Any

from . import usage
from .clients import TOKEN
from .loopback import Server

SIZES = (1_000, 10_000, 100_000, 1_000_000, 3_000_000)
FEW = (300, 3_000)
_KEPT = 20_000  # records that the server holds ready; it makes those of a larger workspace
_ALL_JOBS = 1_000_000  # up to so many records; of more, only the extraction is measured
_MERGED = 100  # one record in so many was updated since the extraction
_FRAME_BYTES = 15_000  # of memory that a record takes in a list, with its JSON
_SQL = """
select date_trunc('month', created_at) as month, state, count(*) as conversations,
    avg("statistics.time_to_admin_reply") as seconds
from conversations group by all order by all
"""


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a job took: seconds of time and of CPU, and bytes of memory."""

    job: str
    rows: int
    seconds: float
    cpu: float
    peak: int


def _connector(url: str) -> Any:
    from intercom_nb import IntercomAuthConfig, IntercomConnector

    return IntercomConnector(auth_config=IntercomAuthConfig(TOKEN), base_url=url)


def listed(url: str, folder: str) -> Callable[[], object]:
    """List all conversations into a DataFrame."""
    conversations = _connector(url).sync.conversations
    return lambda: conversations.list(limit=None, progress=False)


def searched(url: str, folder: str) -> Callable[[], object]:
    """Search all conversations into a DataFrame."""
    conversations = _connector(url).sync.conversations
    return lambda: conversations.search(created_at__gt=1, limit=None, progress=False)


def extracted(url: str, folder: str) -> Callable[[], object]:
    """Extract the workspace into a folder, or what was updated since it was extracted."""
    c = _connector(url)
    return lambda: c.sync.extract("conversations", folder, progress=False)


def queried(url: str, folder: str) -> Callable[[], object]:
    """Count and average by month and state in SQL."""
    from intercom_nb.dataset import Dataset

    ds = Dataset(folder)
    return lambda: ds.sql(_SQL)


def reported(url: str, folder: str) -> Callable[[], object]:
    """Write the report of a month."""
    from intercom_nb import report
    from intercom_nb.dataset import Dataset

    ds = Dataset(folder)
    return lambda: report(ds, "2025-08").html


JOBS = {
    "list": listed,
    "search": searched,
    "extract": extracted,
    f"merge 1/{_MERGED}": extracted,
    "SQL": queried,
    "report": reported,
}
_UPDATED = f"merge 1/{_MERGED}"


def costs(sizes: tuple[int, ...] = SIZES) -> Iterator[Cost]:
    """Measure each job at each size."""
    for rows in sizes:
        with tempfile.TemporaryDirectory() as folder:
            options = {"rows": rows, "kept": rows <= _KEPT}
            with Server("paged", **options) as server:
                for job in ("list", "search", "extract"):
                    if job == "extract" or (rows <= _ALL_JOBS and _fits(rows)):
                        yield _cost(job, rows, server.url, folder)
            if rows > _ALL_JOBS:
                continue
            with Server("paged", **options, touched=rows // _MERGED) as server:
                for job in (_UPDATED, "SQL", "report"):
                    yield _cost(job, rows, server.url, folder)


def _fits(rows: int) -> bool:
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return rows * _FRAME_BYTES < free


def _cost(job: str, rows: int, url: str, folder: str) -> Cost:
    command = [sys.executable, "-m", "benchmarks.growth", job, url, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{job}, {rows:,} rows: {done.stderr[-2000:]}")
    print(f"  {job}, {rows:,} rows", file=sys.stderr, flush=True)
    return Cost(job, rows, **json.loads(done.stdout.splitlines()[-1]))


def measure(job: str, url: str, folder: str) -> dict[str, Any]:
    """Do a job in this process and return what it took."""
    warnings.simplefilter("ignore")
    work = JOBS[job](url, folder)
    start, before = monotonic(), usage.cpu()
    result = work()  # kept until the peak is read
    took = {"seconds": monotonic() - start, "cpu": usage.cpu() - before, "peak": usage.peak()}
    del result
    return took


def table(found: Sequence[Cost]) -> str:
    """Lay out the costs as Markdown: CPU per record, memory and time of each size."""
    sizes = sorted({cost.rows for cost in found})
    lines = [
        f"| job | {' | '.join(f'{rows:,}' for rows in sizes)} |",
        f"| --- |{' --- |' * len(sizes)}",
    ]
    by = {(cost.job, cost.rows): cost for cost in found}
    for job in JOBS:
        cells = [_cell(by.get((job, rows)), rows) for rows in sizes]
        lines.append(f"| {job} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(cost: Cost | None, rows: int) -> str:
    if cost is None:
        return "" if rows > _ALL_JOBS else "too large for this machine's memory"
    each = cost.cpu / cost.rows * 1e6
    return f"{each:,.0f} us, {cost.peak / 1e6:,.0f} MB, {cost.seconds:,.1f} s"


if __name__ == "__main__":
    print(json.dumps(measure(*sys.argv[1:])))
