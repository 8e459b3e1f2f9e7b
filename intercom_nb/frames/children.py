"""Child tables of a result: a list of objects per record, built when it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .read.arrow_types import TEXT
from .read.columns import typed_array
from .read.flattener import ChildList, Flat, flatten


@dataclasses.dataclass(frozen=True)
class Children:
    """The lists of one column of a result, kept until the table is read.

    ``parent_ids`` is an Arrow array of text; ``build`` makes a frame of columns.
    """

    name: str
    parent_key: str
    parent_ids: pa.Array
    child: ChildList
    build: Callable[[Flat, str, dict[str, Any]], pd.DataFrame]

    def frame(self, parents: Collection[str] | None = None) -> pd.DataFrame:
        """Build the table: one row per object, the parent's id first.

        With ``parents``, only the rows of those parents.
        """
        items = self.child.lists.items
        keys = self.parent_ids.take(self.child.lists.owners())
        if parents is not None:
            wanted = pc.is_in(keys, value_set=pa.array(sorted(parents), TEXT))
            items = items.take(np.flatnonzero(wanted.to_numpy(zero_copy_only=False)))
            keys = keys.filter(wanted)
        frame = self.build(flatten(items, self.child.columns), self.record, {})
        if self.parent_key in frame:  # the object has the key itself: ours is the one that joins
            frame = frame.drop(columns=self.parent_key)
        frame.insert(0, self.parent_key, typed_array(keys, "string")[0])
        return frame

    @property
    def record(self) -> str:
        """The singular of the objects: ``tag``."""
        return self.name.rpartition(".")[2].removesuffix("s")
