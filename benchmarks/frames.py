"""From the pages of a list to a DataFrame: what each way costs, first call and later calls apart.

Each way runs in fresh processes, by turns with the others and with nothing warmed up but its
imports. CPU is that of all threads, with the garbage collector on. Halves of surrogate pairs are
left out of the odd pages, since only this package reads them.
"""

from __future__ import annotations

import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from . import usage
from .frame_pages import KEYS, KINDS, PER_PAGE, ROWS
from .loopback import Server

PASSES = 5
_LATER = 4  # calls after the first one
_TOKEN = "a-token-for-the-measurement"  # noqa: S105 - of no workspace
_LOADS = "orjson.loads, all kept"
_FRAME = "intercom_nb, bytes to frame"
_LIST = "intercom_nb, c.list() over HTTP"
_PLAIN = "httpx + orjson + json_normalize"

Way = Callable[[], object]


def loads(entity: str, pages: list[bytes], url: str) -> Way:
    """Parse the pages and keep everything: the floor of whatever builds Python objects."""
    import orjson

    return lambda: [orjson.loads(page) for page in pages]


def frame(entity: str, pages: list[bytes], url: str) -> Way:
    """Build a typed DataFrame of the bytes."""
    from intercom_nb import catalog
    from intercom_nb.executors.pagination import read_page
    from intercom_nb.frames import Records, frame_of
    from intercom_nb.transport.protocol import Response

    operation = catalog.operation(entity, "list")
    columns = catalog.record_columns(operation.record)

    def run() -> object:
        records = Records(columns)
        for page in pages:
            records.add(read_page(operation, {}, Response(200, {}, page)).records)
        return frame_of(records, entity)

    return run


def listed(entity: str, pages: list[bytes], url: str) -> Way:
    """Call ``list`` of a connector."""
    from intercom_nb import IntercomAuthConfig, IntercomConnector

    c = IntercomConnector(auth_config=IntercomAuthConfig(_TOKEN), base_url=url)
    method: Any = getattr(c.sync, entity).list
    return lambda: method(limit=None, progress=False)


def plain(entity: str, pages: list[bytes], url: str) -> Way:
    """Write it by hand with httpx, orjson and pandas."""
    import orjson
    import pandas as pd

    def run() -> object:
        bodies = _bodies(entity, url)
        return pd.json_normalize([r for body in bodies for r in orjson.loads(body)[KEYS[entity]]])

    return run


def with_polars(entity: str, pages: list[bytes], url: str) -> Way:
    """Write it by hand with httpx and Polars, whose reader takes the whole body."""
    import polars as pl

    def run() -> object:
        bodies = list(_bodies(entity, url))
        found = [pl.read_json(body, infer_schema_length=None) for body in bodies]
        key = KEYS[entity]
        tables = [page.select(pl.col(key).explode()).unnest(key) for page in found]
        return pl.concat(tables, how="diagonal_relaxed").to_pandas()

    return run


def with_duckdb(entity: str, pages: list[bytes], url: str) -> Way:
    """Write it by hand with httpx and DuckDB, which reads files."""
    import duckdb

    def run() -> object:
        with tempfile.TemporaryDirectory() as folder:
            for number, body in enumerate(_bodies(entity, url)):
                pathlib.Path(folder, f"{number:04}.json").write_bytes(body)
            pages_sql = (
                f"read_json('{folder}/*.json', union_by_name=true, maximum_object_size=100000000)"
            )
            rows = f"select unnest({KEYS[entity]}) as r from {pages_sql}"  # noqa: S608
            sql = f"select unnest(r, recursive := true) from ({rows})"  # noqa: S608
            return duckdb.sql(sql).df()

    return run


def sdk(entity: str, pages: list[bytes], url: str) -> Way:
    """Follow the pager of the official SDK and normalize its objects."""
    import pandas as pd
    from intercom import Intercom

    client = Intercom(token=_TOKEN, base_url=url)
    pager: Any = getattr(client, entity).list
    return lambda: pd.json_normalize([each.dict() for each in pager(per_page=PER_PAGE)])


def _bodies(entity: str, url: str) -> Iterator[bytes]:
    import httpx
    import orjson

    after: str | None = "0"
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {_TOKEN}"}) as client:
        while after is not None:
            params = {"per_page": PER_PAGE, "starting_after": after}
            body = client.get(f"/{entity}", params=params).content
            yield body
            # The cursor stands at the end of the page: no need to parse all of it.
            end = orjson.loads(b"{" + body[body.rindex(b'"pages":') :])
            after = end["pages"].get("next", {}).get("starting_after")


