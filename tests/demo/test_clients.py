"""Requests as other clients send them, and records that the metrics need."""

from __future__ import annotations

from collections import Counter

import pytest

from intercom_nb.demo import NOW
from intercom_nb.demo.data.stories import ADMIN

pytestmark = pytest.mark.slow

DAY = 86_400
LISTS = {
    "/help_center/help_centers": "data",
    "/brands": "data",
    "/emails": "data",
    "/tags": "data",
    "/admins": "admins",
    "/teams": "teams",
    "/segments": "segments",
    "/ticket_types": "data",
    "/ticket_states": "data",
    "/data_attributes": "data",
}


@pytest.mark.parametrize("path", LISTS)
def test_list_is_empty_when_the_second_page_of_a_short_one_is_requested(small, path):
    assert small.get(path)[LISTS[path]]
    assert small.get(path, page=1)[LISTS[path]] == small.get(path)[LISTS[path]]
    assert small.get(path, page=2)[LISTS[path]] == []


def test_help_centers_list_has_pages(small):
    found = small.get("/help_center/help_centers")
    assert (found["pages"]["total_pages"], found["pages"]["next"]) == (1, None)


@pytest.mark.parametrize("entity", ["contacts", "conversations", "tickets"])
@pytest.mark.parametrize("send", [float, str, lambda at: str(float(at))])
def test_search_returns_the_same_count_when_seconds_are_a_float_or_text(small, entity, send):
    at = NOW - 90 * DAY
    query = {"field": "updated_at", "operator": ">"}
    wanted = small.search(entity, {**query, "value": at}).json
    found = small.search(entity, {**query, "value": send(at)}).json
    assert wanted["total_count"] == found["total_count"] > 0


@pytest.mark.parametrize("entity", ["contacts", "conversations", "tickets"])
def test_search_returns_every_record_when_the_id_is_above_an_empty_text(small, entity):
    every = small.search(entity, {"field": "id", "operator": ">", "value": ""}).json
    assert every["total_count"] == len(small.store.newest_first(entity))
    first = min(record["id"] for record in small.store.newest_first(entity))
    later = small.search(entity, {"field": "id", "operator": ">", "value": first}).json
    assert later["total_count"] == every["total_count"] - 1


@pytest.mark.parametrize("value", [7700, "7700"])
def test_article_update_returns_a_number_when_the_parent_is_sent_in_either_form(ask, value):
    key = next(iter(ask.store.tables["articles"]))
    assert ask("PUT", f"/articles/{key}", {"parent_id": value}).json["parent_id"] == 7700


def test_article_reaction_shares_differ_and_add_up_to_100(small):
    found = [a["statistics"] for a in small.get("/articles", per_page=150)["data"]]
    kinds = ("happy", "neutral", "sad")
    shares = {tuple(s[f"{kind}_reaction_percentage"] for kind in kinds) for s in found}
    assert len(shares) > 12
    for statistics in found:
        total = sum(statistics[f"{kind}_reaction_percentage"] for kind in kinds)
        assert abs(total - 100) < 0.3 if statistics["reactions"] else total == 0


def test_workspace_has_the_variety_that_metrics_need(shared):
    store = shared.store
    stories, records = store.stories, store.conversations
    wrote = {
        key: {e.actor for e in story.events if e.by == ADMIN and e.kind == "comment"}
        for key, story in stories.items()
    }
    assigned = {key: str(record["admin_assignee_id"]) for key, record in records.items()}
    helped = [key for key in records if wrote[key] - {assigned[key], *_former(stories[key])}]
    assert len(helped) > 100  # a teammate replied who never was assigned
    rated = [(k, r["conversation_rating"]) for k, r in records.items() if r["conversation_rating"]]
    others = [k for k, rating in rated if (rating["teammate"] or {}).get("id") != assigned[k]]
    assert 10 < len(others) < len(rated) / 4
    kinds = Counter(record["source"]["delivered_as"] for record in records.values())
    assert kinds["admin_initiated"] > 100
    bot_only = [k for k, r in records.items() if r["ai_agent"] and not wrote[k]]
    assert len(bot_only) > 200
    names = Counter(r["sla_applied"]["sla_name"] for r in records.values() if r["sla_applied"])
    assert len(names) >= 5
    assert min(names.values()) > 20
    moved = [len(t["ticket_parts"]["ticket_parts"]) for t in store.tickets.values()]
    assert {1, 2, 3, 4} == set(moved)
    companies = store.people.companies.values()
    assert len({(c["plan"] or {}).get("name") for c in companies}) >= 5
    assert len({c["custom_attributes"].get("seats") for c in companies}) > 20


def _former(story):
    return {e.target[1] for e in story.events if e.target and e.target[0] == ADMIN}
