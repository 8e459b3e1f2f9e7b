"""Every style of paging, at its edges, and the scroll."""

from __future__ import annotations

import base64

import pytest

from intercom_nb.demo import DemoWorkspace
from intercom_nb.demo.api.paging import cursor_page, encode_cursor, numbered_page

from .conftest import Asker

pytestmark = pytest.mark.slow


def rows(count):
    return [{"id": f"r{number}"} for number in range(count)]


@pytest.mark.parametrize(
    ("count", "per_page", "sizes"),
    [
        (0, 5, [0]),
        (1, 5, [1]),
        (5, 5, [5]),
        (6, 5, [5, 1]),
        (10, 5, [5, 5]),
        (23, 5, [5] * 4 + [3]),
    ],
)
def test_cursor_page_returns_every_row_once_when_cursors_are_followed(count, per_page, sizes):
    found, cursor, seen = [], None, []
    while True:
        page = cursor_page(rows(count), per_page, cursor, "rows")
        seen.append(len(page.records))
        found += page.records
        assert page.pages["page"] == len(seen)
        assert page.pages["total_pages"] == -(-count // per_page)
        if "next" not in page.pages:
            break
        assert page.pages["next"]["page"] == len(seen) + 1
        cursor = page.pages["next"]["starting_after"]
    assert (seen, found) == (sizes, rows(count))


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (4, [4]), (8, [4, 4]), (9, [4, 4, 1])])
def test_numbered_page_returns_every_row_once_when_numbers_are_followed(count, sizes):
    seen, number = [], 1
    while True:
        shown, pages = numbered_page(rows(count), number, 4)
        seen.append(len(shown))
        if pages["next"] is None:
            break
        number = pages["next"]["page"]
    assert seen == sizes
    assert numbered_page(rows(count), number + 1, 4)[0] == []


def test_encode_cursor_has_characters_that_a_url_must_escape():
    for position in range(1, 40):
        cursor = encode_cursor("contacts", position, f"{position:024x}")
        assert set("+/=") <= set(cursor)


def test_cursor_page_continues_when_the_list_changes():
    before = rows(10)
    cursor = cursor_page(before, 4, None, "x").pages["next"]["starting_after"]
    longer = [{"id": "new"}, *before]
    assert [r["id"] for r in cursor_page(longer, 4, cursor, "x").records] == [
        "r4",
        "r5",
        "r6",
        "r7",
    ]
    shorter = before[:3] + before[4:]
    assert [r["id"] for r in cursor_page(shorter, 4, cursor, "x").records][:2] == ["r4", "r5"]


@pytest.mark.parametrize(
    ("path", "key", "default"),
    [("/contacts", "data", 10), ("/conversations", "conversations", 20)],
)
def test_list_returns_every_record_once_when_cursors_are_followed(shared, path, key, default):
    first = shared.get(path)
    assert len(first[key]) == first["pages"]["per_page"] == default
    everything = shared.every(path, key)
    ids = [record["id"] for record in everything]
    assert len(set(ids)) == len(ids) == first["total_count"]
    assert shared.every(path, key, per_page=117) == everything
    times = [record["created_at"] for record in everything]
    assert times == sorted(times, reverse=True)


def test_company_contacts_are_all_listed_when_pages_are_followed(shared):
    company = max(shared.store.contacts_by_company().items(), key=lambda pair: len(pair[1]))[0]
    path = f"/companies/{company}/contacts"
    found = shared.every(path, "data", per_page=7)
    assert sorted(record["id"] for record in found) == sorted(
        shared.store.contacts_by_company()[company]
    )
    assert shared.get(path)["total_count"] == len(found) > 7


def test_companies_are_all_listed_when_page_numbers_are_followed(shared):
    first = shared.get("/companies")
    assert first["pages"]["per_page"] == 15
    assert first["pages"]["total_pages"] == 5
    pages = [shared.get("/companies", page=number)["data"] for number in range(1, 7)]
    assert [len(page) for page in pages] == [15, 15, 15, 15, 1, 0]
    assert shared.get("/companies", page=5)["pages"]["next"] is None
    posted = shared("POST", "/companies/list", per_page=60).json
    assert [r["id"] for r in posted["data"]] == [r["id"] for page in pages for r in page][:60]
    upward = shared("POST", "/companies/list", per_page=60, order="asc").json
    assert posted["data"][-1] in upward["data"]
    assert upward["data"][0]["last_request_at"] <= upward["data"][-1]["last_request_at"]


def test_companies_list_omits_a_company_when_it_has_no_contacts(shared):
    listed = {r["id"] for page in range(1, 6) for r in shared.get("/companies", page=page)["data"]}
    empty = set(shared.store.people.companies) - listed
    assert len(empty) == 3
    assert shared.get(f"/companies/{empty.pop()}")["user_count"] == 0


