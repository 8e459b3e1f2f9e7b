"""F expressions find what the same condition finds in pandas, or are refused in words."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings
from scripted_server import ScriptedServer, demo_connector

from intercom_nb import F, catalog
from intercom_nb.catalog.expressions import Filter, compile_filter, split_lists
from intercom_nb.errors import InvalidParameterError, UnknownNameError

pytestmark = pytest.mark.slow

CONTACTS = catalog.search_fields("contacts")
CONVERSATIONS = catalog.search_fields("conversations")
SINCE = "2026-10-02"  # not an age: the tests' demo has a fixed date
COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    return demo_connector().sync.contacts.list(limit=None)


def found(entity: str, expression: Filter, **more: Any) -> set[str]:
    frame = getattr(demo_connector().sync, entity).search(expression, limit=None, **more)
    assert frame["id"].is_unique
    return set(frame["id"])


def is_true(frame: pd.DataFrame, mask: Any) -> set[str]:
    return set(frame["id"][mask.fillna(False).astype(bool)])


def test_filter_equals_pandas_when_numbers_and_states_are_combined() -> None:
    since = F("created_at") > SINCE
    c = demo_connector().sync.conversations.search(since, limit=None)
    reply, is_closed = c["statistics.time_to_admin_reply"], c["state"] == "closed"
    bound = int(reply.dropna().iloc[0])
    slow, closed = F("statistics.time_to_admin_reply") > bound, F("state") == "closed"
    for asked, mask in [
        (slow & closed, (reply > bound) & is_closed),
        (slow | closed, (reply > bound) | is_closed),
        (~slow & ~closed, (reply <= bound) & ~is_closed),
    ]:
        assert found("conversations", asked & since) == is_true(c, mask)
    both = found("conversations", slow, state="closed", created_at__gt=SINCE)
    assert both == is_true(c, (reply > bound) & is_closed)


@given(data=st.data())
@settings(max_examples=8, deadline=None, derandomize=True)
def test_filter_equals_pandas_when_times_are_in_groups(
    contacts: pd.DataFrame, data: st.DataObject
) -> None:
    frame = contacts
    instants = st.sampled_from(sorted(frame["created_at"].dropna()))
    offsets = st.integers(-90_000, 90_000).map(lambda s: pd.Timedelta(seconds=s))

    def leaf(draw: Any) -> tuple[Filter, pd.Series]:
        if draw(st.booleans()):
            role = draw(st.sampled_from(["user", "lead"]))
            return F("role") == role, frame["role"] == role
        sign, bound = draw(st.sampled_from(sorted(COMPARE))), draw(instants) + draw(offsets)
        field = draw(st.sampled_from(["created_at", "updated_at"]))
        return COMPARE[sign](F(field), bound), COMPARE[sign](frame[field], bound)

    draw = data.draw
    (a, in_a), (b, in_b), (c, in_c) = leaf(draw), leaf(draw), leaf(draw)
    asked, mask = draw(
        st.sampled_from(
            [
                (a & b, in_a & in_b),
                (a | b, in_a | in_b),
                (a | (b & c), in_a | (in_b & in_c)),
                (a & (b | c), in_a & (in_b | in_c)),
                (~(a | b), ~in_a & ~in_b),
                (~a | b, ~in_a | in_b),
            ]
        )
    )
    assert found("contacts", asked) == is_true(frame, mask)


def test_filter_matches_a_whole_day_when_it_is_in_a_group(contacts: pd.DataFrame) -> None:
    day = contacts["created_at"].iloc[3].floor("D")
    text = day.date().isoformat()
    inside = (contacts["created_at"] >= day) & (contacts["created_at"] < day + pd.Timedelta(days=1))
    either = (F("created_at") == text) | (F("role") == "lead")
    assert found("contacts", either) == is_true(contacts, inside | (contacts.role == "lead"))


def test_filter_equals_pandas_when_the_field_is_a_custom_attribute(contacts: pd.DataFrame) -> None:
    plan = contacts["custom_attributes.plan"]
    some = plan.dropna().iloc[0]
    assert found("contacts", F("custom_attributes.plan") == some) == is_true(contacts, plan == some)


def test_search_merges_several_requests_when_a_list_is_long(contacts: pd.DataFrame) -> None:
    ids = contacts["id"].tolist()[:130]
    connector = demo_connector()
    frame = connector.sync.contacts.search(F("id").isin([*ids, "nobody"]), limit=None)
    assert set(frame["id"]) == set(ids)
    info = frame.intercom.info
    assert (info["searches"], info["total_count"], info["truncated"]) == (3, 130, False)
    both = connector.sync.contacts.search({"id__in": ids, "role": "lead"}, limit=None)
    assert set(both["id"]) == is_true(contacts[:130], contacts["role"][:130] == "lead")


def test_search_is_truncated_at_the_limit_when_a_list_is_split(contacts: pd.DataFrame) -> None:
    frame = demo_connector().sync.contacts.search(F("id").isin(contacts["id"][:130]), limit=50)
    assert len(frame) == 50
    assert frame.intercom.info["truncated"]


def test_split_lists_splits_a_list_when_every_record_must_match_it() -> None:
    long = {"field": "id", "operator": "IN", "value": list("abcde")}
    role = {"field": "role", "operator": "=", "value": "lead"}
    assert [q["value"] for q in split_lists(long, 2)] == [["a", "b"], ["c", "d"], ["e"]]
    two = split_lists({"operator": "AND", "value": [role, long]}, 3)
    assert [q["value"][1]["value"] for q in two] == [["a", "b", "c"], ["d", "e"]]
    assert all(q["value"][0] == role for q in two)
    assert len(split_lists({"operator": "AND", "value": [long, long]}, 3)) == 4
    either = {"operator": "OR", "value": [role, long]}
    assert split_lists(either, 2) == [either]
    assert split_lists({**long, "operator": "NIN"}, 2) == [{**long, "operator": "NIN"}]


def compiled(expression: Filter) -> dict[str, Any]:
    return compile_filter("conversations", CONVERSATIONS, expression, ()).query


def test_filter_merges_nested_groups_when_they_are_of_one_kind() -> None:
    a, b, c = (F("state") == s for s in ("open", "closed", "snoozed"))
    assert len(compiled((a | b) | c)["value"]) == 3
    assert compiled((a & b) & c)["operator"] == "AND"


@pytest.mark.parametrize("join", [operator.and_, operator.or_])
def test_filter_splits_a_group_when_it_has_more_than_15_members(
    join: Callable[..., Filter],
) -> None:
    expression = F("source.subject").contains("0")
    for i in range(1, 40):
        expression = join(expression, F("source.subject").contains(str(i)))
    query = compiled(expression)
    assert {member["operator"] for member in query["value"]} == {query["operator"]}
    assert [len(member["value"]) for member in query["value"]] == [15, 15, 10]


def test_filter_negates_the_operators_when_a_group_is_negated() -> None:
    a, b = F("state") == "open", F("source.subject").contains("x")
    query = compiled(~(a & ~b))
    assert query["operator"] == "OR"
    assert [m["operator"] for m in query["value"]] == ["!=", "~"]
    assert compiled(~~a) == compiled(a)
    assert compiled(~F("state").isin(["open"]))["operator"] == "NIN"


def test_filter_raises_when_it_is_nested_too_deep() -> None:
    a, b = F("state") == "open", F("read") == True  # noqa: E712
    with pytest.raises(InvalidParameterError, match="at most 2 levels of groups"):
        compiled((((a & b) | a) & b) | a)


def test_filter_raises_when_records_cannot_confirm_a_member_of_or() -> None:
    asked = (F("created_at") > "7d") | (F("tag_id") == "7")
    with pytest.raises(InvalidParameterError, match=r"pandas\.concat"):
        compile_filter("contacts", CONTACTS, asked, {"role"})
    compile_filter("contacts", CONTACTS, (F("created_at") > "7d") & (F("tag_id") == "7"), {"role"})


def test_filter_raises_when_an_expression_is_invalid() -> None:
    with pytest.raises(TypeError, match="in parentheses"):
        (F("created_at") > "7d") & F("state")  # type: ignore[operator]
    with pytest.raises(TypeError, match="no truth value"):
        bool(F("state") == "open")
    with pytest.raises(InvalidParameterError, match="cannot negate startswith"):
        ~F("email").startswith("a")
    with pytest.raises(UnknownNameError, match="Did you mean state"):
        compiled(F("stat") == "open")
    script = ScriptedServer([{}])
    with pytest.raises(InvalidParameterError, match="does not support"):
        script.connector().sync.contacts.search(F("created_at") != "2026-10-01T00:00:00Z")
    assert not script.requests


def test_filter_sends_the_id_when_the_field_is_a_ticket_attribute() -> None:
    script = ScriptedServer([{"tickets": [], "pages": None}])
    script.connector().sync.tickets.search({"ticket_attribute.123": "high"})
    assert script.bodies[0]["query"] == {
        "field": "ticket_attribute.123",
        "operator": "=",
        "value": "high",
    }