WAYS: dict[str, Callable[[str, list[bytes], str], Way]] = {
    _LOADS: loads,
    _FRAME: frame,
    _LIST: listed,
    _PLAIN: plain,
    "httpx + Polars": with_polars,
    "httpx + DuckDB": with_duckdb,
    "python-intercom + json_normalize": sdk,
}
_SLOW = {"python-intercom + json_normalize"}  # one pass, one call


def measure(entity: str, way: str, folder: str, url: str) -> None:
    """Print the CPU of the first call and of later ones in us a record, or what they raise."""
    warnings.simplefilter("ignore")
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())]
    run = WAYS[way](entity, pages, url)
    took = []
    try:
        for _ in range(1 if way in _SLOW else 1 + _LATER):
            before = usage.cpu()
            result = run()
            took.append((usage.cpu() - before) / ROWS * 1e6)
            del result
    except Exception as error:  # noqa: BLE001 - a way that cannot read the pages is a result
        text = str(error).splitlines()[0].split(",")[0]
        print(json.dumps(f"{type(error).__name__}: {text}"[:70]))
        return
    print(json.dumps([took[0], statistics.median(took[1:] or took)]))


Found = dict[str, list[tuple[float, float]] | str]


def measured(entity: str, kind: str, passes: int) -> Found:
    """Return the first and later CPU of each way, one pair a pass; or why it fails."""
    found: Found = {}
    with tempfile.TemporaryDirectory() as folder:
        _python("benchmarks.frame_pages", entity, kind, folder)
        with Server("page_files", folder=folder) as server:
            for number in range(passes):
                for way in WAYS:
                    before = found.get(way, [])
                    if isinstance(before, str) or (number and way in _SLOW):
                        continue
                    out = json.loads(_python("benchmarks.frames", entity, way, folder, server.url))
                    found[way] = out if isinstance(out, str) else [*before, (out[0], out[1])]
            print(f"  {entity}, {kind} pages", file=sys.stderr, flush=True)
    return found


def _python(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def report(passes: int = PASSES) -> str:
    """Measure everything; return the tables as Markdown."""
    lines = [
        f"CPU in us a record, {ROWS:,} records in pages of {PER_PAGE}: medians of {passes} runs by "
        "turns; in brackets the smallest and largest ratio of one turn.",
        "",
        "| pages | way | first call | later calls | first / loads | later / loads |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    found = {(entity, kind): measured(entity, kind, passes) for entity in KEYS for kind in KINDS}
    for (entity, kind), ways in found.items():
        lines += [_row(f"{entity}, {kind}", way, took, ways[_LOADS]) for way, took in ways.items()]
    lines += ["", "| ratio | conversations | contacts |", "| --- | --- | --- |"]
    for name, ratio in _RATIOS.items():
        cells = [ratio({kind: found[entity, kind] for kind in KINDS}) for entity in KEYS]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _row(pages: str, way: str, took: Any, floor: Any) -> str:
    if isinstance(took, str):
        return f"| {pages} | {way} | fails: `{took}` | | | |"
    cells = [f"{statistics.median(each):,.0f}" for each in zip(*took, strict=True)]
    cells += [spread(took, floor, call) for call in (0, 1)]
    return f"| {pages} | {way} | {' | '.join(cells)} |"


def spread(took: Any, other: Any, call: int) -> str:
    """Return the median ratio of two ways and its range, of first calls (0) or later ones (1)."""
    if isinstance(took, str) or isinstance(other, str):
        return "fails"
    pairs = zip(took, other, strict=False)
    ratios = [mine[call] / theirs[call] for mine, theirs in pairs]
    low, high = min(ratios), max(ratios)
    return f"{statistics.median(ratios):.2f} ({low:.2f} to {high:.2f})"


_Kinds = dict[str, Found]
_RATIOS: dict[str, Callable[[_Kinds], str]] = {
    "first `c.list()` / first httpx + orjson + json_normalize, clean": lambda of: spread(
        of["clean"][_LIST], of["clean"][_PLAIN], 0
    ),
    "the same, odd pages": lambda of: spread(of["odd"][_LIST], of["odd"][_PLAIN], 0),
    "bytes to frame, first call: odd / clean pages": lambda of: spread(
        of["odd"][_FRAME], of["clean"][_FRAME], 0
    ),
    "bytes to frame, later calls: odd / clean pages": lambda of: spread(
        of["odd"][_FRAME], of["clean"][_FRAME], 1
    ),
}


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        measure(*sys.argv[1:])
