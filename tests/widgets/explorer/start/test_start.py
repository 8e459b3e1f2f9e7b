"""The first screen: what it loads and when, its tiles and questions; saved questions."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from typing import Any

import httpx
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.demo import dates
from intercom_nb.demo.settings import TIME_ZONE
from intercom_nb.errors import InvalidParameterError
from intercom_nb.models import IntercomAuthConfig
from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_result import FrameResult
from intercom_nb.widgets.explorer.start.load import Recent
from intercom_nb.widgets.explorer.start.month import LastMonth
from intercom_nb.widgets.explorer.start.saved import SavedQuestions
from intercom_nb.widgets.explorer.start.starters import STARTERS
from intercom_nb.widgets.explorer.start.tiles import tiles

from ...conftest import Front, demo_connector, run_cell, shared_demo

ZONE = TIME_ZONE


def opened(front: Front, **match: Any) -> dict[str, Any]:
    front.say("hello")
    return front.wait("start", **match)


def real_workspace(asked: list[httpx.Request]) -> inb.IntercomConnector:
    """Make a connector to the demo's records that does not know that they cost nothing."""

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return await shared_demo().handle_async_request(request)

    http = httpx.MockTransport(answer)
    return inb.IntercomConnector(
        auth_config=IntercomAuthConfig("demo"), base_url="https://api.intercom.io", http=http
    )


def searches(asked: list[httpx.Request]) -> list[httpx.Request]:
    return [request for request in asked if request.url.path == "/conversations/search"]


@functools.cache
def year() -> pd.DataFrame:
    return demo_connector().sync.conversations.list(limit=None)


@pytest.mark.slow
def test_tiles_equal_the_metrics_when_the_last_month_is_loaded(front: Front):
    state = opened(front, status="ready")
    month = LastMonth.of(demo_connector(), ZONE)
    assert (state["month"], state["before"]) == (month.period.text, month.before.text)
    shown = {tile["name"]: tile for tile in state["tiles"]}
    volume = analysis.volume(year(), period=month.period.label, zone=ZONE)
    assert shown["New conversations"]["text"] == f"{volume['conversations'].sum():,}"
    reply, before = (
        analysis.first_reply(year(), period=p.label, zone=ZONE)["median"].iloc[0]
        for p in (month.period, month.before)
    )
    assert shown["Median first reply"]["text"] == analysis.formatting.duration(reply)
    assert analysis.formatting.duration(before) in shown["Median first reply"]["change"]
    rated = analysis.csat(year(), period=month.period.label, zone=ZONE)["share"].iloc[0]
    assert shown["CSAT"]["text"] == analysis.formatting.percent(rated)
    backlog = analysis.backlog(year(), zone=ZONE).set_index("day")["open"]
    at_end = backlog[str(month.period.calendar.end_time.date())]
    assert shown["Open now"]["text"] == f"{backlog.iloc[-1]:,}"
    assert f"from {at_end:,}" in shown["Open now"]["change"]


def test_tiles_show_dashes_when_there_is_no_data():
    month = LastMonth.of(demo_connector(), ZONE)
    nothing = year().iloc[:0]
    shown = tiles(Recent(nothing, float("nan"), float("nan")), month)
    assert [tile["text"] for tile in shown] == ["0", "–", "–", "–"]
    bare = pd.DataFrame({"created_at": nothing["created_at"]})
    assert [tile["text"] for tile in tiles(Recent(bare, 7, 5), month)] == ["0", "–", "–", "7"]


def test_start_page_sends_one_count_when_the_workspace_is_not_the_demo(monkeypatch):
    now = pd.Timestamp(dates.NOW, unit="s", tz="UTC")
    monkeypatch.setattr("intercom_nb.widgets.explorer.start.month.current_time", lambda _: now)
    asked: list[httpx.Request] = []
    front = Front(inb.explore(real_workspace(asked)))
    front.say("hello")
    state = front.wait("start", status="idle", offer=front_offer())
    assert "tiles" not in state
    assert len(searches(asked)) == 1
    assert json.loads(searches(asked)[0].content)["pagination"]["per_page"] == 1
    front.say("start_show")
    assert len(front.wait("start", status="ready")["tiles"]) == 4
    progress = front.wait("start_progress")
    assert progress["records"] <= progress["total"]
    sent = len(searches(asked)) - 1
    assert f"about {sent} requests" in state["offer"]
    after = len(front.heard)
    front.say("question", key="ratings")
    front.wait("result", after=after, title=STARTERS["ratings"].text)
    assert len(searches(asked)) == sent + 1  # the rows were there


