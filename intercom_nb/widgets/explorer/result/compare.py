"""Comparison of two results of one entity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ....frames.cells import cell_text

_MOST = 50  # ids or changes listed; their counts are of all


def compare(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, Any]:
    """Compare two results by id: records added and removed, and the fields that changed.

    ``added``, ``removed`` and ``changed`` are counts of all; ``added_ids``, ``removed_ids`` and
    ``changes`` ([id, column, before, after]) list the first 50 of each.

    >>> old, new = pd.DataFrame({"id": ["1"], "n": [1]}), pd.DataFrame({"id": ["1"], "n": [2]})
    >>> compare(old, new)["changes"]
    [['1', 'n', '1', '2']]
    """
    if "id" not in before or "id" not in after:
        return {"error": "Only results with an id column can be compared."}
    old, new = _by_id(before), _by_id(after)
    changes: list[list[str | None]] = []
    both = [key for key in old.index if key in new.index]
    for column in (c for c in old if c in new):
        pairs = zip(both, old[column].loc[both], new[column].loc[both], strict=True)
        texts = ((key, cell_text(a), cell_text(b)) for key, a, b in pairs)
        changes += [[key, str(column), a, b] for key, a, b in texts if a != b]
    added = [key for key in new.index if key not in old.index]
    removed = [key for key in old.index if key not in new.index]
    return {
        "added": len(added),
        "added_ids": added[:_MOST],
        "removed": len(removed),
        "removed_ids": removed[:_MOST],
        "both": len(both),
        "changed": len(changes),
        "changes": changes[:_MOST],
    }


def _by_id(frame: pd.DataFrame) -> pd.DataFrame:
    keyed = frame.set_index(frame["id"].astype(str)).drop(columns="id")
    return keyed[~keyed.index.duplicated()]
