"""Ways from the pages of a list to a DataFrame, each as someone who knows the library writes it.

Each function imports its libraries and returns the call to measure, which opens its client. A user
of Polars or DuckDB would type the columns from the API reference; here they come from the catalog,
before anything is measured.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from .frame_pages import KEYS, PER_PAGE

Way = Callable[[], object]
Tree = dict[str, Any]

_TOKEN = "a-token-for-the-measurement"  # noqa: S105 - of no workspace
_CATALOG = pathlib.Path(__file__).parents[1] / "intercom_nb" / "catalog" / "records.json"
_RECORDS = {"conversations": "conversation_list_item", "contacts": "contact"}
_ATTRIBUTES = "custom_attributes"


@dataclasses.dataclass(frozen=True)
class Source:
    """The pages of a list: their bytes, the server that sends them, the columns of their records.

    ``columns`` has the type of each declared column, in objects as the JSON has them.
    """

    entity: str
    pages: list[bytes]
    rows: int
    url: str
    columns: Tree


def source(entity: str, folder: str, url: str) -> Source:
    """Return the pages of a folder, which a server has too."""
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())]
    last = pages[-1]  # the count stands at its end
    rows = int(last[last.rindex(b'"total_count":') :].split(b":")[1].split(b",")[0])
    return Source(
        entity, pages, rows, url, _tree(json.loads(_CATALOG.read_text())[_RECORDS[entity]])
    )


def _tree(declared: dict[str, Any]) -> Tree:
    tree: Tree = {}
    for name, kind in declared.items():
        is_list = isinstance(kind, dict)
        *outer, last = (kind["list"] if is_list else name).split(".")
        node = tree
        for key in outer:
            node = node.setdefault(key, {})
        node[last] = "json" if is_list else kind
    del tree[_ATTRIBUTES]
    return tree


def _leaves(tree: Tree, *outer: str) -> Iterator[tuple[str, ...]]:
    for key, kind in tree.items():
        yield from _leaves(kind, *outer, key) if isinstance(kind, dict) else [(*outer, key)]


def loads(of: Source) -> Way:
    """Parse the pages and keep everything: the floor of whatever builds Python objects."""
    import orjson

    return lambda: [orjson.loads(page) for page in of.pages]


def frame(of: Source) -> Way:
    """Build a typed DataFrame of the bytes."""
    from intercom_nb import catalog
    from intercom_nb.executors.pagination import read_page
    from intercom_nb.frames import Records, frame_of
    from intercom_nb.transport.protocol import Response

    operation = catalog.operation(of.entity, "list")
    columns = catalog.record_columns(operation.record)

    def run() -> object:
        records = Records(columns)
        for page in of.pages:
            records.add(read_page(operation, {}, Response(200, {}, page)).records)
        return frame_of(records, of.entity)

    return run


def listed(of: Source) -> Way:
    """Call ``list`` of a connector."""
    from intercom_nb import IntercomAuthConfig, IntercomConnector

    c = IntercomConnector(auth_config=IntercomAuthConfig(_TOKEN), base_url=of.url)
    method: Any = getattr(c.sync, of.entity).list
    return lambda: method(limit=None, progress=False)


def with_pandas(of: Source) -> Way:
    """Use httpx, orjson and ``json_normalize``."""
    import orjson
    import pandas as pd

    bodies, key = _bodies(of), KEYS[of.entity]
    return lambda: pd.json_normalize([r for body in bodies() for r in orjson.loads(body)[key]])


def with_polars(of: Source) -> Way:
    """Use httpx and Polars: one record a line, its columns declared; attributes by msgspec."""
    import polars as pl
    import pyarrow.pandas_compat  # noqa: F401 - otherwise imported by the first conversion

    types = {"integer": pl.Int64, "number": pl.Float64, "time": pl.Float64, "boolean": pl.Boolean}

    def fields(tree: Tree) -> dict[str, Any]:
        return {
            key: pl.Struct(fields(kind)) if isinstance(kind, dict) else types.get(kind, pl.String)
            for key, kind in tree.items()
        }

    def column(outer: str, *keys: str) -> pl.Expr:
        found = pl.col(outer)
        for key in keys:
            found = found.struct.field(key)
        return found.alias(".".join((outer, *keys)))

    schema, columns = fields(of.columns), [column(*keys) for keys in _leaves(of.columns)]
    lines, with_attributes = _lines(of), _with_attributes()

    def run() -> object:
        records = lines()
        scanned = pl.scan_ndjson(b"\n".join(records), schema=schema, ignore_errors=True)
        found = scanned.select(columns).collect().to_pandas(use_pyarrow_extension_array=True)
        return with_attributes(found, records)

    return run


def with_duckdb(of: Source) -> Way:
    """Use httpx and DuckDB: one record a line, its columns declared; attributes by msgspec."""
    import duckdb
    import pandas as pd
    import pyarrow.pandas_compat  # noqa: F401 - otherwise imported by the first conversion

    types = {"integer": "bigint", "number": "double", "time": "double", "boolean": "boolean"}
    types |= {"id": "varchar", "string": "varchar"}

    def quoted(name: str) -> str:
        return f'"{name}"'

    def kind_of(kind: Any) -> str:
        if not isinstance(kind, dict):
            return types.get(kind, "json")
        inner = ", ".join(f"{quoted(key)} {kind_of(each)}" for key, each in kind.items())
        return f"struct({inner})"

    columns = ", ".join(f"{quoted(key)}: '{kind_of(kind)}'" for key, kind in of.columns.items())
    names = ", ".join(
        f"{'.'.join(map(quoted, keys))} as {quoted('.'.join(keys))}" for keys in _leaves(of.columns)
    )
    lines, with_attributes = _lines(of), _with_attributes()

    def run() -> object:
        records = lines()
        with tempfile.NamedTemporaryFile(suffix=".ndjson") as file:
            file.write(b"\n".join(records))
            file.flush()
            read = (
                f"read_json('{file.name}', columns={{{columns}}}, format='newline_delimited', "
                "ignore_errors=true)"
            )
            table = duckdb.sql(f"select {names} from {read}").to_arrow_table()  # noqa: S608
        return with_attributes(table.to_pandas(types_mapper=pd.ArrowDtype), records)

    return run


def sdk(of: Source) -> Way:
    """Follow the pager of the official SDK and normalize its objects."""
    import pandas as pd
    from intercom import Intercom

    client = Intercom(token=_TOKEN, base_url=of.url)
    pager: Any = getattr(client, of.entity).list

    def run() -> object:
        records = itertools.islice(pager(per_page=PER_PAGE), SDK_ROWS)
        return pd.json_normalize([each.dict() for each in records])

    return run


def _bodies(of: Source) -> Callable[[], Iterator[bytes]]:
    """Return what follows the pages over one connection."""
    import httpx
    import orjson

    @functools.cache
    def opened() -> httpx.Client:  # in the first call, as a connector does
        return httpx.Client(base_url=of.url, headers={"Authorization": f"Bearer {_TOKEN}"})

    def bodies() -> Iterator[bytes]:
        client = opened()
        after: str | None = "0"
        while after is not None:
            params = {"per_page": PER_PAGE, "starting_after": after}
            body = client.get(f"/{of.entity}", params=params).content
            yield body
            # The cursor stands at the end of the page: no need to parse all of it.
            end = orjson.loads(b"{" + body[body.rindex(b'"pages":') :])
            after = end["pages"].get("next", {}).get("starting_after")

    return bodies


def _lines(of: Source) -> Callable[[], list[Any]]:
    """Return what reads the JSON of each record."""
    import msgspec

    page = msgspec.json.Decoder(dict[str, msgspec.Raw])
    records = msgspec.json.Decoder(list[msgspec.Raw])
    bodies, key = _bodies(of), KEYS[of.entity]
    return lambda: [r for body in bodies() for r in records.decode(page.decode(body)[key])]


def _with_attributes() -> Callable[[Any, list[Any]], object]:
    """Return what adds a column for each attribute.

    DuckDB's structs have no names that differ in case only. Polars turns an object of unknown
    names into text, which is invalid JSON if a name has a quotation mark.
    """
    import msgspec
    import pandas as pd

    decoder = msgspec.json.Decoder(
        msgspec.defstruct("Record", [(_ATTRIBUTES, dict[str, Any] | None, None)])
    )

    def added(found: pd.DataFrame, records: list[Any]) -> pd.DataFrame:
        attributes = [getattr(decoder.decode(record), _ATTRIBUTES) or {} for record in records]
        return pd.concat([found, pd.DataFrame(attributes).add_prefix(f"{_ATTRIBUTES}.")], axis=1)

    return added


LOADS = "orjson.loads, all kept"
FRAME = "intercom_nb, bytes to frame"
LIST = "intercom_nb, c.list() over HTTP"
PANDAS = "httpx + orjson + json_normalize"
SDK = "python-intercom + json_normalize"
SDK_ROWS = 1_500  # it takes some milliseconds a record
WAYS: dict[str, Callable[[Source], Way]] = {
    LOADS: loads,
    FRAME: frame,
    LIST: listed,
    PANDAS: with_pandas,
    "httpx + Polars": with_polars,
    "httpx + DuckDB": with_duckdb,
    SDK: sdk,
}