def test_start_page_is_hidden_when_the_mode_is_hosted():
    front = Front(inb.explore(inb.connect("demo", mode="hosted")))
    opened(front, status="hidden")
    front.say("start_show")
    front.say("question", key="ratings")
    assert front.ask("save_question", name="x", look={})["error"]  # the form still responds
    assert not [m for m in front.heard if m["kind"] in {"result", "run"}]


def front_offer() -> str:
    month = LastMonth.of(demo_connector(), ZONE)
    both = (year()["created_at"] >= month.before.start) & (year()["created_at"] < month.period.end)
    count = int(both.sum())
    return f"{count:,} conversations, about {-(-count // 150) + 3} requests."


def test_question_is_dropped_when_its_loading_is_cancelled(monkeypatch):
    now = pd.Timestamp(dates.NOW, unit="s", tz="UTC")
    monkeypatch.setattr("intercom_nb.widgets.explorer.start.month.current_time", lambda _: now)
    front = Front(inb.explore(real_workspace([])))
    opened(front, status="idle")
    after = len(front.heard)
    front.say("question", key="slow_teams")
    front.say("start_cancel")
    front.wait("start", after=after, status="idle", text="Cancelled.")
    assert not [m for m in front.heard[after:] if m["kind"] == "result"]
    front.say("question", key="slow_teams")
    front.wait("result", after=after, title=STARTERS["slow_teams"].text)


def test_start_page_shows_the_reason_when_the_search_is_refused():
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/me":
            me = {"type": "admin", "id": "1", "app": {"name": "x", "timezone": "Europe/Paris"}}
            return httpx.Response(200, json=me)
        error = {"code": "api_plan_restricted", "message": "not in your plan"}
        return httpx.Response(403, json={"type": "error.list", "errors": [error]})

    connector = inb.IntercomConnector(
        auth_config=IntercomAuthConfig("x"),
        base_url="http://127.0.0.1:9",
        http=httpx.MockTransport(answer),
    )
    front = Front(inb.explore(connector))
    opened(front, status="idle")
    front.say("start_show")
    assert "not in your plan" in front.wait("start", status="error")["text"]


ENDS = """
import threading
import intercom_nb as inb
reached = threading.Event()
explorer = inb.explore(inb.connect("demo"))
explorer.send = lambda content, _=None: content.items() >= {match!r}.items() and reached.set()
explorer._handle_custom_msg({{"kind": "hello"}}, [])
assert reached.wait(10)
"""


