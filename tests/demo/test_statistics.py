"""Statistics against the parts: counted here once more, from what the API shows."""

from __future__ import annotations

from statistics import median

import pytest

from intercom_nb.demo.data.organization import OFFICE, TEAMS, team_id
from intercom_nb.demo.data.time_zone import offset
from intercom_nb.demo.settings import MINUTE


def first(values):
    return next(iter(values), None)


def last(values):
    return values[-1] if values else None


def recount(conversation, parts):
    """Count what can be counted, in the plainest way."""
    begin = conversation["created_at"]
    inbound = conversation["source"]["delivered_as"] == "customer_initiated"
    people = ("user", "lead")
    said = [p for p in parts if p["author"]["type"] in people and (p["body"] or p["redacted"])]
    started = begin if inbound else first([p["created_at"] for p in said])
    later = [p for p in parts if started is not None and p["created_at"] >= started]
    replies = [p for p in later if p["part_type"] == "comment" and p["author"]["type"] == "admin"]
    assigned = [p["created_at"] for p in later if p["part_type"] == "assignment"]
    closes = [p for p in later if p["part_type"] == "close"]
    closed = [p["created_at"] for p in closes]
    reply = first([p["created_at"] for p in replies])
    before = [at for at in assigned if reply is None or at <= reply]

    def since(at):
        return None if at is None else at - begin

    return {
        "time_to_assignment": since(last(before)),
        "time_to_admin_reply": since(reply),
        "time_to_first_close": since(first(closed)),
        "time_to_last_close": since(last(closed)),
        "median_time_to_reply": waits(begin if inbound else None, parts),
        "first_contact_reply_at": started,
        "first_assignment_at": first(assigned),
        "first_admin_reply_at": reply,
        "first_close_at": first(closed),
        "last_assignment_at": last(assigned),
        "last_assignment_admin_reply_at": first(
            [p["created_at"] for p in replies if assigned and p["created_at"] >= assigned[-1]]
        ),
        "last_contact_reply_at": last([p["created_at"] for p in said]) or started,
        "last_admin_reply_at": last([p["created_at"] for p in replies]),
        "last_close_at": last(closed),
        "last_closed_by_id": closes[-1]["author"]["id"] if closes else None,
        "count_reopens": sum(p["part_type"] == "open" for p in later),
        "count_assignments": len(assigned),
        "count_conversation_parts": len(parts),
        "handling_time": closed[-1] - assigned[0] if closed and assigned else None,
    }


def waits(waiting, parts):
    found = []
    for part in parts:
        kind = part["author"]["type"]
        if kind in ("user", "lead") and (part["body"] or part["redacted"]):
            waiting = waiting if waiting is not None else part["created_at"]
        elif kind == "admin" and part["part_type"] == "comment" and waiting is not None:
            found.append(part["created_at"] - waiting)
            waiting = None
    return int(median(found)) if found else None


def test_statistics_equal_a_recount_of_the_parts(shared):
    store, checked, unanswered = shared.store, 0, 0
    for key, record in store.conversations.items():
        if record["statistics"] is None:
            continue
        expected = recount(record, store.parts(key))
        shown = {name: record["statistics"][name] for name in expected}
        assert shown == expected, key
        checked += 1
        unanswered += expected["time_to_admin_reply"] is None
    assert checked > 3_100
    assert unanswered > 400


def test_get_conversation_returns_the_parts_of_the_store(shared):
    for key in list(shared.store.conversations)[::120]:
        shown = shared.get(f"/conversations/{key}")
        parts = shown["conversation_parts"]["conversation_parts"]
        assert parts == shared.store.parts(key)
        if shown["statistics"]:
            assert shown["statistics"]["count_conversation_parts"] == len(parts)
            numbers = recount(shown, parts)
            assert numbers == {name: shown["statistics"].get(name) for name in numbers}


def test_conversation_state_is_that_of_its_last_part(shared):
    for key, record in shared.store.conversations.items():
        parts = shared.store.parts(key)
        assert record["state"] == (parts[-1]["state"] if parts else "open"), key
        assert record["open"] is (record["state"] != "closed")
        assert record["updated_at"] == (parts[-1]["created_at"] if parts else record["created_at"])
        written = [p for p in parts if p["body"] or p["redacted"]]
        wrote = {p["author"]["id"] for p in written if p["author"]["type"] == "admin"}
        assert {t["id"] for t in (record["teammates"] or {}).get("teammates", [])} == wrote


def test_conversation_assignees_are_those_of_the_last_assignment(shared):
    for key, record in shared.store.conversations.items():
        to = [part["assigned_to"] for part in shared.store.parts(key) if part["assigned_to"]]
        teams = [int(target["id"]) for target in to if target["type"] == "team"]
        admins = [int(target["id"]) for target in to if target["type"] == "admin"]
        assert record["team_assignee_id"] == last(teams)
        assert record["admin_assignee_id"] == last(admins)


@pytest.mark.parametrize("team", range(len(TEAMS)))
def test_office_hours_equal_a_count_of_minutes(shared, team):
    number, seen = int(team_id(team)), 0
    for record in shared.store.conversations.values():
        statistics = record["statistics"] or {}
        times = statistics.get("assigned_team_first_response_time_in_office_hours", [])
        if not times or times[0]["team_id"] != number:
            continue
        wait = statistics["assigned_team_first_response_time"][0]["response_time"]
        end = statistics["first_admin_reply_at"]
        hours = TEAMS[team].hours
        minutes = sum(open_at(at, hours) for at in range(end - wait, end, MINUTE))
        assert abs(minutes * MINUTE - times[0]["response_time"]) <= 4 * MINUTE
        seen += 1
        if seen == 12:
            return
    pytest.fail("too few conversations")


def open_at(at, hours):
    local = at + offset(at)
    opening, closing = hours.get((local // 86_400 + 3) % 7, (0, 0))
    return opening <= local % 86_400 / 3600 < closing


def test_between_is_the_inverse_of_after():
    for office in OFFICE:
        for start in range(1_770_000_000, 1_770_900_000, 43_210):
            for seconds in (1, 59, 3_600, 90_000):
                assert office.between(start, office.after(start, seconds)) == seconds
