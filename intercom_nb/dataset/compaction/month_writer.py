"""Rows to Parquet files, one per table and month, staged until they are committed."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc

from ..schema import MONTH, conformed
from ..store import File, Folder
from .parquet_file import Part, Shares
from .write_queue import Backlog

# Of rows that are not written yet, those that wait for a thread included.
_BUFFER_BYTES = 48_000_000
_FILE_BYTES = 256_000_000
_NO_MONTH = "__HIVE_DEFAULT_PARTITION__"


def month_of(file: File) -> str | None:
    """Give the month of the rows of a file, which its folder names."""
    folder = file.path.split("/")[-2:][0]
    month = folder.removeprefix(f"{MONTH}=")
    return month if month != folder and month != _NO_MONTH else None


class Output:
    """The new files of an entity's tables; the end of the ``with`` block is theirs too.

    ``files`` are their places in the folder, and ``moves`` what is staged for these.
    """

    def __init__(self, folder: Folder, entity: str, sequence: int, partitioned: bool) -> None:
        self._folder = folder
        self._stage = folder.stage(entity, f"merge-{sequence}")
        self._sequence = sequence
        self.partitioned = partitioned
        self.backlog = Backlog()
        self.moves: list[tuple[str, str]] = []
        self.files: list[File] = []
        self._parts: list[Part] = []

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            with self.backlog:
                if kind is None:
                    self.backlog.wait()
        finally:
            for part in self._parts:
                part.abandon()

    def begin(self, name: str, schema: pa.Schema, shares: Shares) -> Part:
        """Begin a file, which is staged under this name."""
        part = Part(self._stage / f"{name}.parquet", schema, shares)
        self._parts.append(part)
        return part

    def add(self, table: str, month: str | None, number: int, part: Part, rows: int) -> None:
        """Add a file to those of a table."""
        at = f"{table}/"
        if self.partitioned:
            at += f"{MONTH}={month or _NO_MONTH}/"
        at += f"{self._sequence:06}-{number}.parquet"
        self.moves.append((self._folder.relative(part.path), at))
        self.files.append(File(table, at, rows))


@dataclasses.dataclass
class _Month:
    """What was added of a month and is not written, and the file that is open for it."""

    rows: list[pa.Table] = dataclasses.field(default_factory=list)
    part: Part | None = None
    number: int = 0
    written: int = 0


class TableWriter:
    """Writes the rows of one table; the end of the ``with`` block ends the table."""

    def __init__(self, output: Output, table: str, schema: pa.Schema) -> None:
        self._output, self._table, self._schema = output, table, schema
        self._backlog = output.backlog
        self._shares = Shares()
        self._months: dict[str | None, _Month] = {}
        self._bytes = 0
        self._numbers = 0

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write(self._months)

    def add(self, batch: pa.RecordBatch, month: str | None) -> None:
        """Add rows: of one month, or with a column that says the month of each."""
        if not len(batch):
            return
        rows = conformed(pa.Table.from_batches([batch]), self._schema)
        pieces = [(month, rows)]
        if MONTH in batch.schema.names:
            months = batch[MONTH]
            pieces = by_month(rows, months) if self._output.partitioned else [(None, rows)]
        for one, piece in pieces:
            self._months.setdefault(one, _Month()).rows.append(piece)
        self._bytes += rows.nbytes
        self._backlog.shrink(_BUFFER_BYTES - self._bytes)
        if self._bytes > _BUFFER_BYTES:
            self._make_room()

    def add_none(self) -> None:
        """Have a file without rows, so that the columns are known."""
        self._months[None] = _Month([self._schema.empty_table()])

    def _make_room(self) -> None:
        """Write what there is, and end the files of months that nothing came for since.

        Rows come by time, so such a month is most likely complete, and an open file keeps some
        90 kB for each of its row groups. A month that does come again gets a further file.
        """
        self._write([month for month, state in self._months.items() if not state.rows])
        self._write([month for month, state in self._months.items() if state.rows], last=False)
        self._backlog.wait()
        parts = {month: state.part for month, state in self._months.items()}
        self._write([m for m, part in parts.items() if part and part.size > _FILE_BYTES])

    def _write(self, months: Iterable[str | None], last: bool = True) -> None:
        """Have what there is of some months written; that is the ``last`` of their files."""
        works = [work for month in months for work in self._works(month, last)]
        self._backlog.submit(works, self._bytes)
        self._bytes = 0

    def _works(self, month: str | None, last: bool) -> Iterator[Callable[[], None]]:
        state = self._months[month]
        if state.part is None:
            if not state.rows:
                return
            self._numbers += 1
            state.number, state.written = self._numbers, 0
            name = f"{self._table}-{state.number}"
            state.part = self._output.begin(name, self._schema, self._shares)
        rows, part = state.rows, state.part
        state.rows = []
        state.written += sum(map(len, rows))
        if last:
            self._output.add(self._table, month, state.number, part, state.written)
            state.part = None
        yield functools.partial(part.write, rows, last)


def by_month(rows: pa.Table, months: pa.Array) -> list[tuple[str | None, pa.Table]]:
    """Split rows by the months that are given for them, each in its order.

    Rows come by time, or nearly, so that most often there is nothing to copy.
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
