"""The records: the same every time, as many as promised, and with the rhythm of a real year."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from statistics import median

import pytest

from intercom_nb.demo import NOW, DemoRequest, DemoWorkspace
from intercom_nb.demo.data.conversations import conversation_id
from intercom_nb.demo.data.time_zone import offset
from intercom_nb.demo.dates import INCIDENT_END, INCIDENT_START, START
from intercom_nb.demo.settings import DAY

from .conftest import HEADERS

pytestmark = pytest.mark.slow

PATHS = [
    ("/contacts", [("per_page", "150")]),
    ("/conversations", [("per_page", "150")]),
    ("/companies", [("per_page", "60")]),
    ("/tags", []),
    ("/teams", []),
    ("/admins", []),
    ("/segments", [("include_count", "true")]),
    ("/internal_articles", []),
    ("/data_attributes", []),
    (f"/conversations/{conversation_id(2_020)}", []),
]


@pytest.fixture(scope="module")
def records(shared):
    return shared.every("/conversations", "conversations")


def bodies(workspace, order=1):
    answers = [workspace.handle(DemoRequest("GET", p, q, HEADERS)).body for p, q in PATHS[::order]]
    return answers[::order]


def test_workspace_is_the_same_when_the_seed_is_the_same(shared):
    # What is asked first must not shift the dice of what is asked later.
    assert bodies(DemoWorkspace(7), -1) == bodies(shared.workspace)


def test_workspace_differs_when_the_seed_differs(shared):
    path = "/contacts"
    other = DemoWorkspace(8).handle(DemoRequest("GET", path, [], HEADERS))
    assert other.body != shared.workspace.handle(DemoRequest("GET", path, [], HEADERS)).body


def test_import_of_the_demo_loads_no_heavy_module():
    code = (
        "import sys, intercom_nb.demo; "
        "print(sorted({'httpx', 'http.server', 'msgspec', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("[]", "['msgspec']")


def test_workspace_has_the_promised_sizes(shared):
    assert shared.get("/contacts")["total_count"] == 860
    assert shared.get("/conversations")["total_count"] == 3_264
    assert len(shared.store.people.companies) == 64
    assert len(shared.get("/teams")["teams"]) == 6
    assert len(shared.get("/admins")["admins"]) == 14
    assert len(shared.get("/tags")["data"]) == 16
    assert len(shared.get("/segments")["segments"]) == 6
    assert shared.get("/internal_articles")["total_count"] == 25
    assert len(shared.store.people.notes) > 200


def test_record_ids_are_text_and_references_to_them_are_numbers(shared):
    contacts = shared.every("/contacts", "data")
    assert all(len(record["id"]) == 24 and int(record["id"], 16) for record in contacts)
    assert all(record["owner_id"] is None or type(record["owner_id"]) is int for record in contacts)
    team = shared.get("/teams")["teams"][0]
    assert team["id"].isdigit()
    assert all(type(number) is int for number in team["admin_ids"])
    conversation = shared.get("/conversations")["conversations"][0]
    assert conversation["id"].isdigit()
    assert len({record["id"] for record in contacts}) == len(contacts)


def test_conversation_parts_have_unique_ids(shared):
    store = shared.store
    ids = [part["id"] for key in store.conversations for part in store.parts(key)]
    assert len(ids) > 20_000
    assert len(set(ids)) == len(ids)


def test_contacts_differ_in_their_fields(shared):
    contacts = shared.every("/contacts", "data")
    assert {record["role"] for record in contacts} == {"user", "lead"}
    assert any("email_domain" not in record for record in contacts)
    assert any(record["custom_attributes"] == {} for record in contacts)
    assert any(record["custom_attributes"].get("plan", "") is None for record in contacts)
    kinds = {type(r["custom_attributes"].get("mrr")) for r in contacts}
    assert kinds == {int, float, type(None)}
    names = [record["name"] for record in contacts]
    assert None in names
    assert "=1+1" in names
    assert any(name and "onerror=" in name for name in names)
    assert any(name and "🦊" in name for name in names)
    assert len({record["location"]["country"] for record in contacts}) > 10


def test_contact_lists_have_at_most_ten_items(shared):
    busy = [record for record in shared.every("/contacts", "data") if record["tags"]["has_more"]]
    assert len(busy) >= 3
    for name in ("tags", "notes", "companies"):
        box = busy[0][name]
        assert len(box["data"]) == 10 < box["total_count"]
        assert box["has_more"] is True
        whole = shared.get(box["url"])
        assert len(whole["data"]) == box["total_count"]
        assert {e["id"] for e in box["data"]} <= {e["id"] for e in whole["data"]}


def test_companies_differ_in_their_fields(shared):
    companies = shared.store.people.companies.values()
    plans = [company["plan"] for company in companies]
    assert {} in plans
    assert None in plans
    assert any("size" not in company for company in companies)


def test_conversations_differ_in_their_fields(shared, records):
    assert {record["state"] for record in records} == {"open", "closed", "snoozed"}
    assert {"conversation", "email", "whatsapp", "sms"} <= {r["source"]["type"] for r in records}
    assert any(record["source"]["body"] is None for record in records)
    assert any("onerror" in (record["source"]["body"] or "") for record in records)
    assert any(record["statistics"] is None for record in records)
    assert any((r["conversation_rating"] or {}).get("remark") for r in records)
    assert {s["sla_status"] for r in records if (s := r["sla_applied"])} >= {"hit", "missed"}
    assert any(isinstance(r["custom_attributes"].get("Order"), dict) for r in records)
    assert all((r["ai_agent"] is not None) is r["ai_agent_participated"] for r in records)
    assert all("conversation_parts" not in record for record in records)
    contacts = shared.store.people.contacts
    assert all(r["contacts"]["contacts"][0]["id"] in contacts for r in records)


def test_story_events_are_ordered_and_within_the_year(shared):
    for story in shared.store.stories.values():
        times = [story.created_at, *(event.at for event in story.events)]
        assert times == sorted(times)
        assert times[0] >= START
        assert times[-1] < NOW


def test_get_conversation_returns_the_newest_500_parts_when_it_has_more(shared):
    lengths = {}
    for key, story in shared.store.stories.items():
        if len(story.events) >= 500:
            parts = shared.get(f"/conversations/{key}")["conversation_parts"]["conversation_parts"]
            assert [p["id"] for p in parts] == [p["id"] for p in shared.store.parts(key)[-500:]]
            lengths[len(story.events)] = len(parts)
    assert lengths == {500: 500, 501: 500, 523: 500, 748: 500}


def test_get_conversation_returns_text_when_displayed_as_plaintext(shared):
    record = shared.search(
        "conversations", {"field": "source.body", "operator": "=", "value": "certificate"}
    ).json
    assert record["total_count"] == 0  # an answer of ours, not a first message
    keys = [k for k, s in shared.store.stories.items() if len(s.events) > 8][:40]
    for key in keys:
        shown = shared.get(f"/conversations/{key}", display_as="plaintext")
        texts = [part["body"] for part in shown["conversation_parts"]["conversation_parts"]]
        assert not any("<p>" in (text or "") for text in [*texts, shown["source"]["body"]])
        assert any(texts)


class TestRhythm:
    def test_workspace_has_fewer_conversations_when_it_is_a_weekend(self, records):
        days = Counter((r["created_at"] + offset(r["created_at"])) // DAY % 7 for r in records)
        weekdays = [days[day] for day in (4, 5, 6, 0, 1)]  # 1 January 1970 was a Thursday
        assert max(days[2], days[3]) * 2 < min(weekdays)

    def test_workspace_has_a_third_more_conversations_when_it_is_monday(self, records):
        days = Counter((r["created_at"] + offset(r["created_at"])) // DAY % 7 for r in records)
        others = sum(days[day] for day in (5, 6, 0, 1)) / 4  # Tuesday to Friday
        assert 1.25 < days[4] / others < 1.42

    def test_workspace_has_most_conversations_when_offices_are_open(self, records):
        hours = Counter((r["created_at"] + offset(r["created_at"])) % DAY // 3600 for r in records)
        assert sum(hours[hour] for hour in range(9, 18)) > 0.6 * len(records)

    def test_workspace_volume_grows_over_the_year(self, records):
        middle = (START + NOW) // 2
        before = sum(r["created_at"] < middle for r in records)
        assert before < 0.48 * len(records)

    def test_workspace_has_more_volume_and_slower_replies_when_an_incident_runs(self, records):
        def waits(start, end):
            return median(
                wait
                for r in records
                if start <= r["created_at"] < end
                and (wait := (r["statistics"] or {}).get("time_to_admin_reply"))
            )

        during = waits(INCIDENT_START, INCIDENT_END)
        before = waits(INCIDENT_START - 28 * DAY, INCIDENT_START)
        assert during > 4 * before
        week = sum(INCIDENT_START <= r["created_at"] < INCIDENT_END for r in records)
        month = sum(INCIDENT_START - 28 * DAY <= r["created_at"] < INCIDENT_START for r in records)
        assert week > 1.6 * month / 4

    def test_workspace_replies_recover_when_the_incident_is_over(self, records):
        def wait_from(start):
            times = [
                (r["statistics"] or {}).get("time_to_admin_reply")
                for r in records
                if start <= r["created_at"] < start + 7 * DAY
            ]
            return median(filter(None, times))

        during, recovery, later = (wait_from(INCIDENT_START + week * 7 * DAY) for week in range(3))
        assert during > 1.5 * recovery > 1.5 * later

    def test_workspace_teams_differ_in_reply_times(self, records):
        waits = {}
        for record in records:
            wait = (record["statistics"] or {}).get("time_to_admin_reply")
            if wait and record["team_assignee_id"]:
                waits.setdefault(record["team_assignee_id"], []).append(wait)
        medians = sorted(median(values) for values in waits.values())
        assert len(medians) == 6
        assert medians[0] * 4 < medians[-1]

    def test_workspace_ratings_are_lower_when_waits_are_long(self, records):
        rated = [r for r in records if r["conversation_rating"] and r["statistics"]]
        waits = {True: [], False: []}
        for record in rated:
            wait = record["statistics"]["time_to_admin_reply"]
            waits[record["conversation_rating"]["rating"] >= 4].append(wait)
        assert len(rated) > 400
        assert median(waits[True]) < median(waits[False])


class TestWhatMetricsNeed:
    """Cases that a metric can only be shown on if the workspace has them."""

    def test_workspace_has_replies_of_teammates_who_were_never_assigned(self, shared, records):
        found = 0
        for record in records:
            parts = shared.store.parts(record["id"])
            authors = {
                part["author"]["id"]
                for part in parts
                if part["part_type"] == "comment" and part["author"]["type"] == "admin"
            }
            given = {part["assigned_to"]["id"] for part in parts if part["assigned_to"]}
            found += bool(authors - given)
        assert found > 100

    def test_workspace_has_ratings_of_others_than_the_assignee(self, records):
        rated = [
            (int(rating["teammate"]["id"]), record["admin_assignee_id"])
            for record in records
            if (rating := record["conversation_rating"]) and rating["teammate"]
        ]
        others = sum(teammate != assignee for teammate, assignee in rated)
        assert 10 < others < len(rated) / 4

    def test_workspace_has_outbound_and_bot_only_conversations(self, records):
        outbound = [r for r in records if r["source"]["delivered_as"] == "admin_initiated"]
        silent = [r for r in outbound if (r["statistics"] or {}).get("first_contact_reply_at")]
        bot_only = [
            r
            for r in records
            if r["ai_agent_participated"] and not r["teammates"] and r["state"] == "closed"
        ]
        assert 0 < len(silent) < len(outbound) < 0.1 * len(records)
        assert len(bot_only) > 200
        assert {r["ai_agent"]["resolution_state"] for r in bot_only} >= {
            "assumed_resolution",
            "confirmed_resolution",
        }

    def test_slas_have_several_names_and_every_status(self, records):
        found = Counter(
            (sla["sla_name"], sla["sla_status"]) for r in records if (sla := r["sla_applied"])
        )
        names = {name for name, _ in found}
        assert names == {"First line", "Billing", "Technical", "Key accounts", "Urgent"}
        assert all(min(found[name, "hit"], found[name, "missed"]) > 5 for name in names)
        assert {status for _, status in found} >= {"hit", "missed", "cancelled"}

    def test_tickets_move_through_their_states_in_order(self, shared):
        tickets = shared.store.tickets.values()
        for ticket in tickets:
            parts = ticket["ticket_parts"]["ticket_parts"]
            times = [part["created_at"] for part in parts]
            assert times == sorted(times)
            assert parts[-1]["ticket_state"] == ticket["ticket_state"]["category"]
            moves = zip(parts[1:], parts, strict=False)
            assert all(new["previous_ticket_state"] == old["ticket_state"] for new, old in moves)
        assert sum(ticket["ticket_parts"]["total_count"] == 4 for ticket in tickets) > 20

    def test_articles_have_uneven_ratings(self, shared):
        articles = shared.get("/articles", per_page=150)["data"]
        happy = [
            counts["happy_reaction_percentage"]
            for article in articles
            if (counts := article["statistics"])["reactions"] > 10
        ]
        assert min(happy) < 45 < 80 < max(happy)
        assert any(article["statistics"]["views"] == 0 for article in articles)

    def test_companies_have_plans_and_seats(self, shared):
        companies = shared.store.people.companies.values()
        plans = Counter((company["plan"] or {}).get("name") for company in companies)
        assert len(plans) > 4
        seats = [company["custom_attributes"].get("seats") for company in companies]
        assert len(set(filter(None, seats))) > 10
