"""Writer of a table's Parquet files: one per month, staged until they are committed."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ..schema import MONTH, conformed
from ..state import TableFile
from ..store import EntityStore
from .parquet_file import CompressionChooser, ParquetPart
from .write_queue import WriteQueue

# Bytes of rows that are not written yet, including those that wait for a thread. With 48 MB a
# merge of a million conversations stays below the 450 MB of the project's budget.
_BUFFER_BYTES = 48_000_000
# Months of most workspaces stay below this; a larger month gets several files.
_FILE_BYTES = 256_000_000
# Hive's name of the partition of null.
_NO_MONTH = "__HIVE_DEFAULT_PARTITION__"


def month_of(file: TableFile) -> str | None:
    """Return the month of a file's rows, from the name of its folder."""
    folder = file.path.split("/")[-2:][0]
    month = folder.removeprefix(f"{MONTH}=")
    return month if month != folder and month != _NO_MONTH else None


class MergeOutput:
    """New files of an entity's tables; leaving the ``with`` block completes them.

    ``files`` have their final paths, and ``moves`` pairs of a staged path and its target.
    """

    def __init__(self, store: EntityStore, by_month: bool) -> None:
        self._folder = store.folder
        self._sequence = store.next_sequence
        self._stage = store.stage(f"merge-{self._sequence}")
        self.by_month = by_month
        self.queue = WriteQueue()
        self.moves: list[tuple[str, str]] = []
        self.files: list[TableFile] = []
        # One sequence for all tables: names of tables may differ by case only, and macOS and
        # Windows would take their files for the same.
        self.numbers = itertools.count(1)
        self._parts: list[ParquetPart] = []

    def __enter__(self) -> MergeOutput:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            with self.queue:
                if kind is None:
                    self.queue.wait()
        finally:
            for part in self._parts:
                part.abandon()

    def create_part(
        self, name: str, schema: pa.Schema, compression: CompressionChooser
    ) -> ParquetPart:
        """Create a staged file."""
        part = ParquetPart(self._stage / f"{name}.parquet", schema, compression)
        self._parts.append(part)
        return part

    def add(self, table: str, month: str | None, number: int, part: ParquetPart, rows: int) -> None:
        """Add a file to a table."""
        path = f"{table}/"
        if self.by_month:
            path += f"{MONTH}={month or _NO_MONTH}/"
        path += f"{self._sequence:06}-{number}.parquet"
        self.moves.append((self._folder.relative(part.path), path))
        self.files.append(TableFile(table, path, rows))


@dataclasses.dataclass
class _MonthBuffer:
    """Rows of a month that are not written yet, and the file that is open for it."""

    rows: list[pa.Table] = dataclasses.field(default_factory=list)
    part: ParquetPart | None = None
    number: int = 0
    written: int = 0


class TableWriter:
    """Writes the rows of one table; leaving the ``with`` block completes the table."""

    def __init__(self, output: MergeOutput, table: str, schema: pa.Schema) -> None:
        self._output, self._table, self._schema = output, table, schema
        self._queue = output.queue
        self._compression = CompressionChooser()
        self._months: dict[str | None, _MonthBuffer] = {}
        self._bytes = 0

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write(self._months)

    def add(self, batch: pa.RecordBatch, month: str | None) -> None:
        """Add rows of one month, or of several if a column names the month of each."""
        if not len(batch):
            return
        rows = conformed(pa.Table.from_batches([batch]), self._schema)
        pieces = [(month, rows)]
        if MONTH in batch.schema.names:
            months = batch[MONTH]
            pieces = split_by_month(rows, months) if self._output.by_month else [(None, rows)]
        for one, piece in pieces:
            self._months.setdefault(one, _MonthBuffer()).rows.append(piece)
        self._bytes += rows.nbytes
        self._queue.shrink(_BUFFER_BYTES - self._bytes)
        if self._bytes > _BUFFER_BYTES:
            self._make_room()

    def add_empty(self) -> None:
        """Add a file without rows, so that the columns are known."""
        self._months[None] = _MonthBuffer([self._schema.empty_table()])

    def _make_room(self) -> None:
        """Write all buffered rows, and close the files of months that received no rows since.

        Rows arrive in order of time, so such a month is most likely complete, and an open file
        keeps some 90 kB per row group. A month that does come again gets another file.
        """
        self._write([month for month, buffer in self._months.items() if not buffer.rows])
        self._write([month for month, buffer in self._months.items() if buffer.rows], last=False)
        self._queue.wait()
        parts = {month: buffer.part for month, buffer in self._months.items()}
        self._write([m for m, part in parts.items() if part and part.size > _FILE_BYTES])

    def _write(self, months: Iterable[str | None], last: bool = True) -> None:
        """Queue the buffered rows of some months; ``last`` closes their files."""
        jobs = [job for month in months for job in self._jobs(month, last)]
        self._queue.submit(jobs, self._bytes)
        self._bytes = 0

    def _jobs(self, month: str | None, last: bool) -> Iterator[Callable[[], None]]:
        buffer = self._months[month]
        if buffer.part is None:
            if not buffer.rows:
                return
            buffer.number, buffer.written = next(self._output.numbers), 0
            name = f"{self._table}-{buffer.number}"
            buffer.part = self._output.create_part(name, self._schema, self._compression)
        rows, part = buffer.rows, buffer.part
        buffer.rows = []
        buffer.written += sum(map(len, rows))
        if last:
            self._output.add(self._table, month, buffer.number, part, buffer.written)
            buffer.part = None
        yield functools.partial(part.write, rows, last)


def split_by_month(rows: pa.Table, months: pa.Array) -> list[tuple[str | None, pa.Table]]:
    """Split rows by the month of each, keeping the order inside a month.

    Rows arrive in order of time, or nearly, so most often nothing is copied.
    """
    runs = pc.run_end_encode(months)
    if len(runs.values) > 2 * pc.count_distinct(runs.values, mode="all").as_py():
        order = pc.sort_indices(months)  # stable
        rows, runs = rows.take(order), pc.run_end_encode(months.take(order))
    ends = runs.run_ends.to_pylist()
    starts = [0, *ends[:-1]]
    return [
        (month, rows.slice(start, end - start))
        for month, start, end in zip(runs.values.to_pylist(), starts, ends, strict=True)
    ]
