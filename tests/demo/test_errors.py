"""Who may ask, in which version, how often, and for what."""

from __future__ import annotations

import pytest

from intercom_nb.demo import DemoWorkspace
from intercom_nb.demo.api.routes import ROUTES

from .conftest import HEADERS, Asker

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "missing_authorization"),
        ("", "missing_authorization"),
        ("   ", "missing_authorization"),
        ("Bearer", "unauthorized"),
        ("Bearer ", "unauthorized"),
        ("Bearer wrong", "unauthorized"),
        ("Bearer demo2", "unauthorized"),
        ("Bearer dem\u00f6", "unauthorized"),
        ("Basic demo", "unauthorized"),
        ("demo", "unauthorized"),
    ],
)
def test_request_is_refused_when_the_token_is_missing_or_wrong(shared, authorization, code):
    headers = {} if authorization is None else {"authorization": authorization}
    answer = shared("GET", "/me", headers=headers)
    assert (answer.status, answer.code) == (401, code)
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert "demo" not in answer.json["errors"][0]["message"]


@pytest.mark.parametrize("authorization", ["Bearer demo", "bearer demo", "Bearer  demo "])
def test_request_returns_200_when_the_token_is_right(shared, authorization):
    assert shared("GET", "/me", headers={"authorization": authorization}).status == 200


def test_me_returns_the_admin_and_the_workspace(shared):
    me = shared.get("/me")
    assert me["type"] == "admin"
    assert me["app"]["timezone"] == "America/New_York"
    assert me["app"]["region"] == "US"


@pytest.mark.parametrize("version", ["2.15", "2.11", "2.16", "1.0", "Preview"])
def test_response_has_the_version_of_the_request_when_it_is_known(shared, version):
    answer = shared("GET", "/me", headers={**HEADERS, "intercom-version": version})
    assert answer.status == 200
    assert answer.headers["Intercom-Version"] == version


@pytest.mark.parametrize("version", ["", "2.150", "3.0", "latest", "2"])
def test_request_is_refused_when_the_version_is_unknown(shared, version):
    answer = shared("GET", "/me", headers={**HEADERS, "intercom-version": version})
    assert (answer.status, answer.code) == (400, "intercom_version_invalid")


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, application/json;q=0.9", 200),
        ("application/*", 200),
        ("text/html", 406),
        ("", 406),
    ],
)
def test_request_returns_406_when_the_accept_header_excludes_json(shared, accept, status):
    assert shared("GET", "/me", headers={**HEADERS, "accept": accept}).status == status


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/nope"),
        ("GET", "/contacts/1/2/3"),
        ("PATCH", "/contacts"),
        ("DELETE", "/contacts"),
        ("POST", "/teams"),
        ("PUT", "/notes/1"),
        ("HEAD", "/me"),
    ],
)
def test_request_is_refused_when_the_path_or_method_is_unknown(shared, method, path):
    answer = shared(method, path)
    assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/contacts/x", "not_found"),
        ("/contacts/x/tags", "not_found"),
        ("/conversations/1", "not_found"),
        ("/companies/x", "company_not_found"),
        ("/companies/x/contacts", "company_not_found"),
        ("/teams/1", "team_not_found"),
        ("/admins/1", "admin_not_found"),
        ("/tags/1", "not_found"),
        ("/segments/1", "not_found"),
        ("/notes/1", "not_found"),
        ("/internal_articles/1", "not_found"),
    ],
)
def test_request_returns_404_when_the_record_is_unknown(shared, path, code):
    answer = shared("GET", path)
    assert (answer.status, answer.code) == (404, code)


NO_BODY = ("list", "{id}", "archive", "unarchive", "block")
WRITES = [
    route
    for route in ROUTES
    if route.method == "PUT"
    or (route.method == "POST" and route.path.rpartition("/")[2] not in NO_BODY)
]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff", b"{'a': 1}", b"[" * 9999]
)
@pytest.mark.parametrize("route", WRITES, ids=lambda route: f"{route.method} {route.path}")
def test_request_is_refused_when_the_body_is_not_a_json_object(shared, route, body):
    path = route.path
    if "{id}" in path:
        listed = shared("GET", path.partition("/{id}")[0]).json
        first = next(value for value in listed.values() if isinstance(value, list))[0]
        path = path.replace("{id}", str(first.get("id", "1")))
    answer = shared(route.method, path, body)
    assert (answer.status, answer.code) == (400, "bad_request")


def test_response_has_a_unique_request_id(shared):
    ids = {shared("GET", "/nope").json["request_id"] for _ in range(5)}
    assert len(ids) == 5


def test_request_is_refused_when_a_flag_is_invalid(shared):
    assert shared("GET", "/segments", include_count="maybe").status == 400
    assert shared("GET", "/data_attributes", model="dog").status == 400
    key = shared.get("/conversations")["conversations"][0]["id"]
    assert shared("GET", f"/conversations/{key}", display_as="pdf").status == 400


def test_list_adds_or_filters_fields_when_a_flag_is_given(shared):
    counted = shared.get("/segments", include_count="true")["segments"]
    plain = shared.get("/segments")["segments"]
    assert all(segment["count"] > 0 for segment in counted)
    assert all("count" not in segment for segment in plain)
    assert "avatar" in shared.get("/admins", display_avatar="true")["admins"][0]
    assert "avatar" not in shared.get("/admins")["admins"][0]
    models = {a["model"] for a in shared.get("/data_attributes")["data"]}
    assert models == {"contact", "company"}
    assert shared.get("/data_attributes", model="conversation")["data"]
    only = shared.get("/data_attributes", model="contact")["data"]
    assert {a["model"] for a in only} == {"contact"}
    for folder, key in (("teams", "teams"), ("segments", "segments"), ("tags", "data")):
        first = shared.get(f"/{folder}")[key][0]
        assert shared.get(f"/{folder}/{first['id']}") == first


def test_data_attributes_list_every_attribute_of_contacts(shared):
    known = {a["full_name"] for a in shared.get("/data_attributes", model="contact")["data"]}
    carried = {k for r in shared.every("/contacts", "data") for k in r["custom_attributes"]}
    assert {f"custom_attributes.{name}" for name in carried} <= known


class Clock:
    now = 1_000_003.0

    def __call__(self):
        return self.now


def test_request_returns_429_when_the_window_is_spent():
    clock = Clock()
    ask = Asker(DemoWorkspace(rate_limit=3, clock=clock))
    left = [ask("GET", "/tags").headers["X-RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = ask("POST", "/tags", {"name": "never"})
    assert (refused.status, refused.code) == (429, "rate_limit_exceeded")
    assert refused.headers["X-RateLimit-Limit"] == "3"
    assert refused.headers["X-RateLimit-Reset"] == "1000010"
    clock.now = 1_000_009.9
    assert ask("GET", "/tags").status == 429
    clock.now = 1_000_010.0
    answer = ask("GET", "/tags")
    assert answer.status == 200
    assert len(answer.json["data"]) == 16
    assert answer.headers["X-RateLimit-Remaining"] == "2"


def test_rate_limit_is_1666_when_none_is_given():
    ask = Asker(DemoWorkspace(clock=Clock()))
    assert ask("GET", "/tags").headers["X-RateLimit-Limit"] == "1666"
    for _ in range(1_665):
        answer = ask("GET", "/me", headers={})
    assert answer.status == 401
    assert ask("GET", "/me").status == 429


def test_response_has_no_rate_limit_headers_when_the_limit_is_off(shared):
    assert not any(name.startswith("X-Rate") for name in shared("GET", "/me").headers)
