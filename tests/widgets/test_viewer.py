"""The view of a DataFrame and of a dataset: rows, tables, threads, and nothing requested."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.dataset import open_dataset
from intercom_nb.errors import InvalidParameterError

from .conftest import Front, demo_connector, run_cell

FRAME = pd.DataFrame({"team": ["Billing", "Sales", "Sales"], "replies": [7, 9, 4]})


def test_viewer_filters_and_summarizes_when_the_frame_is_not_a_result():
    viewer = inb.show(FRAME)
    front = Front(viewer)
    front.say("hello")
    front.wait("result")
    shown = front.result
    assert (shown["rows"], shown["entity"], shown["thread"]) == (3, "rows", False)
    arrange = {"result": shown["id"], "conditions": [["team", "in", "Sales"]]}
    assert front.ask("arrange", **arrange)["trail"] == ["team: Sales"]
    assert list(viewer.view["replies"]) == [9, 4]
    query = {"measure": "sum", "column": "replies", "by": [{"column": "team"}]}
    summary = front.ask("ask", what="summary", result=shown["id"], **query)
    assert summary["cells"] == [[[13.0, "13"]]]
    assert summary["note"] == "2 of 3 rows"
    front.ask("ask", what="select", result=shown["id"], at=0, on=True)
    assert list(viewer.selected["team"]) == ["Billing"]
    assert len(viewer.df) == 3


def test_show_counts_times_as_utc_when_they_have_no_zone():
    times = pd.to_datetime(["2026-10-01 10:00", "2026-10-02 00:00", None], format="mixed")
    given = pd.DataFrame({"at": times, 7: [1, 2, 3]})
    viewer = inb.show(given)
    front = Front(viewer)
    front.say("hello")
    front.wait("result")
    assert front.rows()[0]["cells"][0][0] == "1 Oct 2026, 10:00"
    conditions = [["at", "text", ">2026-10-01"]]
    front.ask("arrange", result=front.result["id"], search="-02", conditions=conditions)
    assert list(viewer.view.index) == [1]
    asked = {"what": "profiles", "columns": ["at"], "result": front.result["id"]}
    assert front.ask("ask", **asked)["profiles"][0]["missing"] == "33%"
    assert given["at"].dt.tz is None
    assert [column["name"] for column in front.result["columns"]] == ["at", "7"]


def test_show_is_refused_when_two_columns_have_one_name():
    with pytest.raises(InvalidParameterError, match="'1' is not"):
        inb.show(pd.DataFrame([[1, 2]], columns=[1, "1"]))


def test_show_is_refused_when_its_argument_is_not_a_frame():
    with pytest.raises(InvalidParameterError, match="not dict"):
        inb.show({"team": ["Billing"]})


@pytest.mark.parametrize("source", [5, "demo", {"team": ["Billing"]}, pd.DataFrame], ids=str)
@pytest.mark.parametrize("grid", ["auto", "plain"])
def test_explore_is_refused_when_its_source_is_of_another_kind(source: object, grid: str):
    with pytest.raises(InvalidParameterError, match="needs a connector"):
        inb.explore(source, grid=grid)


def test_explore_is_refused_when_given_the_sync_side():
    with pytest.raises(InvalidParameterError, match=r"not its \.sync side"):
        inb.explore(demo_connector().sync)


def test_explore_shows_a_frame_when_given_one():
    assert repr(inb.explore(FRAME)) == "<Viewer: rows, 3 rows>"


@pytest.mark.slow
async def test_viewer_shows_tables_names_and_threads_when_a_dataset_is_opened(tmp_path: Path):
    connector = demo_connector()
    for entity in ("conversations", "teams", "contacts"):
        options = {"with_parts": True} if entity == "conversations" else {}
        since = {} if entity == "teams" else {"since": "2026-10-15"}
        await connector.extract(entity, to=tmp_path / "ds", progress=False, **options, **since)
    dataset = open_dataset(tmp_path / "ds")
    viewer = inb.explore(dataset)
    front = Front(viewer)
    front.say("hello")
    tables = dict(front.wait("tables")["tables"])
    front.wait("result")
    assert tables["conversations"] == front.result["rows"] == len(viewer.df) > 20
    pd.testing.assert_frame_equal(await run_cell(viewer.code), viewer.df)
    query = {"measure": "count", "by": [{"column": "team_assignee_id"}]}
    groups = front.ask("ask", what="summary", result=front.result["id"], **query)["groups"]
    assert "Customer Support" in {group["label"] for group in groups}
    longest = viewer.df["statistics.count_conversation_parts"].astype("float64").idxmax()
    reply = front.ask("thread", id=viewer.df["id"][longest])
    assert len(reply["thread"]) > 3
    assert any("assigned this to" in (m["event"] or "") for m in reply["thread"])
    after = len(front.heard)
    front.say("table", name="teams")
    front.wait("result", after=after)
    assert front.result["entity"] == "teams"
    assert viewer.df["name"].tolist()
