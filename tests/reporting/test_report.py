from __future__ import annotations

import argparse
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.cli import report
from intercom_nb.errors import InvalidParameterError, UnknownNameError
from intercom_nb.reporting import Report
from tests.analysis.frames import conversation, frame, seconds

pytestmark = pytest.mark.slow

pytest.importorskip("matplotlib")
ZONE = "America/New_York"  # the demo workspace's own
TARGETS: Any = {"first_reply": "1h", "close": "2d"}
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


@pytest.fixture(scope="module")
def october() -> Report:
    return inb.report(inb.connect("demo"), "2026-10", **TARGETS)


class Tags(HTMLParser):
    """Collects every tag and every attribute that could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.active: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            inside = name.endswith("href") and (value or "").startswith(
                ("#", "data:image/png;base64,")
            )
            if name.startswith("on") or (name.endswith(("href", "src")) and not inside):
                self.active.append((name, value))


@pytest.mark.slow
def test_report_page_has_no_script_and_no_external_resource(october: Report) -> None:
    page = Tags()
    page.feed(october.html)
    assert page.tags.isdisjoint({"script", "link", "iframe", "object", "img"})
    assert page.active == []
    assert re.findall(r"url\((?!#)[^)]*\)|@import", october.html) == []
    assert "default-src 'none'" in october.html
    assert "svg" in page.tags


@pytest.mark.slow
def test_report_numbers_equal_the_metrics_when_all_conversations_are_read(october: Report) -> None:
    """Fetched by search for two months, they equal what the whole workspace gives."""
    df = inb.connect("demo").sync.conversations.list(limit=None)
    options: Any = {"period": "2026-10", "zone": "America/New_York"}
    now = october.headlines.set_index("name")["now"]
    assert now["Conversations"] == analysis.volume(df, **options)["conversations"].sum()
    assert now["First reply, median"] == analysis.first_reply(df, **options)["median"].item()
    assert now["Good ratings (CSAT)"] == analysis.csat(df, **options)["share"].item()
    assert now["Open at month end"] == analysis.backlog(df, **options)["open"].iloc[-1]
    pd.testing.assert_frame_equal(october.results["csat"], _named(analysis.csat, df, options))
    pd.testing.assert_frame_equal(october.results["backlog"], analysis.backlog(df, **options))


def _named(metric: Any, df: pd.DataFrame, options: Any) -> pd.DataFrame:
    return metric(df, "team", names=analysis.names(inb.connect("demo")), **options)


@pytest.mark.slow
def test_report_sentences_have_the_headline_numbers_when_targets_are_given(october: Report) -> None:
    text = " ".join(october.sentences)
    count = int(october.headlines.set_index("name").loc["Conversations", "now"])
    assert f"{count} new conversations in October 2026" in text
    assert all(sentence in october.html for sentence in october.sentences)
    assert "America/New_York" in october.html
    assert "1 h" in october.results["sla"].metric.finding


@pytest.mark.slow
def test_report_has_every_metric_when_its_source_is_a_connector(october: Report) -> None:
    shown = {result.attrs["metric"]["metric"] for result in october.results.values()}
    elsewhere = {
        "compare_with_intercom",
        "summary",
        "frequent_contacts",
        "ticket_states",
        "article_feedback",
    }
    assert shown == set(analysis.__all__) - elsewhere - {"MetricAccessor", "OfficeHours", "names"}
    assert all(result.metric.finding for result in october.results.values())


def same(got: Report, expected: Report) -> None:
    """The same sentences and frames, and the same conversations counted and left out."""
    assert got.sentences == expected.sentences
    assert got.results.keys() == expected.results.keys()
    for name, result in expected.results.items():
        pd.testing.assert_frame_equal(got.results[name], result)
        # The number of older conversations depends on how much was read.
        if name != "backlog":
            assert got.results[name].metric.counts == result.metric.counts, name


@pytest.mark.slow
def test_report_is_equal_when_the_mode_is_hosted(october: Report) -> None:
    hosted = inb.report(inb.connect("demo", mode="hosted"), "2026-10", zone=ZONE, **TARGETS)
    same(hosted, october)
    assert hosted.notes == ["This mode has no search, so all conversations were read."]


@pytest.mark.slow
def test_report_is_equal_when_its_source_is_a_frame(october: Report) -> None:
    c = inb.connect("demo").sync
    made = inb.report(
        c.conversations.list(limit=None),
        "2026-10",
        zone=ZONE,
        contacts=c.contacts.list(limit=None),
        companies=c.companies.list(limit=None),
        names=analysis.names(inb.connect("demo")),
        **TARGETS,
    )
    same(made, october)


@pytest.mark.slow
async def test_report_is_equal_when_its_source_is_a_dataset(
    october: Report, tmp_path: Path
) -> None:
    pytest.importorskip("duckdb")
    c = inb.connect("demo")
    for entity in ("teams", "admins", "tags", "contacts", "companies", "conversations"):
        dataset = await c.extract(entity, to=tmp_path / "demo", progress=False)
    # In the workspace's own zone, which the dataset knows.
    same(inb.report(dataset, "2026-10", **TARGETS), october)


def test_report_is_equal_when_its_source_is_a_relation_or_a_dask_frame(tmp_path: Path) -> None:
    duckdb, dd = pytest.importorskip("duckdb"), pytest.importorskip("dask.dataframe")
    df = hostile_frame()
    expected = inb.report(df, "2026-10", zone="UTC")
    df.attrs = {}
    df.to_parquet(tmp_path / "rows.parquet")
    with duckdb.connect() as connection:
        relation = connection.read_parquet(str(tmp_path / "rows.parquet"))
        for source in (relation, dd.read_parquet(tmp_path / "rows.parquet")):
            made = inb.report(source, "2026-10", zone="UTC")
            assert made.sentences == expected.sentences
            pd.testing.assert_frame_equal(made.results["tags"], expected.results["tags"])
            pd.testing.assert_frame_equal(made.results["backlog"], expected.results["backlog"])


def test_report_omits_customers_with_a_note_when_there_are_no_contacts() -> None:
    made = inb.report(hostile_frame(), "2026-10", zone="UTC")
    assert not {"companies", "cohorts"} & made.results.keys()
    assert made.notes == ["Companies and cohorts are left out, because contacts are missing."]


def test_contacts_are_refused_when_they_are_another_table() -> None:
    with pytest.raises(UnknownNameError, match=r"Pass contacts as list\(\)"):
        inb.report(hostile_frame(), "2026-10", contacts=pd.DataFrame({"id": ["1"]}))


def test_names_are_refused_when_the_source_is_a_connector() -> None:
    with pytest.raises(InvalidParameterError, match="leave them out"):
        inb.report(inb.connect("demo"), "2026-10", names={})


def hostile_frame() -> pd.DataFrame:
    def one(day: int) -> dict[str, object]:
        created = f"2026-10-{day:02} 10:00"
        return conversation(
            created,
            state="closed",
            team_assignee_id=1,
            tags={"tags": [{"id": HOSTILE, "name": HOSTILE}]},
            topics={"topics": [{"id": "1", "name": HOSTILE, "type": "topic"}]},
            statistics={"time_to_admin_reply": 60, "last_close_at": seconds(created) + 60},
            source={"type": HOSTILE, "delivered_as": "customer_initiated"},
        )

    return frame(*(one(day) for day in range(1, 8)))


def test_report_page_escapes_names_when_they_hold_markup() -> None:
    made = inb.report(hostile_frame(), "2026-10", zone="UTC")
    page = Tags()
    page.feed(made.html)
    assert "img" not in page.tags
    assert page.active == []
    assert "&lt;img src=x onerror=alert(1)&gt;" in made.html
    assert "Companies and cohorts are left out" in made.html
    assert "<img" not in made._repr_html_()


@pytest.mark.slow
def test_report_is_built_when_the_period_is_empty(tmp_path: Path) -> None:
    made = inb.report(hostile_frame(), "2020-01")
    assert made.sentences[0].startswith("0 new conversations in January 2020")
    assert "those of UTC" in made.html  # no zone was given, and it says so
    file = made.save(tmp_path / "r.html")
    assert file.read_text("utf-8") == made.html
    with pytest.raises(FileExistsError):
        made.save(file)
    made.save(file, overwrite=True)


@pytest.mark.slow
def test_report_command_writes_the_page_when_a_week_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    report.add_arguments(parser)
    file = tmp_path / "june.html"
    args = parser.parse_args(["2026-W24", "--demo", "--to", str(file), "--close", "2d"])
    assert report.run(args) == 0
    assert "in the week of 8 Jun 2026" in capsys.readouterr().out
    assert "Targets" in file.read_text("utf-8")
    with pytest.raises(InvalidParameterError, match="--force"):
        report.run(args)


def test_target_is_refused_before_any_request_when_it_is_not_valid() -> None:
    class Unread:
        sync = execute = None

    with pytest.raises(InvalidParameterError, match="not a valid length of time"):
        inb.report(Unread(), "2026-10", first_reply="soon")


def test_report_is_refused_when_its_source_cannot_be_read() -> None:
    with pytest.raises(InvalidParameterError, match="period"):
        inb.report(hostile_frame(), "last month")
    with pytest.raises(InvalidParameterError, match="not a table"):
        inb.report({"conversations": []}, "2026-10")


def test_report_is_refused_when_its_period_has_not_begun() -> None:
    with pytest.raises(InvalidParameterError, match="The period 2199 has not begun yet"):
        inb.report(inb.connect("demo"), "2199")
