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
from intercom_nb.errors import InvalidParameterError, UnsupportedError

from .frames import conversation, frame

pytestmark = pytest.mark.slow

dask = pytest.importorskip("dask")
duckdb = pytest.importorskip("duckdb")

ZONE = "America/New_York"
HOURS = analysis.OfficeHours({"mon-fri": "09:00-18:00"}, zone=ZONE)
Tables = dict[str, Any]
SINCE = "2020-01-01"
MEASURES = ["conversations", "p90_first_reply", "csat_low", "sla_missed", "longest_parts", "new"]
METRICS: dict[str, Callable[[Any], pd.DataFrame]] = {
    "volume": lambda df: analysis.volume(df, zone=ZONE),
    "volume_trend": lambda df: analysis.volume_trend(df, period="2026-10"),
    "first_reply": lambda df: analysis.first_reply(df, by="team", zone=ZONE),
    "office_hours": lambda df: analysis.first_reply(df, by="week", office_hours=HOURS),
    "time_to_close": lambda df: analysis.time_to_close(df, by="teammate", close="last"),
    "sla": lambda df: analysis.sla(df, first_reply="1h", close="2d", by="channel"),
    "sla_applied": lambda df: analysis.sla_applied(df, by="team", zone=ZONE),
    "backlog": lambda df: analysis.backlog(df, "week", zone=ZONE),
    "reopens": lambda df: analysis.reopens(df, by="month"),
    "handovers": lambda df: analysis.handovers(df, by="priority"),
    "csat": lambda df: analysis.csat(df, by="team"),
    "pareto": lambda df: analysis.pareto(df, names={}),
    "trend": lambda df: analysis.trend(df, of="topics", names={"x": "no such topic"}),
    "automation": lambda df: analysis.automation(df),
    "movers": lambda df: analysis.movers(df, "2026-10", dimensions=("team", "tags"), top=None),
    "thread_length": lambda df: analysis.thread_length(df, ["team", "week"], of="parts"),
    "summary": lambda df: analysis.summary(df, "tag", measures=MEASURES, names={"tag": {}}),
    "frequent_contacts": lambda df: analysis.frequent_contacts(df, by="channel", more_than=2),
}
WITH_OTHERS: dict[str, Callable[[Tables], pd.DataFrame]] = {
    "busiest_companies": lambda t: analysis.busiest_companies(
        t["conversations"], t["contacts"], by="team"
    ),
    "cohorts": lambda t: analysis.cohorts(t["conversations"], t["contacts"]),
    "named contacts": lambda t: analysis.frequent_contacts(
        t["conversations"], t["contacts"], more_than=2
    ),
    "article_feedback": lambda t: analysis.article_feedback(t["articles"], by="author_id"),
}


@pytest.fixture(scope="module")
def direct() -> Tables:
    c = inb.connect("demo").sync
    tickets = c.tickets.search(created_at__gt=SINCE, limit=None)
    return {
        "conversations": c.conversations.list(limit=None),
        "contacts": c.contacts.list(limit=None),
        "articles": c.articles.list(limit=None),
        "tickets": tickets,
        "ticket_parts": tickets.intercom.children("ticket_parts"),
    }


