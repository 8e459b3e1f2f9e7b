"""SQL over a dataset: names, paths and types that a careless query would get wrong."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from intercom_nb.dataset import Dataset
from intercom_nb.dataset.sql import unique_names
from intercom_nb.errors import InvalidParameterError
from tests.dataset.harness import conversation, write_dataset


@pytest.fixture(scope="module")
def ds(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    records = [
        conversation(1_790_000_000 + n, {"Depot": f"upper {n}", "depot": f"lower {n}", "plan": "p"})
        for n in range(3)
    ]
    return write_dataset(tmp_path_factory.mktemp("sql") / "run [12] {a,b} st*r?", [records])


def test_sql_reads_the_folder_itself_when_its_name_has_glob_signs(ds: Dataset) -> None:
    (ds.path.parent / "run 1 a star").mkdir()
    assert ds.sql("select count(*) as n from conversations")["n"].tolist() == [3]


def test_sql_numbers_columns_when_they_differ_by_case_only(ds: Dataset) -> None:
    names = ds.sql("select * from conversations limit 0").columns
    upper, lower = (n for n in names if n.lower().startswith("custom_attributes.depot"))
    found = ds.sql(f'select "{upper}" as u, "{lower}" as l from conversations order by id')
    assert found["u"].tolist() == ["upper 0", "upper 1", "upper 2"]
    assert found["l"].tolist() == ["lower 0", "lower 1", "lower 2"]


def test_sql_numbers_columns_when_a_join_repeats_their_names(ds: Dataset) -> None:
    found = ds.sql("select 1 as id, 2 as id, 3 as id_1, 4 as id")
    assert found.to_dict(orient="list") == {"id": [1], "id_1": [2], "id_1_1": [3], "id_2": [4]}


@pytest.mark.parametrize("name", ["custom_attributes.Depot", "custom_attributes.depot"])
def test_sql_lists_both_columns_when_a_name_is_ambiguous(ds: Dataset, name: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        ds.sql(f'select "{name}" from conversations')
    assert '"custom_attributes.Depot_1" for custom_attributes.Depot' in str(caught.value)
    assert '"custom_attributes.depot_2" for custom_attributes.depot' in str(caught.value)


def test_unique_names_skips_numbers_when_these_are_taken() -> None:
    assert unique_names(["a", "A", "a_1", "É", "é"]) == {
        "a": "a_2", "A": "A_3", "a_1": "a_1", "É": "É", "é": "é",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "expected", "dtype"),
    [
        ("interval '1 day 2 hours'", pd.Timedelta(days=1, hours=2), "timedelta64[us]"),
        ("interval '-1.5 seconds'", pd.Timedelta(seconds=-1.5), "timedelta64[us]"),
        ("interval '1 month'", pd.Timedelta(days=30), "timedelta64[us]"),
        ("date '2026-01-31'", pd.Timestamp("2026-01-31"), "datetime64[s]"),
        ("timestamp '2026-01-31 10:00:00.5'", pd.Timestamp("2026-01-31 10:00:00.5"), "us]"),
        (
            "timestamptz '2026-01-31 10:00:00.5+00'",
            pd.Timestamp("2026-01-31 10:00:00.5", tz="UTC"),
            "us, UTC]",
        ),
        (
            "timestamptz '2026-01-31 10:00:00+00'",
            pd.Timestamp("2026-01-31 10:00", tz="UTC"),
            "datetime64[s, UTC]",
        ),
        ("1.25::decimal(18, 3)", 1.25, "float64"),
        ("1.5::float", 1.5, "float64"),
        ("200::utinyint", 200, "Int64"),
        ("9007199254740993::hugeint", 2**53 + 1, "Int64"),
        ("18446744073709551615::ubigint", 2**64 - 1, "UInt64"),
        ("1180591620717411303424::hugeint", Decimal(2**70), "object"),
    ],
)
def test_sql_returns_the_exact_value_of_every_type(
    ds: Dataset, expression: str, expected: object, dtype: str
) -> None:
    found = ds.sql(f"select {expression} as x union all select null")["x"]
    assert found.dropna().tolist() == [expected]
    assert str(found.dtype).endswith(dtype)


def test_sql_returns_durations_when_it_subtracts_times(ds: Dataset) -> None:
    found = ds.sql("select created_at - timestamptz '2026-01-01' as age from conversations")
    assert found["age"].mean() == pd.Timestamp(1_790_000_001, unit="s") - pd.Timestamp("2026-01-01")


@pytest.mark.parametrize("column", ["plan", "pln", "c.pln", '"custom_attribute.plan"'])
def test_sql_suggests_the_attribute_when_its_name_is_misspelled(ds: Dataset, column: str) -> None:
    with pytest.raises(InvalidParameterError, match=r'"custom_attributes\.plan"'):
        ds.sql(f"select {column} from conversations as c")
