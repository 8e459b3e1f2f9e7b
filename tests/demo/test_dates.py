"""The year of the demo ends today, or on the date that the environment fixes."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys

import pytest

from intercom_nb.demo.settings import DATE_VARIABLE, DAY, _read_date

pytestmark = pytest.mark.slow

SCRIPT = """
import hashlib, json, sys
from intercom_nb.demo import NOW, DemoRequest, DemoWorkspace, TOKEN
from intercom_nb.demo import settings
store = DemoWorkspace().store
created = sorted(r["created_at"] for r in store.conversations.values())
latest = max(r["updated_at"] for r in store.conversations.values())
ids = [*store.conversations, *store.people.contacts, *store.people.companies, *store.tickets]
incident = [at for at in created if settings.INCIDENT_START <= at < settings.INCIDENT_END]
usual = [at for at in created if 0 <= settings.INCIDENT_START - at < 4 * 7 * 86_400]
print(json.dumps({
    "now": NOW, "first": created[0], "last": created[-1], "latest": latest,
    "week": sum(at >= NOW - 7 * 86_400 for at in created), "count": len(created),
    "incident": len(incident), "usual": len(usual) / 4, "ids": hashlib.sha256(
        json.dumps(ids).encode()).hexdigest(),
    "names": [t["name"] for t in store.organization.tags.values()],
}))
"""


def build(date: str | None) -> dict:
    """Build the workspace of a date in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k != DATE_VARIABLE}
    if date is not None:
        environment[DATE_VARIABLE] = date
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("date", [None, "2026-11-01", "2028-02-29", "2027-03-15", "2031-01-02"])
def test_records_span_the_year_before_the_date(date):
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


def test_ids_are_the_same_when_the_date_is_the_same():
    one, two, other = build("2027-05-20"), build("2027-05-20"), build("2027-05-21")
    assert one == two
    assert one["ids"] != other["ids"]
    # The week of 28 December 2026: the tag names the month in which it began.
    assert "outage december" in one["names"]


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "1999-01-01", "2026-11-01T09:00"])
def test_a_date_is_refused_with_the_right_form_when_it_is_not_valid(text):
    with pytest.raises(ValueError, match=rf"{DATE_VARIABLE} must be a date .*2026-11-01"):
        _read_date(text)


@pytest.mark.parametrize(
    "code", ["connect('demo')", "raise SystemExit(cli.main.main(['demo', '--port', '0']))"]
)
def test_package_raises_its_own_error_when_the_date_is_not_valid(code):
    script = f"import intercom_nb.cli.main\nfrom intercom_nb import cli, connect\n{code}"
    environment = {**os.environ, DATE_VARIABLE: "tomorrow"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"{DATE_VARIABLE} must be a date" in done.stderr
    assert "ConfigurationError" in done.stderr or "Traceback" not in done.stderr
