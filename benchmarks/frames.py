"""From the bytes of pages to a typed DataFrame: what each way costs beside ``orjson.loads``.

``python -m benchmarks.frames`` prints CPU a record (one thread, the garbage collector on) and its
ratio to ``orjson.loads`` of the same bytes in the same run. Each way runs in processes of its own,
by turns: what others left to Python's collector would otherwise be counted here.
"""

from __future__ import annotations

import functools
import gc
import itertools
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.json

from intercom_nb import IntercomConnector, catalog
from intercom_nb.executors.direct import read_page
from intercom_nb.frames import Records, build_frame, frame_of
from intercom_nb.models import IntercomAuthConfig
from intercom_nb.transport.protocol import Response

from .frame_pages import KEYS, PER_PAGE, ROWS

_PASSES = 3
_ROUNDS = 10
_FLOOR = "orjson.loads, all kept"
_OURS = "intercom_nb: typed DataFrame"
_NO_COLLECTOR = ", no collector"

Way = Callable[[], object]


def ways(entity: str, pages: list[bytes]) -> dict[str, Way]:
    """Return the ways to compare, by name."""
    operation = catalog.operation(entity, "list")
    columns = catalog.record_columns(operation.record)
    key = KEYS[entity]

    def cut() -> Iterator[list[msgspec.Raw]]:
        for page in pages:
            yield read_page(operation, {}, Response(200, {}, page)).records

    def ours() -> pd.DataFrame:
        records = Records(columns)
        for raws in cut():
            records.add(raws)
        return frame_of(records, entity)

    def generic() -> pd.DataFrame:
        rows = [msgspec.json.decode(raw) for raws in cut() for raw in raws]
        return build_frame(rows, columns, entity)

    def normalized() -> pd.DataFrame:
        return pd.json_normalize([row for page in pages for row in orjson.loads(page)[key]])

    return {
        _FLOOR: lambda: [orjson.loads(page) for page in pages],
        "orjson.loads, one page kept": lambda: [len(orjson.loads(page)) for page in pages],
        "pages cut into raw records": lambda: list(cut()),
        _OURS: ours,
        "intercom_nb by dicts": generic,
        "pyarrow.json, untyped, 2 passes before": _arrow_reader(cut),
        "orjson + json_normalize, untyped": normalized,
        "intercom_nb: c.list() from HTTP bytes": _client(entity, pages),
    }


def _arrow_reader(cut: Callable[[], Iterator[list[msgspec.Raw]]]) -> Way:
    """Return Arrow's reader of JSON lines, with the schema of a pass before."""

    def read(schema: pa.Schema | None) -> pa.Table:
        return pyarrow.json.read_json(
            pa.py_buffer(b"\n".join(itertools.chain.from_iterable(cut()))),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=1 << 24),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=schema),
        )

    @functools.cache
    def schema() -> pa.Schema:
        return read(None).schema

    def arrow() -> pd.DataFrame:
        table = read(schema())
        while any(pa.types.is_struct(field.type) for field in table.schema):
            table = table.flatten()
        return table.to_pandas(use_threads=False)

    return arrow


def _client(entity: str, pages: list[bytes]) -> Way:
    """Return a whole list call, over a transport that has the pages ready."""

    def respond(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("starting_after", 0))
        headers = {"content-type": "application/json"}
        return httpx.Response(200, headers=headers, content=pages[start // PER_PAGE])

    c = IntercomConnector(
        auth_config=IntercomAuthConfig("of-no-workspace"),
        base_url="https://bench.invalid",
        http=httpx.MockTransport(respond),
    )
    listed: Any = getattr(c.sync, entity).list
    return lambda: listed(limit=None, progress=False)


def measure(entity: str, way: str, folder: str) -> None:
    """Print the CPU of one way, in microseconds a record: the mean of some rounds after a first.

    The mean, since the collector runs in one round of several.
    """
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())]
    if way.endswith(_NO_COLLECTOR):
        gc.disable()
    run = ways(entity, pages)[way.removesuffix(_NO_COLLECTOR)]
    took = []
    for _ in range(_ROUNDS + 1):
        began = time.process_time()
        result = run()
        took.append((time.process_time() - began) / ROWS * 1e6)
        del result
    print(statistics.fmean(took[1:]))


def measured(entity: str) -> dict[str, float]:
    """Return the CPU of each way in us per record, the median of some processes."""
    names = list(ways(entity, []))
    names += [f"{name}{_NO_COLLECTOR}" for name in (_FLOOR, _OURS)]
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        _python("benchmarks.frame_pages", entity, folder)
        for name in names * _PASSES:
            took.setdefault(name, []).append(
                float(_python("benchmarks.frames", entity, name, folder))
            )
    return {name: statistics.median(times) for name, times in took.items()}


def _python(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def run() -> list[tuple[str, str, float, float]]:
    """Print the table, and give its lines: entity, way, microseconds a record, ratio."""
    lines = []
    for entity in KEYS:
        found = measured(entity)
        lines += [(entity, name, cpu, cpu / found[_FLOOR]) for name, cpu in found.items()]
    print(f"\nCPU a record, {ROWS:,} records in pages of {PER_PAGE}, beside orjson.loads:")
    for entity, name, cpu, ratio in lines:
        print(f"{entity:14} {name:42} {cpu:7.1f} us {ratio:6.2f}x")
    return lines


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(*sys.argv[1:])
    else:
        run()
