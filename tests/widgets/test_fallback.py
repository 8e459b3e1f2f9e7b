"""The explorer of standard widgets: asked, paged, searched and sorted in Python, all escaped."""

from __future__ import annotations

import concurrent.futures
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.errors import ConfigurationError
from intercom_nb.widgets import channel
from intercom_nb.widgets.fallback import Pager, PlainExplorer, table_html

from .conftest import demo_connector, run_cell, shared_demo

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from payloads import PAYLOADS

pytestmark = pytest.mark.slow


def settle(explorer: PlainExplorer) -> None:
    """Wait until what was clicked is worked off: the request, and then its showing."""
    channel.run_on_form_thread(lambda: None).result(10)
    future = explorer._future
    if future is not None:
        concurrent.futures.wait([future], timeout=10)
    channel.run_on_form_thread(lambda: None).result(10)


def asked(entity: str, action: str, params: str = "", limit: str = "") -> PlainExplorer:
    explorer = inb.explore(demo_connector(), grid="plain")
    explorer.entity.value, explorer.action.value = entity, action
    explorer.params.value, explorer.limit.value = params, limit
    explorer.run.click()
    settle(explorer)
    return explorer


def first_texts(pager: Pager) -> list[str]:
    return re.findall(r"<tr><td>(.*?)</td>", pager.table.value)


async def test_fallback_returns_frame_and_code_when_run_is_clicked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    explorer = asked("contacts", "search", '{"query": {"role": "lead"}}')
    same = demo_connector().sync.contacts.search(role="lead", limit=None)
    pd.testing.assert_frame_equal(explorer.df, same)
    monkeypatch.setattr("intercom_nb.demo.DemoTransport", shared_demo)
    pd.testing.assert_frame_equal(explorer.df, await run_cell(explorer.code))


def test_fallback_sorts_and_searches_the_whole_frame_when_it_has_pages() -> None:
    pager = asked("contacts", "list").pager
    rows = len(pager.frame)
    assert pager.where.value == f"1 to 25 of {rows:,} rows"
    assert pager.back.disabled
    pager.forth.click()
    assert pager.where.value.startswith("26 to 50 of")
    pager.sort.value, pager.down.value = "created_at", True
    assert pager.where.value.startswith("1 to 25")
    newest = pager.frame.sort_values("created_at", ascending=False)
    assert first_texts(pager)[0] == newest[pager.columns[0]].iloc[0]
    pager.search.value = "berlin"
    berlin = pager.frame["location.city"].eq("Berlin")
    assert 0 < len(pager.shown) < rows
    assert len(pager.shown) >= int(berlin.sum())
    pager.search.value = "no such text anywhere"
    assert pager.where.value == "No rows"
    assert pager.forth.disabled


@pytest.mark.parametrize(
    ("entity", "action", "params", "limit", "said"),
    [
        ("contacts", "list", "", "many", "limit must be"),
        ("contacts", "get", "", "", "requires id"),
        ("contacts", "get", "[1]", "", "not a valid JSON object"),
        ("contacts", "get", '{"id": "nobody"}', "", "404"),
        ("contacts", "list", '{"color": 1}', "", "no parameter 'color'"),
    ],
)
def test_fallback_shows_the_error_when_a_run_fails(entity, action, params, limit, said) -> None:
    explorer = asked(entity, action, params, limit)
    assert said in explorer.status.value
    assert explorer.df.empty


def test_fallback_offers_no_writes_when_they_are_allowed() -> None:
    explorer = inb.explore(demo_connector(allow_writes=True), grid="plain")
    explorer.entity.value = "contacts"
    assert "list" in explorer.action.options
    assert not {"create", "update", "delete"} & set(explorer.action.options)
    assert "Takes" not in explorer.about.value
    assert "per_page" in explorer.about.value


def test_fallback_is_refused_when_its_grid_or_connector_is_not_valid() -> None:
    with pytest.raises(ConfigurationError, match="'auto' or 'plain'"):
        inb.explore(demo_connector(), grid="fancy")
    with pytest.raises(ConfigurationError, match="no login form"):
        inb.explore(grid="plain")


def test_fallback_has_no_code_when_nothing_was_run() -> None:
    with pytest.raises(ConfigurationError, match="Press Run"):
        inb.explore(demo_connector(), grid="plain").insert()


class Tags(HTMLParser):
    """Collects what a browser would take for elements and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag}@{name}" for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_fallback_escapes_cells_when_texts_are_hostile() -> None:
    frame = pd.DataFrame({"id": map(str, range(len(PAYLOADS))), "name": PAYLOADS})
    frame[PAYLOADS[0]] = [[p] for p in PAYLOADS]
    frame["object"] = [{p: p} for p in PAYLOADS]
    tags = Tags()
    tags.feed(table_html(frame))
    assert tags.found == {
        *("table", "thead", "tbody", "tr", "th", "td", "div"),
        *("th@scope", "table@style", "div@style"),
    }
    assert len(set(PAYLOADS) & set(tags.texts)) > 200  # as text, and whole
    pager = Pager()
    pager.show(frame, "contacts")
    seen = Tags()
    for _ in range(len(frame) // 25 + 1):
        seen.feed(pager.table.value)
        pager.forth.click()
    assert seen.found == tags.found
