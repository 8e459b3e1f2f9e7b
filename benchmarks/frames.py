"""From the bytes of pages to a typed DataFrame: what each way costs beside ``orjson.loads``.

``python -m benchmarks.frames`` prints CPU a record (one thread, the garbage collector on) and its
ratio to ``orjson.loads`` of the same bytes in the same run, each the median of interleaved rounds.
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
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
from intercom_nb.transport.wire import Response

from .records import Record, Templates

ROWS = 3_000
PER_PAGE = 150
_ROUNDS = 7
_BYTES = {"conversations": 3_300, "contacts": 2_400}
_KEYS = {"conversations": "conversations", "contacts": "data"}
_WORDS = ("the board", "our cards", "again", "after a reload", "where do I change", "what it does")

Way = Callable[[], object]


def page_bytes(entity: str, rows: int = ROWS) -> list[bytes]:
    """Give pages of the demo's records, with ids of their own and as large as real ones are."""
    rng = random.Random(7)
    key = _KEYS[entity]
    found = itertools.cycle(Templates().search(entity, 600))
    records = [_serialised(_real(entity, next(found), n, rng)) for n in range(rows)]
    return [
        b'{"type":"list","%b":[%b],"total_count":%d,"pages":{"type":"pages"%b}}'
        % (key.encode(), b",".join(records[start : start + PER_PAGE]), rows, _next(start, rows))
        for start in range(0, rows, PER_PAGE)
    ]


def _real(entity: str, template: Record, number: int, rng: random.Random) -> Record:
    record: Record = json.loads(_serialised(template))
    record["id"] = f"{number:018}"
    attributes = record["custom_attributes"]
    for place in range(8):
        value = (rng.choice(_WORDS), rng.randrange(10_000), rng.random() < 0.5)[place % 3]
        attributes[f"attribute {place}"] = value if rng.random() < 0.8 else None
    missing = _BYTES[entity] - len(_serialised(record))
    words = itertools.islice(iter(lambda: rng.choice(_WORDS), ""), max(0, missing // 4))
    text = " ".join(words)[: max(0, missing)]
    if entity == "conversations":
        record["source"]["body"] = f"{record['source']['body'] or ''}<p>{text}</p>"
    else:
        attributes["note"] = text
    return record


def _serialised(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _next(start: int, rows: int) -> bytes:
    after = start + PER_PAGE
    return b',"next":{"starting_after":"%d"}' % after if after < rows else b""


def ways(entity: str, pages: list[bytes]) -> dict[str, Way]:
    """Give what is compared, by name."""
    operation = catalog.operation(entity, "list")
    columns = catalog.record_columns(operation.record)
    key = _KEYS[entity]

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

    def lines() -> pa.Buffer:
        return pa.py_buffer(b"\n".join(itertools.chain.from_iterable(cut())))

    def read(schema: pa.Schema | None) -> pa.Table:
        return pyarrow.json.read_json(
            lines(),
            read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=1 << 24),
            parse_options=pyarrow.json.ParseOptions(explicit_schema=schema),
        )

    schema = read(None).schema

    def arrow() -> pd.DataFrame:
        table = read(schema)
        while any(pa.types.is_struct(field.type) for field in table.schema):
            table = table.flatten()
        return table.to_pandas(use_threads=False)

    return {
        "orjson.loads, all kept": lambda: [orjson.loads(page) for page in pages],
        "orjson.loads, one page kept": lambda: [len(orjson.loads(page)) for page in pages],
        "pages cut into raw records": lambda: list(cut()),
        "intercom_nb: typed DataFrame": ours,
        "intercom_nb by dicts": generic,
        "pyarrow.json, untyped, 2 passes before": arrow,
        "orjson + json_normalize, untyped": normalized,
        "intercom_nb: c.list() from HTTP bytes": _client(entity, pages),
    }


def _client(entity: str, pages: list[bytes]) -> Way:
    """Give the whole path, with a transport that has the pages ready."""

    def answer(request: httpx.Request) -> httpx.Response:
        start = int(request.url.params.get("starting_after", 0))
        headers = {"content-type": "application/json"}
        return httpx.Response(200, headers=headers, content=pages[start // PER_PAGE])

    c = IntercomConnector(
        auth_config=IntercomAuthConfig("of-no-workspace"),
        base_url="https://bench.invalid",
        http=httpx.MockTransport(answer),
    )
    listed: Any = getattr(c.sync, entity).list
    return lambda: listed(limit=None, progress=False)


def measured(entity: str) -> dict[str, float]:
    """Give the CPU of each way, in microseconds a record."""
    took: dict[str, list[float]] = {}
    compared = ways(entity, page_bytes(entity))
    for _ in range(_ROUNDS + 1):
        for name, way in compared.items():
            began = time.process_time()
            result = way()
            took.setdefault(name, []).append((time.process_time() - began) / ROWS * 1e6)
            del result
    # The first round learns what the records look like.
    return {name: statistics.median(times[1:]) for name, times in took.items()}


def run() -> list[tuple[str, str, float, float]]:
    """Print the table, and give its lines: entity, way, microseconds a record, ratio."""
    lines = []
    for entity in _KEYS:
        found = measured(entity)
        floor = found["orjson.loads, all kept"]
        lines += [(entity, name, cpu, cpu / floor) for name, cpu in found.items()]
    print(f"\nCPU a record, {ROWS:,} records in pages of {PER_PAGE}, beside orjson.loads:")
    for entity, name, cpu, ratio in lines:
        print(f"{entity:14} {name:40} {cpu:7.1f} us {ratio:6.2f}x")
    return lines


if __name__ == "__main__":
    run()
