"""Child tables: the lists of objects inside records, as frames with the parent's id."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..catalog.model import RecordColumns
from .read.columns import TEXT, typed_array
from .read.flatten import objects_in


@dataclasses.dataclass(frozen=True)
class Children:
    """The lists of one column of a result, kept until somebody asks for the table.

    ``lists`` are those of ``flatten.Lists``, and ``parent_ids`` an Arrow array of text.
    """

    name: str
    parent_key: str
    parent_ids: pa.Array
    lists: Any
    columns: RecordColumns

    def frame(self, parents: Collection[str] | None = None) -> pd.DataFrame:
        """Build the table: one row per object, the parent's id first.

        With ``parents``, only the rows of those parents.
        """
        from .frame import build_frame

        items, owners = objects_in(self.lists)
        keys = self.parent_ids.take(owners)
        if parents is not None:
            wanted = pc.is_in(keys, value_set=pa.array(sorted(parents), TEXT))
            items, keys = _only(items, wanted), keys.filter(wanted)
        singular = self.name.rpartition(".")[2].removesuffix("s")
        frame = build_frame(items, self.columns, singular)
        if self.parent_key in frame:  # the object has the key itself: ours is the one that joins
            frame = frame.drop(columns=self.parent_key)
        frame.insert(0, self.parent_key, typed_array(keys, "string")[0])
        return frame


def _only(items: Any, wanted: pa.Array) -> Any:
    if isinstance(items, pa.Array):
        return items.filter(wanted)
    return list(itertools.compress(items, wanted.to_pylist()))
