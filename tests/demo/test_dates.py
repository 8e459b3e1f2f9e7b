"""The year of the demo ends today, or on the date that the environment fixes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys

import pytest

from intercom_nb import connect
from intercom_nb.demo.dates import DATE_VARIABLE, _read_date
from intercom_nb.demo.settings import DAY
from intercom_nb.errors import ConfigurationError

pytestmark = pytest.mark.slow

DAYS = [
    "2028-02-29",  # leap day
    "2026-12-31",
    "2027-01-01",
    "2027-01-02",  # the end of the quiet days, a Saturday
    "2027-02-01",  # a Monday, and the first of a month
    "2027-03-14",  # summer time begins in New York
    "2026-11-01",  # and ends
    "2027-05-24",  # a Monday after the weekend
]

SCRIPT = """
import hashlib, json, sys
from intercom_nb.demo import NOW, DemoRequest, DemoWorkspace, TOKEN
from intercom_nb.demo import dates
store = DemoWorkspace().store
created = sorted(r["created_at"] for r in store.conversations.values())
latest = max(r["updated_at"] for r in store.conversations.values())
ids = [*store.conversations, *store.people.contacts, *store.people.companies, *store.tickets]
incident = [at for at in created if dates.INCIDENT_START <= at < dates.INCIDENT_END]
usual = [at for at in created if 0 <= dates.INCIDENT_START - at < 4 * 7 * 86_400]
print(json.dumps({
    "now": NOW, "first": created[0], "last": created[-1], "latest": latest,
    "week": sum(at >= NOW - 7 * 86_400 for at in created), "count": len(created),
    "incident": len(incident), "usual": len(usual) / 4, "ids": hashlib.sha256(
        json.dumps(ids).encode()).hexdigest(),
    "names": [t["name"] for t in store.organization.tags.values()],
}))
"""


# The clock stands at 15:00 UTC of the day, and the demo's date is left to it.
ANY_DAY = """
import sys, json, time
import pandas as pd
day = pd.Timestamp(sys.argv[1] + "T15:00Z")
time.time = day.timestamp
pd.Timestamp.now = lambda tz=None: day.tz_convert(tz)
from intercom_nb import analysis, connect
c = connect("demo").sync
df = c.conversations.list(limit=None)
replies = analysis.first_reply(df, by="team", period="last-month")
print(json.dumps({
    "7d": len(c.conversations.search(created_at__gt="7d", limit=None)),
    "30d": len(c.conversations.search(created_at__gt="30d", limit=None)),
    "open": len(c.conversations.search(state="open", created_at__gt="7d", limit=None)),
    "contacts": len(c.contacts.search(created_at__gt="30d", limit=None)),
    "tickets": len(c.tickets.search(created_at__gt="30d", limit=None)),
    "measured": int(replies["measured"].sum()), "finding": replies.metric.finding,
}))
"""


def run(script: str, *arguments: str, date: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, with the demo's date in its environment."""
    environment = {k: v for k, v in os.environ.items() if k != DATE_VARIABLE}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment | ({} if date is None else {DATE_VARIABLE: date}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def build(date: str | None) -> dict:
    """Build the workspace of a date in a process of its own."""
    done = run(SCRIPT, date=date)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("date", [None, "2026-11-01", "2028-02-29", "2027-03-15", "2031-01-02"])
def test_workspace_spans_the_year_before_the_date_when_one_is_set(date):
    found = build(date)
    now = found["now"]
    if date is None:
        today = dt.datetime.now(dt.UTC).timestamp()
        assert 0 <= today - now < 2 * DAY  # the second day if midnight passes meanwhile
    assert now - 366 * DAY < found["first"] < now - 355 * DAY
    assert now - DAY < found["last"] <= found["latest"] < now
    assert found["week"] > 30
    assert 3_260 < found["count"] < 3_290
    assert found["incident"] > 1.6 * found["usual"]


@pytest.mark.parametrize("day", DAYS)
def test_search_returns_rows_for_recent_ages_when_the_demo_ends_on_any_day(day):
    done = run(ANY_DAY, day)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert 20 < found["7d"] < found["30d"] < 500
    assert min(found["open"], found["contacts"], found["tickets"]) > 0, found
    assert found["measured"] > 100
    assert "edian" in found["finding"]


def test_connect_raises_when_the_demo_already_has_another_date():
    script = """
import datetime, os, intercom_nb
from intercom_nb import connect
from intercom_nb.errors import ConfigurationError
def refused(**options):
    try:
        connect("demo", **options)
    except ConfigurationError as error:
        return str(error)
print(refused(now="soon"), os.environ.get("INTERCOM_NB_DEMO_DATE"))
intercom_nb.explore, intercom_nb.login  # loading the forms leaves the date open
c = connect("demo", now=datetime.date(2028, 2, 29))
print(c.sync.conversations.list(limit=None)["created_at"].max().date())
connect("demo", now="2028-02-29"), connect("demo")
print(refused(now="2028-03-01"))
"""
    done = run(script, date="2026-11-01")
    assert done.returncode == 0, done.stderr
    invalid, newest, other = done.stdout.splitlines()
    assert invalid.startswith(
        "now must be a date from 2010 to 2090, such as 2026-11-01, not 'soon'"
    )
    assert invalid.endswith(" 2026-11-01")  # the environment is as it was
    assert newest == "2028-02-28"  # the year ends with the day before
    assert "ends on 2028-02-29, not on '2028-03-01'. Restart" in other


def test_connect_raises_when_now_is_given_without_the_demo():
    with pytest.raises(ConfigurationError, match=r"connect\('demo'\)"):
        connect(access_token="t", now="2026-11-01")


def test_workspace_has_the_same_ids_when_the_date_is_the_same():
    one, two, other = build("2027-05-20"), build("2027-05-20"), build("2027-05-21")
    assert one == two
    assert one["ids"] != other["ids"]
    # The week of 28 December 2026: the tag names the month in which it began.
    assert "outage december" in one["names"]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1999-01-01", "2026-11-01T09:00"])
def test_read_date_raises_with_an_example_when_the_date_is_not_valid(text):
    with pytest.raises(ValueError, match=rf"{DATE_VARIABLE} must be a date .*2026-11-01"):
        _read_date(text)


@pytest.mark.parametrize(
    "code", ["connect('demo')", "raise SystemExit(cli.main.main(['demo', '--port', '0']))"]
)
def test_demo_raises_configuration_error_when_the_date_is_not_valid(code):
    script = f"import intercom_nb.cli.main\nfrom intercom_nb import cli, connect\n{code}"
    environment = {**os.environ, DATE_VARIABLE: "tomorrow"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"{DATE_VARIABLE} must be a date" in done.stderr
    assert "ConfigurationError" in done.stderr or "Traceback" not in done.stderr


def test_extract_reads_records_after_today_when_the_demo_ends_later():
    script = """
import sys, tempfile
from intercom_nb import connect
from intercom_nb.errors import InvalidParameterError
c = connect("demo").sync
with tempfile.TemporaryDirectory() as folder:
    ds = c.extract("conversations", folder + "/a", since="2079-12-20", progress=False)
    print(len(ds.pandas("conversations", ["id"])) > 20)
    try:
        c.extract("conversations", folder + "/b", since="2080-01-02")
    except InvalidParameterError as error:
        print(error)
"""
    done = run(script, date="2080-01-01")
    assert done.stderr == ""
    assert done.stdout.startswith("True\nsince (2080-01-02 00:00:00 UTC) is in the future")
