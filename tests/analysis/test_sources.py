"""The same rows give the same result, whether they come from pandas, Dask, DuckDB or a dataset."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError

from .frames import conversation, frame

pytestmark = pytest.mark.slow

dask = pytest.importorskip("dask")
duckdb = pytest.importorskip("duckdb")

ZONE = "America/New_York"
HOURS = analysis.OfficeHours({"mon-fri": "09:00-18:00"}, zone=ZONE)
METRICS: dict[str, Callable[[Any, Any], pd.DataFrame]] = {
    "volume": lambda df, _: analysis.volume(df, zone=ZONE),
    "volume_trend": lambda df, _: analysis.volume_trend(df, period="2026-10"),
    "first_reply": lambda df, _: analysis.first_reply(df, by="team", zone=ZONE),
    "office_hours": lambda df, _: analysis.first_reply(df, by="week", office_hours=HOURS),
    "time_to_close": lambda df, _: analysis.time_to_close(df, by="teammate", close="last"),
    "sla": lambda df, _: analysis.sla(df, first_reply="1h", close="2d", by="channel"),
    "backlog": lambda df, _: analysis.backlog(df, "week", zone=ZONE),
    "reopens": lambda df, _: analysis.reopens(df, by="month"),
    "handovers": lambda df, _: analysis.handovers(df, by="priority"),
    "csat": lambda df, _: analysis.csat(df, by="team"),
    "pareto": lambda df, _: analysis.pareto(df, names={}),
    "trend": lambda df, _: analysis.trend(df, of="topics", names={"x": "no such topic"}),
    "automation": lambda df, _: analysis.automation(df),
    "busiest_companies": lambda df, people: analysis.busiest_companies(df, people),
    "cohorts": lambda df, people: analysis.cohorts(df, people),
    "movers": lambda df, _: analysis.movers(df, "2026-10", dimensions=("team", "tags"), top=None),
}


@pytest.fixture(scope="module")
def direct() -> dict[str, pd.DataFrame]:
    c = inb.connect("demo").sync
    return {
        "conversations": c.conversations.list(limit=None),
        "contacts": c.contacts.list(limit=None),
    }


@pytest.fixture(scope="module")
def files(direct: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two tables in Parquet files of a thousand rows, in another order."""
    folder = tmp_path_factory.mktemp("tables")
    for name, df in direct.items():
        mixed = df.sample(frac=1, random_state=7)
        for number in range(0, len(mixed), 1_000):
            part = mixed.iloc[number : number + 1_000].reset_index(drop=True)
            part.attrs = {}
            part.to_parquet(folder / f"{name}-{number}.parquet")
    return folder


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A real dataset: the two entities, extracted."""
    c = inb.connect("demo")
    folder = tmp_path_factory.mktemp("dataset") / "demo"
    for entity in ("contacts", "conversations"):
        dataset = asyncio.run(c.extract(entity, to=folder, progress=False))
    return dataset


@pytest.fixture(scope="module", params=["dask", "duckdb", "dataset", "dask of the dataset"])
def other(
    request: pytest.FixtureRequest, direct: Any, files: Path, extracted: Any
) -> Iterator[tuple[Any, Any]]:
    if request.param == "dask":
        import dask.dataframe as dd

        yield tuple(dd.read_parquet(files / f"{t}-*.parquet") for t in direct)  # type: ignore[misc]
    elif request.param == "duckdb":
        with duckdb.connect() as connection:
            yield tuple(  # type: ignore[misc]
                connection.read_parquet(str(files / f"{t}-*.parquet")) for t in direct
            )
    elif request.param == "dataset":
        yield extracted, extracted
    else:
        yield extracted.dask("conversations"), extracted.dask("contacts")


@pytest.mark.slow
@pytest.mark.parametrize("metric", METRICS)
def test_equal_results(
    metric: str, direct: dict[str, pd.DataFrame], other: tuple[Any, Any]
) -> None:
    expected = METRICS[metric](direct["conversations"], direct["contacts"])
    got = METRICS[metric](*other)
    assert len(expected)
    pd.testing.assert_frame_equal(got, expected)
    assert got.attrs == expected.attrs


def test_only_the_needed_columns_are_read() -> None:
    class Watched:
        tables = ("conversations",)

        def __init__(self) -> None:
            self.read: list[str] = []

        def pandas(self, table: str, columns: list[str]) -> pd.DataFrame:
            self.read += columns
            return rows[columns]

        def sql(self, query: str) -> pd.DataFrame:
            return rows.iloc[:0]

    rows = frame(conversation("2026-10-01"))
    dataset = Watched()
    analysis.first_reply(dataset, by="team")
    assert sorted(dataset.read) == [
        "created_at",
        "source.delivered_as",
        "statistics.count_conversation_parts",
        "statistics.time_to_admin_reply",
        "team_assignee_id",
    ]


def test_nothing_is_in_no_relation() -> None:
    with duckdb.connect() as connection:
        empty = frame(conversation("2026-10-01")).iloc[:0]
        empty.attrs = {}
        connection.register("empty", empty)
        assert len(analysis.csat(connection.table("empty"), by="team")) == 0


@pytest.mark.slow
def test_lists_that_dask_turned_into_text_are_refused() -> None:
    import dask.dataframe as dd

    df = frame(conversation("2026-10-01", tags={"tags": [{"id": "1"}]}))
    df.attrs = {}
    with pytest.raises(InvalidParameterError, match="convert-string"):
        analysis.pareto(dd.from_pandas(df, npartitions=1))


def test_names_come_from_a_connector() -> None:
    found = analysis.names(inb.connect("demo"))
    assert set(found) == {"team", "teammate", "tag"}
    assert found["team"]["8148613"] == "Billing"


def test_the_demo_tells_its_story(direct: dict[str, pd.DataFrame]) -> None:
    """The bad week of June shows in every metric that should show it."""
    df = direct["conversations"]
    assert "week of 8 Jun 2026" in analysis.volume_trend(df).metric.finding
    assert "Slow or down" in analysis.trend(df, of="topics").metric.finding
    assert "Jun 2026" in analysis.csat(df, by="month").metric.finding
    reply = analysis.first_reply(df, by="week")
    assert "week of 8 Jun 2026" in reply.metric.finding
