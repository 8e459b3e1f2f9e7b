"""Arguments of a dataset's methods: each error says what was wrong and what would be right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import intercom_nb as inb
from intercom_nb.dataset import Dataset
from intercom_nb.errors import InvalidParameterError, UnknownNameError

HUGE = 2**70


@pytest.fixture(scope="module")
def ds(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    folder: Path = tmp_path_factory.mktemp("arguments") / "acme"
    return inb.connect("demo").sync.extract("teams", folder, progress=False)


@pytest.mark.parametrize("read", ["pandas", "arrow", "polars", "dask"])
@pytest.mark.parametrize("columns", ["id", 5, iter(["id"])], ids=["text", "number", "iterator"])
def test_dataset_refuses_columns_when_they_are_not_a_list(ds: Dataset, read: str, columns: Any):
    with pytest.raises(InvalidParameterError, match="columns must be a list of names"):
        getattr(ds, read)("teams", columns)


@pytest.mark.parametrize("table", [None, 5, ["teams"]], ids=str)
def test_dataset_names_the_tables_when_the_table_is_not_text(ds: Dataset, table: Any):
    with pytest.raises(UnknownNameError, match="has no table"):
        ds.pandas(table)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("id=5", "where must be a dict of filters.*not 'id=5'"),
        ("", "where must be a dict of filters"),
        ([("id", "5")], "where must be a dict of filters"),
        (inb.F("id") == "5", "where must be a dict of filters.*'id'"),
        ({5: "x"}, "a filter's name must be text, not 5"),
        ({"assignment_limit": HUGE}, "is not a valid value for assignment_limit"),
        ({"assignment_limit__in": [HUGE]}, "is not a valid value for assignment_limit__in"),
        ({"id": "\ud800"}, "is not a valid value for id"),
    ],
    ids=range(8),
)
def test_dataset_refuses_a_filter_when_it_is_invalid(ds: Dataset, where: Any, message: str):
    with pytest.raises(InvalidParameterError, match=message):
        ds.pandas("teams", where=where)


@pytest.mark.parametrize(
    ("query", "params", "message"),
    [
        (None, None, "the query must be text, not None"),
        (5, None, "the query must be text, not 5"),
        (b"select 1", None, "the query must be text"),
        ("select '\ud800'", None, "half of a surrogate pair"),
        ("select ?", 5, "params must be a list"),
        ("select ?", "x", "params must be a list"),
    ],
    ids=range(6),
)
def test_sql_refuses_a_query_when_it_is_not_text(
    ds: Dataset, query: Any, params: Any, message: str
):
    with pytest.raises(InvalidParameterError, match=message):
        ds.sql(query, params)


@pytest.mark.parametrize("folder", [None, 5], ids=str)
def test_mask_refuses_a_folder_when_it_is_not_a_path(ds: Dataset, folder: Any):
    with pytest.raises(InvalidParameterError, match="A dataset is a folder"):
        ds.mask(folder)
