"""Missing, cut and damaged files: the error names the file, the next run reads it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from intercom_nb.dataset import Dataset, open_dataset
from intercom_nb.dataset.damage import DamagedFileError
from tests.extract.harness import held, held_parts

DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "no Parquet": lambda path: path.write_bytes(b"<html>" * 1000),
    "a damaged page": lambda path: path.write_bytes(
        path.read_bytes()[:4] + b"\xff" * 200 + path.read_bytes()[204:]
    ),
}
READERS: dict[str, Callable[[Dataset, str], object]] = {
    "pandas": lambda ds, table: ds.pandas(table),
    "sql": lambda ds, table: ds.sql(f"select * from {table}"),
    "dask": lambda ds, table: ds.dask(table).compute(scheduler="sync"),
}


def largest_file(folder: Path, table: str) -> Path:
    return max((folder / table).rglob("*.parquet"), key=lambda path: path.stat().st_size)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["conversations", "conversation_parts"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_extract_restores_the_rows_when_a_file_is_damaged(bench, damage: str, table: str) -> None:
    b = bench(conversations=60, contacts=0)
    ds = b.extract(with_parts=True)
    path = largest_file(b.folder, table)
    DAMAGES[damage](path)
    for name, read in READERS.items():
        with pytest.raises(DamagedFileError, match=r"Run extract\(\)") as caught:
            read(ds, table)
        assert caught.value.path.name == path.name, name
        assert path.name in str(caught.value)
    b.time += 86_400
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()
    assert set(ds.audit["state"]) == {"complete"}


def test_extract_restores_a_list_when_its_file_is_missing(bench) -> None:
    b = bench(conversations=5, contacts=0)
    before = b.extract("teams").pandas("teams")
    largest_file(b.folder, "teams").unlink()
    after = b.extract("teams").pandas("teams")
    assert after.equals(before)


@pytest.mark.slow
def test_describe_names_the_file_when_it_is_damaged(bench) -> None:
    b = bench(conversations=20, contacts=0)
    b.extract()
    path = largest_file(b.folder, "conversations")
    path.write_bytes(b"")
    with pytest.raises(DamagedFileError, match=path.name):
        open_dataset(b.folder).describe()