@pytest.fixture(scope="module")
def files(direct: Tables, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables in Parquet files of a thousand rows, in another order."""
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
    """A real dataset: the entities, extracted."""
    c = inb.connect("demo")
    folder = tmp_path_factory.mktemp("dataset") / "demo"
    for entity in ("contacts", "articles", "tickets", "conversations"):
        dataset = asyncio.run(c.extract(entity, to=folder, progress=False))
    return dataset


@pytest.fixture(scope="module", params=["dask", "duckdb", "dataset", "dask of the dataset"])
def other(
    request: pytest.FixtureRequest, direct: Tables, files: Path, extracted: Any
) -> Iterator[Tables]:
    if request.param == "dask":
        import dask.dataframe as dd

        yield {t: dd.read_parquet(files / f"{t}-*.parquet") for t in direct}
    elif request.param == "duckdb":
        with duckdb.connect() as connection:
            yield {t: connection.read_parquet(str(files / f"{t}-*.parquet")) for t in direct}
    elif request.param == "dataset":
        yield dict.fromkeys(direct, extracted)
    else:
        yield {t: extracted.dask(t) for t in direct}


@pytest.mark.slow
@pytest.mark.parametrize("metric", [*METRICS, *WITH_OTHERS])
def test_metric_equals_that_of_pandas_when_the_source_is_another(
    metric: str, direct: Tables, other: Tables
) -> None:
    def measure(tables: Tables) -> pd.DataFrame:
        if metric in METRICS:
            return METRICS[metric](tables["conversations"])
        return WITH_OTHERS[metric](tables)

    expected, got = measure(direct), measure(other)
    assert len(expected)
    pd.testing.assert_frame_equal(got, expected)
    assert got.attrs == expected.attrs


def test_ticket_states_equal_those_of_pandas_when_the_source_is_another(
    direct: Tables, other: Tables, extracted: Any
) -> None:
    options: Any = {"by": "team", "as_of": "2026-11-01", "zone": ZONE}
    expected = analysis.ticket_states(direct["tickets"], **options)
    parts = None
    if other["tickets"] is not extracted:
        with pytest.raises(UnsupportedError, match="or the table ticket_parts as parts="):
            analysis.ticket_states(other["tickets"])
        parts = other["ticket_parts"]
    got = analysis.ticket_states(other["tickets"], parts=parts, **options)
    assert len(expected) > 10
    pd.testing.assert_frame_equal(got, expected)
    assert got.metric.counts == expected.metric.counts
    # A search for all tickets needs a date.
    start = "Tickets: the data starts on Wed 1 Jan 2020, 00:00 (UTC), so older ones are missing."
    assert expected.metric.notes == [start, *got.metric.notes]


def test_ticket_states_count_until_the_read_time_when_given_a_dataset(extracted: Any) -> None:
    read_at = extracted.coverage.set_index("entity").loc["tickets", "read_at"]
    note = f"Open states are counted until {read_at:%a} {read_at.day} {read_at:%b %Y, %H:%M}."
    assert analysis.ticket_states(extracted).metric.notes[-1] == note


def test_first_reply_reads_only_its_columns_when_given_a_dataset() -> None:
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


def test_csat_returns_no_rows_when_the_relation_is_empty() -> None:
    with duckdb.connect() as connection:
        empty = frame(conversation("2026-10-01")).iloc[:0]
        empty.attrs = {}
        connection.register("empty", empty)
        assert len(analysis.csat(connection.table("empty"), by="team")) == 0


@pytest.mark.slow
def test_pareto_raises_when_dask_turned_lists_into_text() -> None:
    import dask.dataframe as dd

    df = frame(conversation("2026-10-01", tags={"tags": [{"id": "1"}]}))
    df.attrs = {}
    with pytest.raises(InvalidParameterError, match="convert-string"):
        analysis.pareto(dd.from_pandas(df, npartitions=1))


def test_names_returns_teams_teammates_and_tags_when_given_a_connector() -> None:
    found = analysis.names(inb.connect("demo"))
    assert set(found) == {"team", "teammate", "tag"}
    assert found["team"]["8148613"] == "Billing"


def test_metrics_find_the_incident_when_given_the_demo(direct: Tables) -> None:
    """The bad week of June shows in every metric that should show it."""
    df = direct["conversations"]
    assert "week of 8 Jun 2026" in analysis.volume_trend(df).metric.finding
    assert "Slow or down" in analysis.trend(df, of="topics").metric.finding
    assert "Jun 2026" in analysis.csat(df, by="month").metric.finding
    reply = analysis.first_reply(df, by="week")
    assert "week of 8 Jun 2026" in reply.metric.finding
