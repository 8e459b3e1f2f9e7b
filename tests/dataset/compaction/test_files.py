"""The files of a table: how they are written, and how those are that wait for that."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intercom_nb.dataset.compaction import month_writer, write_queue
from intercom_nb.dataset.compaction.month_writer import MergeOutput, TableWriter, split_by_month
from intercom_nb.dataset.compaction.staging import TableFiles, write_staged
from intercom_nb.dataset.schema import MONTH
from intercom_nb.dataset.state import TableFile
from intercom_nb.dataset.store import DatasetFolder, EntityStore

SCHEMA = pa.schema({"id": pa.int64(), "body": pa.string()})


def batch(months: list[str | None], first: int = 0) -> pa.RecordBatch:
    """Make a row for each of these months, about a kB each, with ids from ``first`` on."""
    ids = range(first, first + len(months))
    bodies = [f"{number:01000}" for number in ids]
    return pa.record_batch({"id": ids, "body": bodies, MONTH: pa.array(months, pa.string())})


def _store(root: Path, entity: str, next_sequence: int) -> EntityStore:
    store = EntityStore(DatasetFolder(root), entity)
    store.state.sequence = next_sequence - 1
    return store


@pytest.fixture
def written(tmp_path):
    """Write batches as one table; give the ids in each file, by its place and in their order."""

    def write(*batches: pa.RecordBatch) -> dict[str, list[int]]:
        output = MergeOutput(_store(tmp_path, "tickets", 7), by_month=True)
        with output, TableWriter(output, "tickets", SCHEMA) as table:
            for each in batches:
                table.add(each, None)
        tables = {place: pq.read_table(tmp_path / staged) for staged, place in output.moves}
        assert [TableFile("tickets", p, len(t)) for p, t in tables.items()] == output.files
        assert {p.name for p in tmp_path.rglob("*.parquet")} == {
            staged.rpartition("/")[2] for staged, _ in output.moves
        }
        return {place: table["id"].to_pylist() for place, table in tables.items()}

    return write


def test_columns_are_compressed_when_they_are_large(tmp_path):
    words = [f"word {number}" for number in range(900)]
    rows = pa.record_batch(
        {
            "source.body": words,
            "tags": [[word] for word in words],
            "few": words[:10] * 90,  # in a dictionary that is nothing
            "few and long": [word * 90 for word in words[:10]] * 90,
            "nothing": pa.nulls(900, pa.string()),
            "read": [True] * 900,
        }
    )
    output = MergeOutput(_store(tmp_path, "conversations", 1), by_month=False)
    with output, TableWriter(output, "conversations", rows.schema) as table:
        table.add(rows, None)
    [(staged, _)] = output.moves
    written = pq.ParquetFile(tmp_path / staged)
    group = written.metadata.row_group(0)
    columns = [group.column(at) for at in range(group.num_columns)]
    assert {c.path_in_schema: c.compression for c in columns} == {
        "source.body": "ZSTD",
        "tags.list.element": "ZSTD",
        "few": "UNCOMPRESSED",
        "few and long": "ZSTD",
        "nothing": "UNCOMPRESSED",
        "read": "UNCOMPRESSED",
    }
    assert all(c.statistics.has_null_count for c in columns)
    assert (columns[0].statistics.min, columns[0].statistics.max) == ("word 0", "word 99")
    assert written.read().equals(pa.table(rows))


def test_parquet_file_keeps_types_when_the_table_is_empty(tmp_path):
    schema = pa.schema(
        {
            "text": pa.string(),
            "number": pa.int64(),
            "share": pa.float64(),
            "yes": pa.bool_(),
            "at": pa.timestamp("ms", tz="UTC"),
            "ids": pa.list_(pa.string()),
        }
    )
    output = MergeOutput(_store(tmp_path, "teams", 1), by_month=False)
    with output, TableWriter(output, "teams", schema) as table:
        table.add_empty()
    [(staged, _)] = output.moves
    file = TableFile("teams", staged, 0)
    assert TableFiles(tmp_path).schema(file).equals(schema)
    assert output.files == [TableFile("teams", "teams/000001-1.parquet", 0)]


def test_month_writer_opens_another_file_when_a_month_returns(written, monkeypatch):
    monkeypatch.setattr(month_writer, "_BUFFER_BYTES", 10_000)
    found = written(
        batch(["2024-01"] * 12),
        batch(["2024-01"] * 6 + ["2024-02"] * 6, first=12),  # both are open
        batch(["2024-02"] * 12, first=24),  # ends January
        batch(["2024-01", "2024-02", None], first=36),
    )
    assert found == {
        "tickets/month=2024-01/000007-1.parquet": [*range(18)],
        "tickets/month=2024-02/000007-2.parquet": [*range(18, 36), 37],
        "tickets/month=2024-01/000007-3.parquet": [36],
        "tickets/month=__HIVE_DEFAULT_PARTITION__/000007-4.parquet": [38],
    }


def test_month_writer_closes_a_file_when_it_is_large_enough(written, monkeypatch):
    monkeypatch.setattr(month_writer, "_BUFFER_BYTES", 10_000)
    monkeypatch.setattr(month_writer, "_FILE_BYTES", 100)
    found = written(*(batch(["2024-01"] * 12, first=12 * number) for number in range(3)))
    assert list(found.values()) == [[*range(12)], [*range(12, 24)], [*range(24, 36)]]


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("buffer", [1, 30_000, 48_000_000])
def test_month_writer_keeps_the_order_of_rows_when_months_are_mixed(
    written, monkeypatch, threads, buffer
):
    monkeypatch.setattr(month_writer, "_BUFFER_BYTES", buffer)
    monkeypatch.setattr(write_queue, "_MAX_THREADS", threads)
    rng = random.Random(buffer)
    months = [rng.choice(["2023-11", "2024-01", None]) for _ in range(300)]
    months[100:200] = sorted(months[100:200], key=str)
    found = written(*(batch(months[at : at + 50], first=at) for at in range(0, 300, 50)))
    in_month: dict[str, list[int]] = {}
    for place, ids in found.items():
        in_month.setdefault(place.split("/")[1], []).extend(ids)
    assert in_month == {
        f"month={month or '__HIVE_DEFAULT_PARTITION__'}": [
            number for number, one in enumerate(months) if one == month
        ]
        for month in ("2023-11", "2024-01", None)
    }


def test_split_by_month_copies_no_rows_when_months_come_in_runs():
    rows = pa.table({"id": [*range(6)]})
    months = pa.array(["2024-02", "2024-02", "2024-01", None, None, "2024-02"])
    pieces = split_by_month(rows, months)
    assert [(month, piece["id"].to_pylist()) for month, piece in pieces] == [
        ("2024-02", [0, 1]),
        ("2024-01", [2]),
        (None, [3, 4]),
        ("2024-02", [5]),
    ]
    whole = rows["id"].chunk(0).buffers()[1].address
    assert {piece["id"].chunk(0).buffers()[1].address for _, piece in pieces} == {whole}


def test_table_files_share_one_schema_when_schemas_are_equal(tmp_path):
    files = TableFiles(tmp_path)
    same, other = pa.table({"id": ["1"], "n": [1]}), pa.table({"id": ["1"], "n": ["1"]})
    for number, rows in enumerate([same, same.slice(0, 0), other]):
        write_staged(rows, tmp_path, str(number), {"id", "n"})
    first, again, different = (files.schema(TableFile("t", f"{n}.arrow", 1)) for n in range(3))
    assert first is again
    assert first.equals(same.schema)
    assert different.equals(other.schema)
    [read] = files.batches(TableFile("t", "2.arrow", 1), ["n"])
    assert read.equals(pa.record_batch({"n": ["1"]}))