def test_contact_companies_have_a_next_url_when_more_pages_follow(shared):
    people = shared.store.people
    contact = max(people.contact_companies, key=lambda key: len(people.contact_companies[key]))
    wanted = people.contact_companies[contact]
    first = shared.get(f"/contacts/{contact}/companies", per_page=10)
    assert first["data"] == first["companies"]
    start = f"https://demo.intercom-nb.invalid/contacts/{contact}/companies?"
    assert first["pages"]["next"] == f"{start}per_page=10&page=2"
    second = shared.get(f"/contacts/{contact}/companies", per_page=10, page=2)
    assert second["pages"]["next"] is None
    assert [r["id"] for r in first["data"] + second["data"]] == wanted


def test_notes_and_articles_are_all_listed_when_page_numbers_are_followed(shared):
    people = shared.store.people
    contact = max(people.contact_notes, key=lambda key: len(people.contact_notes[key]))
    path = f"/contacts/{contact}/notes"
    notes = [n for page in (1, 2, 3) for n in shared.get(path, per_page=5, page=page)["data"]]
    assert notes == shared.get(path)["data"]
    assert len(notes) == 12
    assert shared.get(f"/notes/{notes[0]['id']}") == notes[0]
    assert notes[0]["author"]["type"] == "admin"
    titles = [a["title"] for page in (1, 2, 3) for a in articles(shared, page)]
    assert len(set(titles)) == len(titles) == 25


def articles(asker, page):
    return asker.get("/internal_articles/search", page=page)["data"]["internal_articles"]


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "++//",
        "ää",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b'["contacts", 5, "a"]').decode(),
        "-_-_",
        encode_cursor("conversations", 10, "r"),
    ],
)
def test_list_is_refused_when_the_cursor_is_invalid(shared, cursor):
    answer = shared("GET", "/contacts", starting_after=cursor)
    assert (answer.status, answer.code) == (400, "parameter_invalid")


@pytest.mark.parametrize("value", ["0", "-1", "151", "ten", "1.5", "1e2", "99999999999999999999"])
@pytest.mark.parametrize("path", ["/contacts", "/conversations", "/internal_articles"])
def test_list_is_refused_when_per_page_is_invalid(shared, path, value):
    answer = shared("GET", path, per_page=value)
    assert (answer.status, answer.code) == (400, "parameter_invalid")


def test_companies_list_is_refused_when_per_page_is_above_60(shared):
    assert len(shared.get("/companies", per_page=60)["data"]) == 60
    assert shared("GET", "/companies", per_page=61).status == 400
    assert shared("GET", "/companies", page=0).status == 400
    assert shared("POST", "/companies/list", order="up").status == 400


def test_companies_list_returns_matches_when_filtered_by_tag_segment_or_name(shared):
    company = shared.get("/companies")["data"][0]
    assert shared.get("/companies", company_id=company["company_id"]) == company
    assert shared.get("/companies", name="=1+1 Holdings")["type"] == "company"
    assert shared("GET", "/companies", name="nobody").code == "company_not_found"
    tag = shared.get("/tags")["data"][0]["id"]
    tagged = shared.get("/companies", tag_id=tag, per_page=60)
    assert 0 < tagged["total_count"] < 20
    assert all(r["tags"]["tags"][0]["id"] == tag for r in tagged["data"])
    segment = tagged["data"][0]["segments"]["segments"][0]["id"]
    assert shared.get("/companies", segment_id=segment)["total_count"] > 20
    assert shared.get("/companies", segment_id="none")["total_count"] == 0


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def scroller(clock):
    return Asker(DemoWorkspace(rate_limit=None, clock=clock))


def test_scroll_returns_every_record_once_when_it_is_followed(scroller):
    page = scroller.get("/companies/scroll")
    found = []
    while page["data"]:
        assert page["pages"] is None
        assert page["total_count"] is None
        found += page["data"]
        page = scroller.get("/companies/scroll", scroll_param=page["scroll_param"])
    assert len({record["id"] for record in found}) == len(found) == 61
    ended = scroller("GET", "/companies/scroll", scroll_param=page["scroll_param"])
    assert (ended.status, ended.code) == (404, "not_found")
    assert scroller.get("/companies/scroll")["data"] == found[:25]


def test_scroll_is_refused_when_another_one_is_open(scroller, clock):
    first = scroller.get("/companies/scroll")
    refused = scroller("GET", "/companies/scroll")
    assert (refused.status, refused.code) == (400, "scroll_exists")
    clock.now += 59
    scroller.get("/companies/scroll", scroll_param=first["scroll_param"])
    clock.now += 61
    late = scroller("GET", "/companies/scroll", scroll_param=first["scroll_param"])
    assert late.status == 404
    assert scroller.get("/companies/scroll")["scroll_param"] != first["scroll_param"]
    assert scroller("GET", "/companies/scroll", scroll_param="made up").status == 404
