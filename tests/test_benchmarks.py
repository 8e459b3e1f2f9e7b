"""The measurements measure: real processes and servers, few rows, no absolute times."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import Line, growth, job, table
from benchmarks.load import ceiling
from benchmarks.loopback import Server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    with Server("paged", rows=150, limit=None) as server:
        assert ceiling(server.url, "/conversations?per_page=150", seconds=0.2) > 10
    with Server("paged", rows=150, latency=0.01) as server:
        return [
            job(server.url, task, who, 150, 0.01)
            for task, who in (
                ("decoded", "plain"),
                ("list", "plain"),
                ("list", "intercom_nb"),
                ("extract parts", "intercom_nb"),
                ("list", "sdk"),
            )
        ]


def test_the_table_has_a_line_for_each_job_and_its_ratios(lines):
    head, rule, *rows = table(lines).splitlines()
    assert head.split()[:4] == ["task", "who", "ms", "rows"]
    assert set(rule) == {"-"}
    assert [row.split()[0] for row in rows] == ["decoded", "list", "list", "extract", "list"]
    print("\n".join([head, rule, *rows]))


def test_the_measurements_make_sense(lines):
    decoded, plain, ours, parts, sdk = lines
    assert all(line.rows == 150 and line.cpu > 0 and line.peak > 50e6 for line in lines)
    assert all(line.seconds > line.floor for line in lines)
    assert decoded.cpu < min(plain.cpu, ours.cpu, sdk.cpu)
    assert ours.cpu < sdk.cpu  # by ten times and more, on any machine
    assert parts.floor == pytest.approx(151 / 166.6)


def test_what_more_rows_cost_is_told():
    ours = Line("list", "intercom_nb", 0.0, 100, 1.0, 1.0, 100_000_000)
    more = Line("list", "intercom_nb", 0.0, 1_000, 9.0, 9.0, 110_000_000)
    assert list(growth([ours, more])) == [
        "list: with 10 times the rows, a row costs 0.90 times the CPU; peak 100 -> 110 MB"
    ]
