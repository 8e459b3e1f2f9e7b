"""What can be asked is found by Tab, Shift-Tab, describe, find, and the type checker's file."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from scripted_server import demo_connector
from tool_files import tool_module

from intercom_nb import catalog
from intercom_nb.catalog.signatures import python_name
from intercom_nb.connector.composite import composite_methods
from intercom_nb.errors import InvalidParameterError, UnknownNameError

DIRECT = [op for op in catalog.operations() if not op.hosted_only]


def test_type_stubs_are_up_to_date() -> None:
    module = tool_module("make_stubs")
    written = module.TARGET.read_text(encoding="utf-8")
    assert written == module.stubs(), "run: python tools/make_stubs.py"


def test_catalog_has_259_operations_of_55_entities() -> None:
    assert len(DIRECT) == 259
    assert len({op.entity for op in DIRECT}) == 55
    assert sum(op.since is None for op in DIRECT) == 162
    assert {op.since for op in DIRECT} == {None, "2.16", "Preview"}


def test_action_has_the_signature_and_docstring_of_its_operation() -> None:
    connector = demo_connector()
    for op in DIRECT:
        method = getattr(getattr(connector, op.entity), op.action)
        known = set(inspect.signature(method).parameters)
        assert {python_name(p) for p in op.params} <= known, op.name
        assert inspect.getdoc(method).startswith(op.description), op.name
        assert op.action in dir(getattr(connector, op.entity))


def test_entities_returns_a_row_and_a_description_per_action() -> None:
    frame = demo_connector().entities
    assert len(frame) == 259
    assert frame["description"].str.len().min() > 10
    assert "<table" in frame._repr_html_()


def test_describe_lists_every_parameter_when_given_an_action() -> None:
    connector = demo_connector()
    for op in DIRECT:
        described = connector.describe(op.entity, op.action)
        text, html = repr(described), described._repr_html_()
        assert op.description in text
        for param in op.params:
            assert param.name in text, (op.name, param.name)
            assert f">{param.name}<" in html, (op.name, param.name)


@pytest.mark.parametrize("entity", sorted(catalog.entities()))
def test_describe_lists_every_action_when_given_an_entity(entity: str) -> None:
    described = demo_connector().describe(entity)
    for action in (op.action for op in DIRECT if op.entity == entity):
        assert f"{action}(" in repr(described)
        assert action in described._repr_html_()
    for extra in composite_methods(entity):
        assert extra.name in repr(described)
        assert extra.doc.splitlines()[0] in repr(demo_connector().describe(entity, extra.name))


def test_describe_escapes_markup_when_an_example_has_some() -> None:
    html = demo_connector().describe("external_pages", "create")._repr_html_()
    assert "<h1>" not in html
    assert "&lt;h1&gt;" in html


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("csat", "analysis.csat"),
        ("satisfaction", "analysis.csat"),
        ("sla", "analysis.sla"),
        ("reply time", "analysis.first_reply"),
        ("first reply", "analysis.first_reply"),
        ("chatbot", "analysis.automation"),
        ("SCROLL", "companies.scroll"),
    ],
)
def test_find_returns_the_best_match_first(words: str, first: str) -> None:
    frame = demo_connector().find(words)
    assert f"{frame['entity'][0]}.{frame['action'][0]}" == first


@pytest.mark.parametrize("words", ["csat", "sla", "reply", "transcript", "merge lead", "tag"])
def test_find_returns_writes_last(words: str) -> None:
    writes = demo_connector().find(words)["writes"].tolist()
    assert writes == sorted(writes)


@pytest.mark.parametrize(
    ("words", "absent"),
    [("sla", "translat"), ("csat", "article_feedback"), ("ai", "available"), ("time", "sentiment")],
)
def test_find_matches_only_whole_words_when_the_term_is_short(words: str, absent: str) -> None:
    found = demo_connector().find(words)
    assert not found["action"].str.contains(absent).any()


def test_find_returns_metrics_columns_and_reads_when_given_a_synonym() -> None:
    found = demo_connector().find("satisfaction")
    assert found["kind"].unique().tolist()[:2] == ["metric", "column"]
    assert "conversation_rating.rating" in found["action"].tolist()
    assert "await c.conversations.search(...)" in found["use"].tolist()


def test_find_returns_an_empty_frame_when_nothing_matches() -> None:
    assert demo_connector().find("zebra").empty
    assert demo_connector().find(" ").empty
    assert list(demo_connector().find("zebra").columns)[:2] == ["entity", "action"]


def test_describe_suggests_the_nearest_name_when_a_name_is_unknown() -> None:
    c = demo_connector()
    with pytest.raises(UnknownNameError, match="Did you mean tickets"):
        c.describe("ticket")
    with pytest.raises(UnknownNameError, match="Did you mean search"):
        c.describe("tickets", "serach")
    with pytest.raises(AttributeError, match="Did you mean update_many"):
        c.contacts.update_manyy  # noqa: B018
    with pytest.raises(InvalidParameterError, match="rows"):
        c.sync.contacts.update_many()


def test_action_reads_ids_in_the_order_of_the_path_when_given_by_position() -> None:
    c = demo_connector(allow_writes=True)
    shown = c.sync.contacts.detach_tag("c1", "t1", dry_run=True)
    assert shown["url"][0].endswith("/contacts/c1/tags/t1")
    shown = c.sync.contacts.attach_tag("c1", "t1", dry_run=True)
    assert (shown["url"][0][-17:], shown["body"][0]) == ("/contacts/c1/tags", '{"id": "t1"}')
    with pytest.raises(InvalidParameterError, match="contact_id, tag_id by position"):
        c.sync.contacts.detach_tag("c1", "t1", "x")
    with pytest.raises(InvalidParameterError, match="twice"):
        c.sync.contacts.detach_tag("c1", contact_id="c1", tag_id="t1")


def test_describe_marks_writes_and_required_parameters() -> None:
    html = demo_connector().describe("tickets")._repr_html_()
    rows = re.findall(
        r"<code>(\w+)</code></td>.*?<td [^>]*>([^<]*)</td><td [^>]*>(yes)?</td></tr>", html
    )
    found = {name: (needs, writes) for name, needs, writes in rows}
    assert found["search"] == ("", "")
    assert found["get"] == ("id", "")
    assert found["link_conversation"] == ("ticket_id, conversation_id", "yes")
    assert found["tag_many"] == ("rows, tag_id", "yes")


def test_describe_lists_filters_and_options_when_given_a_search() -> None:
    described = demo_connector().describe("tickets", "search")
    html = described._repr_html_()
    assert "14 fields to filter by" in html
    assert "<code>limit</code>" in html
    assert "'str | datetime" not in repr(demo_connector().describe("tickets", "update"))


@pytest.mark.parametrize("words", [5, None, ["reply"]], ids=str)
def test_find_refuses_words_when_they_are_not_text(words: Any):
    with pytest.raises(InvalidParameterError, match=r"find\(\) takes words such as 'first reply'"):
        demo_connector().find(words)
