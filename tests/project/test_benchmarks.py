"""The measurements measure: real processes and servers, few rows, no absolute times."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from benchmarks import (
    conditions,
    curve,
    explorer,
    explorer_page,
    floors,
    frames,
    growth,
    guide,
    imports,
)
from benchmarks.__main__ import PARTS
from benchmarks.exactness import differing
from benchmarks.frame_pages import KEYS, page_bytes
from benchmarks.frame_ways import FRAME, LIST, LOADS, PANDAS, SDK, WAYS
from benchmarks.frames import Took, run_module
from benchmarks.job import Line, run
from benchmarks.load import ceiling
from benchmarks.loopback import CallPlan, Server
from benchmarks.paged import Workspace
from benchmarks.span import NEWEST
from benchmarks.table import busiest, table
from benchmarks.table import growth as growth_lines
from intercom_nb import catalog
from intercom_nb.frames import Records, build_frame, frame_of

pytestmark = pytest.mark.slow
_ROWS = 160  # more than a page
_JOBS = (
    *("decode orjson", "decode orjson, gc off", "decode parts orjson"),
    *("list intercom_nb", "list plain", "list sdk", "list sdk async"),
    *("search intercom_nb", "search sdk", "search sdk async"),
    *("extract intercom_nb", "extract plain"),
    *("extract parts intercom_nb", "extract parts sdk", "extract parts sdk async"),
)
_TASKS = ("decode parts", "decode", "list", "search", "extract parts", "extract")


def _named(job: str) -> tuple[str, str]:
    task = next(task for task in _TASKS if job.startswith(f"{task} "))
    return task, job.removeprefix(f"{task} ")


@pytest.fixture(scope="module")
def lines() -> dict[str, Line]:
    with Server("paged", rows=_ROWS, limit=None, latency=0.01) as server:
        return {job: run(server.url, *_named(job), _ROWS, 0.01) for job in _JOBS}


def test_job_measures_time_and_memory_when_it_reads_all_rows(lines):
    for line in lines.values():
        assert line.rows == _ROWS
        assert line.cpu > 0
        assert line.peak > 20e6
        assert line.seconds > line.floor


def test_job_needs_less_cpu_than_the_sdk_when_tasks_are_equal(lines):
    assert lines["decode orjson"].cpu < lines["list intercom_nb"].cpu
    for task in ("list", "search", "extract parts"):  # by many times, on any machine
        for sdk in ("sdk", "sdk async"):
            assert lines[f"{task} intercom_nb"].cpu < lines[f"{task} {sdk}"].cpu


def test_table_has_one_line_per_job_when_jobs_are_measured(lines):
    head, rule, *rows = table(list(lines.values())).splitlines()
    assert head.split()[:4] == ["task", "who", "ms", "rows"]
    assert set(rule) == {"-"}
    assert [" ".join(row.split("10")[0].split()) for row in rows] == list(lines)


def test_ratio_compares_with_the_nearest_size_when_sizes_differ():
    *_, small, large = table([
        Line("decode", "orjson", 0.0, 100, 1.0, 1.0, 1_000_000),
        Line("decode", "orjson", 0.0, 1_000, 20.0, 20.0, 1_000_000),
        Line("list", "intercom_nb", 0.0, 100, 3.0, 3.0, 1_000_000),
        Line("list", "sdk", 0.0, 100, 12.0, 12.0, 1_000_000),
        Line("list", "plain", 0.0, 900, 18.0, 18.0, 1_000_000),
    ]).splitlines()  # fmt: skip
    assert small.split()[-2:] == ["12.0", "4.0"]
    assert large.split()[-2:] == ["1.0", "0.7"]


@pytest.mark.parametrize(
    ("task", "rows", "latency", "expected"),
    [
        ("list", 151, 0.25, 0.5),  # two pages, one after another
        ("extract", 20_000, 0.25, 0.5),  # the counts, then all pages at once: within one window
        ("extract parts", 200, 0.0, 0.0),
        ("extract parts", 2_000, 0.25, 2_014 / 166.6),
        ("decode parts", 2_000, 0.0, 0.0),
    ],
)
def test_floor_is_the_least_time_when_rows_and_latency_are_known(task, rows, latency, expected):
    assert floors.seconds(task, rows, latency) == pytest.approx(expected)


def test_server_reports_its_ceiling_when_it_is_saturated():
    with Server("paged", rows=150, limit=None) as server:
        assert ceiling(server.url, "/conversations?per_page=150", seconds=0.2) > 10
    calm = Line("list", "plain", 0.0, 300, 1.0, 1.0, 1)
    busy = Line("extract parts", "sdk", 0.0, 300, 1.0, 1.0, 1)
    share, most = busiest([calm, busy], page=100.0, one=1_000.0)
    assert most is busy
    assert share == pytest.approx(2 / 100 + 300 / 1_000)


def test_growth_lines_show_the_cost_per_row_when_rows_increase():
    ours = Line("list", "intercom_nb", 0.0, 100, 1.0, 1.0, 100_000_000)
    more = Line("list", "intercom_nb", 0.0, 1_000, 9.0, 9.0, 110_000_000)
    assert list(growth_lines([ours, more])) == [
        "list, intercom_nb: with 10 times the rows, a row costs 0.90 times the CPU; "
        "peak 100 -> 110 MB"
    ]


def test_workspace_responds_equally_when_its_records_are_not_stored():

    query = {"field": "created_at", "operator": ">", "value": 0}
    for order in ("ascending", "descending"):
        asked = {"query": query, "sort": {"order": order}, "pagination": {"starting_after": 20}}
        call = CallPlan("POST", "/conversations/search", {}, json.dumps(asked).encode())
        kept, made = (Workspace(50, kept=kept)(call).body for kept in (True, False))
        assert kept == made
        assert len(json.loads(kept)["conversations"]) == 20


def test_import_baseline_has_every_core_dependency():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert len(imports.core()) == len(project["dependencies"])
    assert {"dotenv", "IPython", "nest_asyncio2", "pyarrow"} < set(imports.core())


def test_guide_page_has_each_table_once_when_tables_are_replaced():
    page = guide.PAGE.read_text(encoding="utf-8")
    for name in PARTS:
        page = guide.replaced(page, name, f"the table of {name}")
        assert page.count(f"the table of {name}") == 1
    with pytest.raises(ValueError, match="0 places for 'other'"):
        guide.replaced(page, "other", "text")


@pytest.mark.parametrize("entity", KEYS)
def test_frame_differs_as_the_guide_says_when_pages_are_odd(entity, tmp_path):
    """This package lacks only what has no value by its rules: no time, nobody."""
    pages = page_bytes(entity, "odd", rows=300)
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.json").write_bytes(page)
    with Server("page_files", folder=str(tmp_path)) as server:
        place = (str(tmp_path), server.url)
        found = {
            way: run_module("frames", entity, way, *place, "compare") for way in WAYS if way != SDK
        }
    assert {len(took) for took, _ in found.values()} == {3}
    differ = {way: differences for way, (_, differences) in found.items() if way != LOADS}
    records = [record for page in pages for record in json.loads(page)[KEYS[entity]]]
    no_values = sum(
        record.get(key) in {0, "0"}
        for record in records
        for key in ("admin_assignee_id", "team_assignee_id")
    ) + json.dumps(records).count('"soon"')
    assert differ[FRAME] == differ[LIST]
    assert (differ[FRAME]["missing"], differ[FRAME]["changed"]) == (no_values, 0)
    assert differ[PANDAS]["missing"] == 0
    for way in ("httpx + Polars", "httpx + DuckDB"):
        assert differ[way]["missing"] > differ[FRAME]["missing"]


def test_differing_counts_values_when_they_are_missing_or_changed():
    records = [
        {"id": 7, "at": 1_000, "note": None, "tags": {"type": "tag.list", "tags": [{"id": "1"}]}},
        {"id": 8, "at": "soon", "big": 2**53 + 1, "source": {"body": ""}},
    ]
    frame = pd.DataFrame(
        {
            "id": ["7", "8"],
            "at": pd.to_datetime([1_000, None], unit="s", utc=True),
            "big": [float("nan"), float(2**53 + 1)],
        }
    )
    assert differing(records, frame) == {"values": 6, "missing": 2, "changed": 1}


@pytest.mark.parametrize("entity", KEYS)
def test_records_return_the_frame_of_their_dicts_when_pages_are_odd(entity):
    raws = [
        msgspec.Raw(msgspec.json.encode(record))
        for page in page_bytes(entity, "odd", rows=1_000)
        for record in json.loads(page)[KEYS[entity]]
    ]
    columns = catalog.record_columns(catalog.operation(entity, "list").record)
    records = Records(columns)
    records.add(raws)
    found = frame_of(records, "record")
    expected = build_frame([msgspec.json.decode(raw) for raw in raws], columns, "record")
    pd.testing.assert_frame_equal(expected, found)
    assert expected.attrs["intercom"]["odd_values"] == found.attrs["intercom"]["odd_values"]
    for name, children in expected.attrs["intercom"].children.items():
        table = found.attrs["intercom"].children[name].frame()
        pd.testing.assert_frame_equal(children.frame(), table)


def test_ratio_shows_its_range_when_several_runs_were_measured():
    took = [Took(1.0, first, 1.0) for first in (2.0, 4.0, 9.0)]
    floor = [Took(1.0, first, 1.0) for first in (1.0, 1.0, 3.0)]
    assert frames.spread(took, floor, "first") == "3.00 (2.00 to 4.00)"
    assert frames.spread(took[:1], floor, "first") == "2.00"
    assert frames.spread("ValueError: odd", floor, "first") == "fails"


def test_explorer_table_has_each_target_when_work_is_measured():
    took = explorer.in_kernel(explorer.make_frame(300), rounds=2)
    assert all(len(measured) == 2 and min(measured) > (0, 0) for measured in took.values())
    page = explorer.table(took, {explorer.OPEN: [1.0, 3.0, 2.0]}, rows=300)
    lines = page.splitlines()
    assert lines[0].startswith("| 300 rows, 80 columns | target |")
    assert lines[2] == "| open the explorer | 1.5 s | 2.00 s (1.00 to 3.00) |  |  |"
    assert len(lines) == 2 + len(explorer.MEASURES)


@pytest.mark.browser
def test_explorer_page_measures_every_action_when_there_is_a_browser(chromium):
    took = explorer_page.measured(1, 1_000)
    assert set(took) == set(explorer.MEASURES) - {explorer.ALL_PROFILES}
    assert all(0 < seconds < 60 for measured in took.values() for seconds in measured)


def test_growth_table_and_chart_have_every_job_when_costs_are_measured(tmp_path):
    costs = list(growth.costs((200,)))
    assert [cost.job for cost in costs] == list(growth.JOBS)
    assert all(cost.cpu > 0 and cost.peak > 20e6 for cost in costs)
    *_, report = growth.table(costs).splitlines()
    assert report.startswith("| report | ")
    curve.draw(costs, tmp_path / "growth.svg")
    picture = (tmp_path / "growth.svg").read_text()
    assert all(f">{job}<" in picture for job in growth.JOBS)


def test_search_returns_only_updated_records_when_some_were_touched():
    workspace = Workspace(300, touched=3)
    after = {"field": "updated_at", "operator": ">", "value": NEWEST + 1}
    body = json.dumps({"query": after, "pagination": {"per_page": 150}}).encode()
    page = json.loads(workspace(CallPlan("POST", "/conversations/search", {}, body)).body)
    assert page["total_count"] == 3
    assert all(found["updated_at"] > NEWEST for found in page["conversations"])


def test_workspace_fails_a_share_of_the_requests_when_it_is_told():
    workspace = Workspace(50, failing=(503, 0.5), seed=1)
    answers = [workspace(CallPlan("GET", "/conversations", {}, b"")) for _ in range(200)]
    assert {answer.status for answer in answers} == {200, 503}
    assert 60 < sum(answer.status == 503 for answer in answers) < 140
    assert all("X-RateLimit-Remaining" in answer.headers for answer in answers)


def test_conditions_show_the_ratio_to_the_first_when_there_are_others():
    calm = Line("extract", "intercom_nb", 0.25, 300, 2.0, 0.03, 1)
    runs = {"undisturbed": [calm], "5% answered 503": [dataclasses.replace(calm, seconds=2.5)]}
    *_, row = conditions._table({"extract": runs}, with_cpu=True).splitlines()
    assert row == "| extract, 300 | 2.0 s, 100 us | 2.5 s (1.25), 100 us |"
