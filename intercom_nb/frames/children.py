"""Child tables: the lists of objects inside records, as frames with the parent's id."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from ..catalog.model import RecordColumns
from .columns import STRING
from .records import as_dicts


@dataclasses.dataclass(frozen=True)
class Children:
    """The lists of one column of a result, kept until somebody asks for the table.

    Their objects are dicts, or structs that ``build_frame`` takes as well.
    """

    name: str
    parent_key: str
    parent_ids: list[str | None]
    lists: Sequence[Sequence[Any] | None]
    columns: RecordColumns

    def __getstate__(self) -> dict[str, Any]:
        # Structs are made at run time, where another process does not find them.
        return {**self.__dict__, "lists": as_dicts(self.lists)}

    def frame(self, parents: Collection[str] | None = None) -> pd.DataFrame:
        """Build the table: one row per object, the parent's id first.

        With ``parents``, only the rows of those parents.
        """
        from .build import build_frame

        wanted = None if parents is None else set(parents)
        keys: list[str | None] = []
        rows: list[Any] = []
        for parent, items in zip(self.parent_ids, self.lists, strict=True):
            if items and (wanted is None or parent in wanted):
                keys += [parent] * len(items)
                rows += items
        singular = self.name.rpartition(".")[2].removesuffix("s")
        frame = build_frame(rows, self.columns, singular)
        if self.parent_key in frame:  # the object has the key itself: ours is the one that joins
            frame = frame.drop(columns=self.parent_key)
        frame.insert(0, self.parent_key, pd.array(keys, dtype=STRING))
        return frame
