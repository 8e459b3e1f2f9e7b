"""Lists that never end stop with PagingError; lists that end early say so."""

from __future__ import annotations

import itertools
from typing import Any

import httpx
import pytest
from scripted_server import ScriptedServer, contact_page

from intercom_nb.connector.calling import IncompleteListWarning
from intercom_nb.errors import PagingError

MOST_REQUESTS = 60


class Endless:
    """A server whose pages go on for ever, in one paging style and with one kind of content."""

    def __init__(self, style: str, content: str) -> None:
        self.style, self.content = style, content
        self.numbers = itertools.count()

    def __call__(self, request: httpx.Request) -> dict[str, Any]:
        number = next(self.numbers)
        records = {
            "empty": [],
            "two pages in turn": [{"id": f"{number % 2}-{i}"} for i in range(3)],
            "three records in any order": [{"id": str((number + i) % 3)} for i in range(2)],
            "new records beyond the count": [{"id": f"{number}-{i}"} for i in range(150)],
        }[self.content]
        return self.page(records, number)

    def page(self, records: list[Any], number: int) -> dict[str, Any]:
        if self.style == "cursor":
            page = {"data": records, "pages": {"next": {"starting_after": f"c{number}"}}}
        elif self.style == "page_number":
            page = {"data": records, "pages": {"total_pages": 10**9, "page": number + 1}}
        elif self.style == "scroll":
            page = {"data": records, "scroll_param": f"s{number}"}
        else:
            after = f"https://intercom.test/admins/activity_logs?page={number}"
            page = {"activity_logs": records, "pages": {"next": after}}
        return {**page, "total_count": 60}


CALLS = {
    "cursor": lambda c: c.contacts.list(limit=None),
    "page_number": lambda c: c.articles.list(limit=None),
    "scroll": lambda c: c.companies.scroll(limit=None),
    "url": lambda c: c.activity_logs.list(created_at_after="2026-10-01", limit=None),
}
CONTENTS = [
    "empty",
    "two pages in turn",
    "three records in any order",
    "new records beyond the count",
]


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("style", CALLS)
def test_list_raises_paging_error_when_it_never_ends(style: str, content: str) -> None:
    if content == "empty" and style in {"page_number", "scroll"}:
        pytest.skip("an empty page is the end in this style")
    script = ScriptedServer(Endless(style, content))
    with pytest.raises(PagingError, match="never end"):
        CALLS[style](script.connector().sync)
    assert len(script.requests) < MOST_REQUESTS


def test_list_warns_with_the_missing_count_when_it_ends_early() -> None:
    pages = [
        contact_page(range(50), "next", total_count=60),
        contact_page(range(50, 52), None, total_count=60),
    ]
    with pytest.warns(IncompleteListWarning, match="8 records short of the 60"):
        frame = ScriptedServer(pages).connector().sync.contacts.list(limit=None)
    assert frame.intercom.info["missing_count"] == 8


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("entry", [None, "text", 7, [{"id": "9"}], True])
def test_list_keeps_the_other_records_when_an_entry_is_not_a_record(entry: Any) -> None:
    page = contact_page(["1", "2"], None, total_count=3)
    page["data"].insert(1, entry)
    frame = ScriptedServer([page]).connector().sync.contacts.list(limit=None)
    assert frame["id"].tolist() == ["1", "2"]
    assert frame.intercom.info["skipped_records"] == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("last_total", [52, 40])
def test_list_does_not_warn_when_the_count_changes_during_the_read(last_total: int) -> None:
    pages = [
        contact_page(range(50), "next", total_count=60),
        contact_page(range(50, 52), None, total_count=last_total),
    ]
    frame = ScriptedServer(pages).connector().sync.contacts.list(limit=None)
    assert "missing_count" not in frame.intercom.info


@pytest.mark.filterwarnings("error")
def test_list_does_not_warn_when_the_limit_ends_it() -> None:
    page = contact_page(range(50), "next", total_count=60)
    frame = ScriptedServer([page]).connector().sync.contacts.list(limit=50)
    assert "missing_count" not in frame.intercom.info
