"""One job in a process of its own: ``python -m benchmarks.job CLIENT TASK URL ROWS``.

Prints JSON: rows, the seconds, CPU seconds and peak memory of the job alone; and the CPU of the
first small one, which is apart like what importing took. A job that is done in a moment is done
again, and the mean told: Python's collector runs in one of several.
"""

from __future__ import annotations

import dataclasses
import json
import statistics
import subprocess
import sys
import time
import warnings
from typing import Any

from . import floors, usage
from .clients import CLIENTS

_LEAST = 1.0  # seconds
_MOST_ROUNDS = 10


@dataclasses.dataclass(frozen=True)
class Line:
    """What a job took; seconds, and bytes of memory."""

    task: str
    who: str
    latency: float
    rows: int
    seconds: float
    cpu: float
    peak: int
    first: float = 0.0
    """The CPU of a small job before."""

    @property
    def floor(self) -> float:
        """The seconds that latency and rate take by themselves, 0 where they are not felt."""
        return floors.seconds(self.task, self.rows, self.latency)


def run(url: str, task: str, who: str, rows: int, latency: float, timeout: float = 240) -> Line:
    """Run one job in a process."""
    command = [sys.executable, "-m", "benchmarks.job", who, task, url, str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode:
        raise RuntimeError(f"{who} {task}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if told["rows"] != rows:
        raise RuntimeError(f"{who} {task}: {told['rows']} rows, not {rows}")
    print(f"  {who}: {task}, {rows:,} rows, {latency * 1000:.0f} ms", file=sys.stderr, flush=True)
    return Line(task, who, latency, **told)


def measure(client: str, task: str, url: str, rows: int) -> dict[str, Any]:
    """Do a job in this process and say what it took."""
    warnings.simplefilter("ignore")  # the SDK's models disagree with what they are given
    job = CLIENTS[client](url, task, rows)
    imported = usage.cpu()
    job.first()
    first = usage.cpu() - imported
    if floors.requests(task, rows) > floors.LIMIT:
        time.sleep(-time.time() % floors.WINDOW)  # to have the same windows each time
    seconds: list[float] = []
    cpu: list[float] = []
    while not seconds or (sum(seconds) < _LEAST and len(seconds) < _MOST_ROUNDS):
        result = None  # what is kept of the round before must not count in this one
        start, before = time.monotonic(), usage.cpu()
        result = job.whole()
        seconds.append(time.monotonic() - start)
        cpu.append(usage.cpu() - before)
    peak = usage.peak()
    return {
        "rows": job.count(result),
        "seconds": statistics.fmean(seconds),
        "cpu": statistics.fmean(cpu),
        "peak": peak,
        "first": first,
    }


if __name__ == "__main__":
    name, asked, address, count = sys.argv[1:]
    print(json.dumps(measure(name, asked, address, int(count))))
