"""Selection of some records: whole blocks stay as they are, the rest is built anew.

Rows of a block would not do: its columns, and their types, may come from other records.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from .level import ColumnBlock


def selected_blocks(
    blocks: Sequence[ColumnBlock],
    rows: Sequence[int],
    build: Callable[[Sequence[int]], list[ColumnBlock]],
) -> list[ColumnBlock]:
    """Return the blocks of the records at some rows; ``build`` makes new ones of rows."""
    ends = itertools.accumulate(block.count for block in blocks)
    by_start = {
        end - block.count: (block, list(range(end - block.count, end)))
        for block, end in zip(blocks, ends, strict=True)
    }
    selected: list[ColumnBlock] = []
    pending: list[int] = []
    at = 0
    while at < len(rows):
        block, own_rows = by_start.get(rows[at], (None, []))
        if block is not None and list(rows[at : at + block.count]) == own_rows:
            selected += [*build(pending), block]
            at, pending = at + block.count, []
        else:
            pending.append(rows[at])
            at += 1
    return selected + build(pending)
