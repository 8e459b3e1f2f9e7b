"""The demo's records beyond contacts, conversations and companies."""

from __future__ import annotations

import gzip

import pytest

from intercom_nb.demo import DemoRequest, DemoWorkspace

from .conftest import HEADERS, Asker

pytestmark = pytest.mark.slow

OCTETS = {**HEADERS, "accept": "application/octet-stream"}


@pytest.fixture
def asker() -> Asker:
    return Asker(DemoWorkspace(rate_limit=None))


@pytest.mark.parametrize(
    ("path", "key", "count"),
    [
        ("/articles", "data", 20),
        ("/help_center/collections", "data", 5),
        ("/news/news_items", "data", 5),
        ("/news/newsfeeds", "data", 2),
        ("/calls", "data", 60),
        ("/ai/external_pages", "data", 55),
    ],
)
@pytest.mark.parametrize("per_page", [1, 5, 25])
def test_list_returns_each_record_once_when_page_numbers_are_followed(
    shared, path, key, count, per_page
):
    found, page = [], 1
    while True:
        answer = shared.get(path, page=page, per_page=per_page)
        found += [record["id"] for record in answer[key]]
        page += 1
        if answer["pages"]["next"] is None:
            break
    assert len(found) == len(set(found)) == count == answer["total_count"]


def test_next_url_has_the_host_of_the_request_when_a_page_follows(shared):
    following = shared.get("/ai/external_pages", per_page=50)["pages"]["next"]
    assert following == "https://demo.intercom-nb.invalid/ai/external_pages?page=2&per_page=50"
    assert shared.get("/ai/external_pages", per_page=50, page=2)["pages"]["next"] is None


def test_ticket_search_returns_matches_when_given_its_own_field_names(shared):
    found = shared.search("tickets", {"field": "category", "operator": "=", "value": "task"}).json
    assert found["total_count"] > 0
    assert {ticket["category"] for ticket in found["tickets"]} == {"Back-office"}
    query = {"field": "state", "operator": "=", "value": "resolved"}
    assert not any(t["open"] for t in shared.search("tickets", query).json["tickets"])


def test_activity_logs_are_those_after_a_time_when_one_is_given(shared):
    whole = shared.get("/admins/activity_logs", created_at_after=0, per_page=150)["activity_logs"]
    middle = whole[40]["created_at"]
    later = shared.get("/admins/activity_logs", created_at_after=middle, per_page=150)
    assert [log["id"] for log in later["activity_logs"]] == [log["id"] for log in whole[:41]]
    assert shared("GET", "/admins/activity_logs").status == 400


def test_get_recording_leads_to_a_file_without_a_token_when_the_url_is_signed(shared):
    call = next(c for c in shared.get("/calls")["data"] if c["recording_url"])
    led = shared("GET", f"/calls/{call['id']}/recording")
    assert led.status == 302
    path, _, query = led.headers["Location"].partition("invalid")[2].partition("?")
    name, _, value = query.partition("=")
    sound = shared.workspace.handle(request(path, [(name, value)]))
    assert sound.body[:4] == b"RIFF"
    assert shared.workspace.handle(request(path, [(name, "made up")])).status == 404


def request(path, query):
    return DemoRequest("GET", path, query, {})


def test_content_export_is_refused_when_another_one_runs(asker):
    body = {"created_at_after": 1_767_225_600, "created_at_before": 1_772_323_200}
    job = asker("POST", "/export/content/data", body).json["job_identifier"]
    assert asker("POST", "/export/content/data", body).status == 429
    seen = [asker.get(f"/export/content/data/{job}")["status"] for _ in range(3)]
    assert seen == ["in_progress", "completed", "completed"]
    assert asker("GET", f"/download/content/data/{job}").status == 406
    path = f"/download/content/data/{job}"
    file = asker.workspace.handle(_octets(path))
    lines = gzip.decompress(file.body).decode().splitlines()
    assert lines[0].startswith("receipt_id,user_id")
    assert len(lines) > 10


def _octets(path):
    return DemoRequest("GET", path, (), OCTETS)


def test_content_export_stays_canceled_when_it_was_canceled(asker):
    body = {"created_at_after": 1_767_225_600, "created_at_before": 1_772_323_200}
    job = asker("POST", "/export/content/data", body).json["job_identifier"]
    assert asker("POST", f"/export/cancel/{job}").json["status"] == "canceled"
    assert asker.get(f"/export/content/data/{job}")["status"] == "canceled"


def test_report_export_is_refused_when_five_are_pending(asker):
    body = {
        "dataset_id": "conversation",
        "attribute_ids": ["conversation_id"],
        "start_time": 0,
        "end_time": 1,
    }
    statuses = [asker("POST", "/export/reporting_data/enqueue", body).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    wrong = {**body, "attribute_ids": ["nonsense"]}
    assert asker("POST", "/export/reporting_data/enqueue", wrong).status == 400


def test_article_is_created_updated_and_deleted_when_the_body_is_valid(asker):
    made = asker("POST", "/articles", {"title": "New", "author_id": 1}).json
    assert asker.get(f"/articles/{made['id']}")["title"] == "New"
    assert asker("PUT", f"/articles/{made['id']}", {"title": "Newer"}).json["title"] == "Newer"
    gone = asker("DELETE", f"/articles/{made['id']}").json
    assert gone == {"id": made["id"], "object": "article", "deleted": True}
    assert asker("GET", f"/articles/{made['id']}").status == 404


def test_ticket_is_created_resolved_and_deleted_when_the_body_is_valid(asker):
    contact = asker.get("/contacts")["data"][0]["id"]
    kind = asker.get("/ticket_types")["data"][0]["id"]
    body = {"ticket_type_id": kind, "contacts": [{"id": contact}]}
    made = asker("POST", "/tickets", body).json
    state = asker.get("/ticket_states")["data"][3]["id"]
    changed = asker("PUT", f"/tickets/{made['id']}", {"ticket_state_id": state}).json
    assert changed["ticket_state"]["category"] == "resolved"
    job = asker("POST", "/tickets/enqueue", body).json
    assert asker.get(f"/jobs/status/{job['id']}")["status"] == "success"
    assert asker("DELETE", f"/tickets/{made['id']}").json["deleted"] is True
