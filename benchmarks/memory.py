"""How much memory an extraction takes as rows grow: ``python -m benchmarks.memory [ROWS ...]``.

Each number of conversations is extracted to Parquet by a process of its own, which makes the pages
itself as they are asked for, so its CPU is not the extraction's alone. The peak is all the resident
memory that the process ever had, imports included.
"""

from __future__ import annotations

import array
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from typing import Any

import httpx

from .loopback import Call
from .paged import NEWEST, Workspace, _filled, _serialised
from .records import Templates

SIZES = (200_000, 1_000_000)
_SECONDS = 2 * 365 * 86_400
_TEMPLATES = 300
_PEAK_UNIT = 2**20 if sys.platform == "darwin" else 1024  # of a MB


class _Records:
    """Records that are made when they are asked for."""

    def __init__(self, templates: list[bytes], times: array.array[int]) -> None:
        self._templates = templates
        self._times = times

    def __getitem__(self, which: slice) -> list[bytes]:
        return [
            _filled(self._templates[number % len(self._templates)], number, self._times[number])
            for number in range(len(self._times))[which]
        ]


class _Endless(Workspace):
    """So many conversations, none of them kept."""

    def __init__(self, rows: int) -> None:
        rng = random.Random(5)
        seconds = sorted(rng.randrange(NEWEST - _SECONDS, NEWEST) for _ in range(rows))
        self.times: Any = array.array("q", seconds)
        found = Templates().search("conversations", _TEMPLATES)
        self._records: Any = _Records([_serialised(record) for record in found], self.times)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of the client."""
        call = Call(request.method, request.url.path, dict(request.url.params), request.content)
        headers = {"content-type": "application/json"}
        return httpx.Response(200, headers=headers, content=self._answer(call))


def extract(rows: int) -> dict[str, float]:
    """Extract so many conversations in this process; gives seconds, CPU and the peak."""
    from intercom_nb import IntercomConnector
    from intercom_nb.models import IntercomAuthConfig

    workspace = _Endless(rows)
    c = IntercomConnector(
        auth_config=IntercomAuthConfig("of-no-workspace"),
        base_url="https://bench.invalid",
        http=httpx.MockTransport(workspace.answer),
    )
    began, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as to:
        ds = c.sync.extract("conversations", f"{to}/ds", until=NEWEST + 1, progress=False)
        took, cpu = time.monotonic() - began, time.process_time() - cpu
        [(found,)] = ds.sql("select count(distinct id) from conversations").to_numpy()
    if found != rows:
        raise RuntimeError(f"{found} rows, not {rows}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _PEAK_UNIT
    return {"seconds": took, "cpu": cpu, "peak": peak}


def main(sizes: list[int]) -> None:
    """Measure each size and print it."""
    for rows in sizes:
        command = [sys.executable, "-m", "benchmarks.memory", "--one", str(rows)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=3_000, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        found = json.loads(done.stdout.splitlines()[-1])
        print(
            f"{rows:>9,} conversations: peak {found['peak']:,.0f} MB resident, "
            f"{found['seconds']:,.0f} s, {found['cpu'] / rows * 1e6:,.0f} us CPU each "
            "(pages made included)",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(extract(int(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or list(SIZES))
