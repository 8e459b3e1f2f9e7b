"""Joins by ids of any type: numbers, arrays of a file, and an index that stays."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames import build_frame

ADMINS = pd.DataFrame({"id": ["7", "8", None], "name": ["Ada", "Bo", "Nobody"]})


def talks() -> pd.DataFrame:
    people = [["1", "2"], ["3"], []]
    rows = [
        {
            "id": str(n),
            "admin_assignee_id": admin,
            "contacts": {"contacts": [{"id": i} for i in ids]},
        }
        for n, (admin, ids) in enumerate(zip((7, 9, None), people, strict=True))
    ]
    columns = record_columns("conversation_list_item")
    return build_frame(rows, columns, "conversation", {"entity": "conversations"})


def names(joined: pd.DataFrame, column: str = "admin.name") -> list[Any]:
    return joined[column].astype(object).where(joined[column].notna(), None).tolist()


@pytest.mark.parametrize(
    "ids",
    [
        pd.Series([7, 9, 0]),
        pd.Series([7.0, 9.0, None]),
        pd.Series([7, None, 9], dtype="Int64"),
        pd.Series([np.int64(7), np.float64(9), Decimal(0)], dtype=object),
        pd.Series([Decimal(7), 7.5, float("inf")], dtype=object),
        pd.Series(["7", "9", None], dtype="category"),
        pd.Series([(7,), np.array([9]), None], dtype=object),
    ],
    ids=lambda ids: f"{ids.dtype} {ids[0]!r}",
)
def test_join_matches_ids_when_they_are_numbers(ids: pd.Series) -> None:
    frame = talks().assign(admin_assignee_id=ids)
    assert names(frame.intercom.join("admins", ADMINS)) == ["Ada", None, None]
    numbered = ADMINS.assign(id=pd.to_numeric(ADMINS["id"]))
    assert names(frame.intercom.join("admins", numbered)) == ["Ada", None, None]


def test_join_matches_nothing_when_a_float_has_lost_digits() -> None:
    frame = talks().assign(admin_assignee_id=float(2**53))
    others = ADMINS.assign(id=[str(2**53), "8", "9"])
    assert names(frame.intercom.join("admins", others)) == [None] * 3


def test_join_makes_a_row_for_each_id_when_lists_came_from_a_file(tmp_path: Path) -> None:
    frame = talks()
    people = pd.DataFrame({"id": ["1", "2", "3"], "role": ["user", "lead", "user"]})
    expected = frame.intercom.join("contacts", people)
    assert names(expected, "contact.role") == ["user", "lead", "user", None]
    assert expected.index.tolist() == [0, 1, 2, 3]
    back = pd.read_parquet(frame.intercom.to_parquet(tmp_path / "a.parquet"))
    joined = back.intercom.join("contacts", people)
    assert names(joined, "contact.role") == names(expected, "contact.role")
    tuples = frame.assign(contacts=frame["contacts"].map(tuple))
    assert names(tuples.intercom.join("contacts", people), "contact.role") == (
        names(expected, "contact.role")
    )


def test_join_keeps_the_index_when_it_has_a_meaning() -> None:
    frame = talks().set_index("id")
    assert frame.intercom.join("admins", ADMINS).index.equals(frame.index)
    people = pd.DataFrame({"id": ["1", "2"], "role": ["user", "lead"]})
    joined = frame.intercom.join("contacts", people)
    assert joined.index.tolist() == ["0", "0", "1", "2"]
    assert joined.index.name == "id"
    filtered = talks().iloc[1:]
    assert filtered.intercom.join("admins", ADMINS).index.tolist() == [1, 2]
    levels = talks().set_index(["id", "state"])
    assert levels.intercom.join("admins", ADMINS).index.equals(levels.index)


def test_join_raises_when_the_frame_has_no_attrs() -> None:
    with pytest.raises(AttributeError, match="lost its attrs"):
        pd.DataFrame({"admin_assignee_id": ["7"]}).intercom.join("admins", ADMINS)


def test_join_raises_when_several_columns_have_the_ids() -> None:
    frame = talks()
    twice = pd.concat([frame, frame[["admin_assignee_id"]]], axis=1)
    with pytest.raises(InvalidParameterError, match="2 columns have the name 'admin_assignee_id'"):
        twice.intercom.join("admins", ADMINS)
    with pytest.raises(InvalidParameterError, match="2 columns have the name"):
        frame.intercom.join("admins", pd.concat([ADMINS, ADMINS], axis=1))