@pytest.mark.slow  # a process of its own
@pytest.mark.parametrize(
    "match", [{"kind": "connection"}, {"kind": "start", "status": "loading"}], ids=str
)
def test_explorer_prints_nothing_when_the_process_ends_while_loading(
    match: dict[str, str],
):
    command = [sys.executable, "-c", ENDS.format(match=match)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


QUICK = "ratings"  # the others take a second of CPU each


@pytest.mark.parametrize(
    "key",
    [pytest.param(key, marks=[pytest.mark.slow] if key != QUICK else []) for key in STARTERS],
)
async def test_question_code_returns_the_shown_summary_when_it_runs(
    key: str, front: Front, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("intercom_nb.demo.DemoTransport", shared_demo)  # connect() makes no other
    opened(front, status="ready")
    front.say("question", key=key)
    result = front.wait("result", title=STARTERS[key].text)
    assert result["finding"].endswith(".")
    assert result["rows"]
    look = result["look"]
    summary = front.ask("ask", what="summary", result=result["id"], **look)
    code = front.ask("ask", what="code", result=result["id"])["code"]
    history = [message for message in front.heard if message["kind"] == "history"][-1]
    assert history["runs"][0]["question"] == STARTERS[key].text
    if key != "waiting":
        assert f"{await run_cell(code, 'finding')}." == result["finding"]
    table = await run_cell(summary["code"], "table")
    values = table[table.columns[-1]].dropna()
    assert len(values) >= 1
    shown = [line[at][0] for line in summary["cells"] for at in range(len(summary["groups"]))]
    assert sum(filter(None, shown)) == pytest.approx(values.sum())
    first = summary["rows"][0]["groups"]
    conditions = [[g["column"], op, v] for g in first for op, v in g["pairs"]]
    reply = front.ask("arrange", result=result["id"], conditions=conditions)
    assert 0 < reply["shown"] <= result["rows"]


def test_waiting_question_sorts_by_the_longest_wait_when_it_is_chosen(front: Front, explorer):
    opened(front, status="ready")
    front.say("question", key="waiting")
    result = front.wait("result", title=STARTERS["waiting"].text)
    assert result["look"]["sort"] == [["waiting_since", False]]
    assert result["visible"][0] == "waiting_since"
    assert explorer.df["waiting_since"].is_monotonic_increasing
    assert set(explorer.df["state"]) == {"open"}


def test_questions_return_a_result_when_rows_lack_the_columns():
    frame = pd.DataFrame({"id": ["1"], "created_at": pd.to_datetime(["2026-10-02"], utc=True)})
    month = LastMonth.of(demo_connector(), ZONE)
    for starter in STARTERS.values():
        result = FrameResult(frame.assign(waiting_since=pd.NaT), "conversations")
        starter.answer(result, month, Display())
        assert result.title == starter.text


def saved_one(front: Front, name: str = "Slow teams") -> dict[str, Any]:
    opened(front, status="ready")
    front.say("question", key="slow_teams")
    result = front.wait("result", title=STARTERS["slow_teams"].text)
    team = {"column": "team_assignee_id", "pairs": [["not empty", None]], "title": "team"}
    look = {**result["look"], "steps": [team]}
    assert front.ask("save_question", name=name, look=look).get("error") is None
    return look


@pytest.mark.slow  # a second
async def test_saved_question_returns_the_same_look_when_it_runs_again(front: Front, explorer):
    look = saved_one(front)
    question = explorer.saved["Slow teams"]
    assert repr(question) == f"<SavedQuestion 'Slow teams': {len(question.df):,} rows>"
    panel = question.panel()
    table = await run_cell(question.code, "table")
    assert len(table) == len(panel.rows)  # the code has the question's own filter
    assert "(none)" not in [label for label, _ in panel.rows]
    assert panel.finding == explorer.result.finding
    after = len(front.heard)
    front.run("tags", "list")
    front.say("saved_run", name="Slow teams")
    again = front.wait("result", after=after, title="Slow teams")
    assert again["look"] == look
    assert again["finding"]
    assert explorer.pinned == []
    front.say("saved_pin", name="Slow teams", on=True)
    front.wait("saved", after=after, saved=[{**described(front), "pinned": True}])
    assert [q.name for q in explorer.pinned] == ["Slow teams"]
    assert "Technical Support" in inb.dashboard(explorer.pinned).html
    front.say("saved_remove", name="Slow teams")
    front.wait("saved", after=after, saved=[])
    assert explorer.saved == {}


def described(front: Front) -> dict[str, Any]:
    return next(m for m in reversed(front.heard) if m["kind"] == "saved")["saved"][0]


def test_saved_question_is_a_panel_of_its_first_rows_when_it_is_a_list(front: Front, explorer):
    front.run("contacts", "list", limit="30")
    look = {"tab": "Table", "steps": [], "sort": [["name", False]], "search": ""}
    front.ask("save_question", name="People", look=look)
    panel = explorer.saved["People"].panel()
    assert len(panel.rows) == 20
    assert panel.note == "The first 20 of 30 rows."
    names = [label for label, _ in panel.rows]
    assert names == sorted(names, key=str.lower)


def test_question_is_not_saved_when_its_result_or_name_is_missing(front: Front, explorer):
    assert "Run a query first" in front.ask("save_question", name="x", look={})["error"]
    front.run("tags", "list")
    for name in ("", " ", "x" * 121):
        assert "Enter a name" in front.ask("save_question", name=name, look={})["error"]
    saved = SavedQuestions(explorer.channel)
    for number in range(100):
        saved.all[str(number)] = None  # type: ignore[assignment]
    with pytest.raises(InvalidParameterError, match="Remove one first"):
        saved.add("one more", {}, explorer.result)
