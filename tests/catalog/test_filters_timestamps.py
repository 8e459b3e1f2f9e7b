"""A search gives exactly the records of the instants that were asked for.

The API knows a contact's times by calendar day in the workspace's time zone, and takes both edges
of a conversation's: what is asked of it must be wide enough, and what comes back must be trimmed.
"""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_server import demo_connector, demo_workspace

from intercom_nb import catalog
from intercom_nb.catalog.filters import build_query
from intercom_nb.demo.api import predicates as demo_predicates

pytestmark = pytest.mark.slow

HOUR, DAY = 3_600, 86_400
ZONES = [
    "UTC",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Kiritimati",  # UTC+14
    "Pacific/Pago_Pago",  # UTC-11
    "Pacific/Apia",  # left out the whole of 2011-12-30
    "America/Santiago",  # clocks change at midnight
]
EXACT: dict[str, Any] = {
    "eq": lambda a, b: a == b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
CHANGES = [
    dt.datetime(2026, 3, 8, 7, tzinfo=dt.UTC),  # New York, forward
    dt.datetime(2026, 11, 1, 6, tzinfo=dt.UTC),  # New York, back
    dt.datetime(2026, 4, 4, 15, tzinfo=dt.UTC),  # Lord Howe, back
    dt.datetime(2026, 9, 6, 4, tzinfo=dt.UTC),  # Santiago, forward
    dt.datetime(2011, 12, 30, 10, tzinfo=dt.UTC),  # Apia
]
around_changes = st.builds(
    lambda change, hours, seconds: int(change.timestamp()) + hours * 3600 + seconds,
    st.sampled_from(CHANGES),
    st.integers(-60, 60),
    st.sampled_from([-1, 0, 1, 1799, 1800]),
)


def day(at: float, zone: str) -> int:
    return dt.datetime.fromtimestamp(at, ZoneInfo(zone)).toordinal()


def server_finds(query: dict[str, Any], at: int, zone: str) -> bool:
    """What the API's description says of contacts: compared by day, in the workspace's zone."""
    if query["operator"] == "AND":
        return all(server_finds(part, at, zone) for part in query["value"])
    of, wanted = day(at, zone), day(query["value"], zone)
    return {"=": of == wanted, ">": of > wanted, "<": of < wanted}[query["operator"]]


@settings(max_examples=400, deadline=None)
@given(
    at=around_changes,
    bound=around_changes,
    fraction=st.sampled_from([0, 0.5]),
    op=st.sampled_from(list(EXACT)),
    zone=st.sampled_from(ZONES),
)
def test_contact_filter_is_exact_to_the_second_when_the_server_compares_local_days(
    at: int, bound: int, fraction: float, op: str, zone: str
) -> None:
    fields = catalog.search_fields("contacts")
    assert fields is not None
    asked = build_query("contacts", fields, {f"created_at__{op}": bound + fraction})
    found = server_finds(asked.query, at, zone) and asked.residual.matches({"created_at": at})
    assert found is EXACT[op](at, bound + fraction)


@settings(max_examples=100, deadline=None)
@given(at=around_changes, bound=around_changes, zone=st.sampled_from(ZONES))
def test_contact_filter_matches_the_utc_day_when_the_value_is_a_date(
    at: int, bound: int, zone: str
) -> None:
    fields = catalog.search_fields("contacts")
    assert fields is not None
    date = dt.datetime.fromtimestamp(bound, dt.UTC).date()
    for written in (date, date.isoformat()):
        asked = build_query("contacts", fields, {"created_at": written})
        found = server_finds(asked.query, at, zone) and asked.residual.matches({"created_at": at})
        assert found is (at // DAY == bound // DAY)


def contacts() -> list[dict[str, Any]]:
    return list(demo_workspace().store.people.contacts.values())


def ids(records: list[dict[str, Any]], keep: Any) -> set[str]:
    return {r["id"] for r in records if keep(r)}


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("field", ["created_at", "last_seen_at"])
def test_contact_search_equals_brute_force_when_the_workspace_has_another_zone(
    zone: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_predicates, "local_day", lambda at: day(at, zone))
    c, everyone = demo_connector(), contacts()
    known = sorted(r[field] for r in everyone if r.get(field))
    middle = known[len(known) // 2]
    for low, high in [
        (middle, middle + 3 * DAY),  # both edges on records or beside them
        (middle - 1, middle + 1),
        (middle, middle),
        (int(CHANGES[0].timestamp()) - DAY // 2, int(CHANGES[0].timestamp()) + DAY // 2),
    ]:
        got = c.sync.contacts.search({f"{field}__gte": low, f"{field}__lte": high}, limit=None)
        want = ids(everyone, lambda r: r.get(field) and low <= r[field] <= high)  # noqa: B023
        assert set(got["id"]) == want
        assert len(got) == len(want)
        got = c.sync.contacts.search({f"{field}__gt": low, f"{field}__lt": high}, limit=None)
        assert set(got["id"]) == ids(everyone, lambda r: r.get(field) and low < r[field] < high)  # noqa: B023


def test_contact_search_returns_one_second_when_the_times_are_equal() -> None:
    c, known = demo_connector(), sorted(contacts(), key=lambda r: r["created_at"])
    # One that another follows within the hour, which the API returns too.
    someone = next(a for a, b in pairwise(known) if 0 < b["created_at"] - a["created_at"] < HOUR)
    at = someone["created_at"]
    got = c.sync.contacts.search(created_at=at, limit=None)
    assert got["id"].tolist() == [someone["id"]]
    assert c.sync.contacts.search(created_at=at, limit=1)["id"].tolist() == [someone["id"]]
    assert got["created_at"].tolist() == [pd.Timestamp(at, unit="s", tz="UTC")]
    assert got.attrs["intercom"]["dropped_by_exact_times"] > 0
    assert c.sync.contacts.search(created_at__gt=at, created_at__lt=at + 1).empty


def test_limit_counts_only_matches_when_a_residual_filter_drops_records() -> None:
    c, everyone = demo_connector(), contacts()
    low = sorted(r["created_at"] for r in everyone)[len(everyone) // 2] + 1
    got = c.sync.contacts.search(created_at__gte=low, limit=7, per_page=10)
    assert len(got) == 7
    assert (got["created_at"] >= pd.Timestamp(low, unit="s", tz="UTC")).all()


@pytest.mark.parametrize("op", ["gt", "gte", "lt", "lte", "eq", "ne"])
def test_conversation_search_is_exact_when_the_bound_is_at_a_record(op: str) -> None:
    c = demo_connector()
    everyone = list(demo_workspace().store.conversations.values())
    at = sorted(r["created_at"] for r in everyone)[len(everyone) // 2]
    near = {"created_at__gt": at - DAY, "created_at__lt": at + DAY}
    for bound in (at, at + 0.5, at - 1):
        if op in {"eq", "ne"} and bound != math.floor(bound):
            continue
        got = c.sync.conversations.search({**near, f"created_at__{op}": bound}, limit=None)
        compare = EXACT.get(op, lambda a, b: a != b)
        want = ids(
            everyone,
            lambda r: at - DAY < r["created_at"] < at + DAY and compare(r["created_at"], bound),  # noqa: B023
        )
        assert set(got["id"]) == want
        assert want or op == "eq"


def test_conversation_search_returns_the_utc_day_when_the_value_is_a_date() -> None:
    c = demo_connector()
    everyone = list(demo_workspace().store.conversations.values())
    got = c.sync.conversations.search(created_at="2026-03-09", limit=None)
    low = int(dt.datetime(2026, 3, 9, tzinfo=dt.UTC).timestamp())
    assert set(got["id"]) == ids(everyone, lambda r: low <= r["created_at"] < low + DAY)
    assert len(got) > 3


def test_conversation_search_is_exact_when_the_bound_is_a_number() -> None:
    c = demo_connector()
    everyone = list(demo_workspace().store.conversations.values())
    name = "statistics.time_to_admin_reply"

    def seconds(record: dict[str, Any]) -> int:
        return (record["statistics"] or {}).get("time_to_admin_reply") or -1

    known = sorted(map(seconds, everyone))
    bound = known[-20]
    for op in ("gt", "gte"):
        got = c.sync.conversations.search({f"{name}__{op}": bound}, limit=None)
        assert set(got["id"]) == ids(everyone, lambda r: EXACT[op](seconds(r), bound))  # noqa: B023
        assert len(got) in {19, 20}


def test_search_returns_the_same_records_when_it_has_more_than_15_filters() -> None:
    c = demo_connector()
    fields = catalog.search_fields("conversations")
    assert fields is not None
    plain = [n for n, f in fields.fields.items() if f.type == "string" and not f.values]
    filters = {f"{name}__ne": "no such value" for name in plain[:17]}
    assert len(filters) == 17
    some = c.sync.conversations.search({"state": "snoozed"}, limit=None)
    same = c.sync.conversations.search({"state": "snoozed", **filters}, limit=None)
    assert len(some) > 0
    assert set(same["id"]) == set(some["id"])


def test_search_returns_ordered_records_when_sort_is_given() -> None:
    c = demo_connector()
    up = c.sync.conversations.search(state="open", sort="created_at", limit=None)
    down = c.sync.conversations.search(state="open", sort="-created_at", limit=None)
    assert up["created_at"].is_monotonic_increasing
    assert down["created_at"].is_monotonic_decreasing
    assert set(up["id"]) == set(down["id"])
    assert len(up) > 20
