"""Memory of an extraction by number of rows: ``python -m benchmarks.memory [ROWS ...]``.

Each number of conversations is extracted to Parquet by a process of its own, from a server in
another one. The peak is all the resident memory that the process had until the dataset was
complete, imports included.
"""

from __future__ import annotations

import sys

from .job import run
from .loopback import Server

SIZES = (100_000, 300_000, 1_000_000)
_SECONDS = 3_000.0


def main(sizes: list[int]) -> None:
    """Measure each size and print it."""
    for rows in sizes:
        with Server("paged", rows=rows, kept=False) as server:
            line = run(server.url, "extract", "intercom_nb", rows, 0.0, _SECONDS)
        print(
            f"{rows:>9,} conversations: peak {line.peak / 1e6:,.0f} MB resident, "
            f"{line.seconds:,.0f} s, {line.cpu / rows * 1e6:,.0f} us CPU each",
            flush=True,
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
