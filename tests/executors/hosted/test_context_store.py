"""context_store_search: filters, order, cursor, fields, and paging to a limit."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from intercom_nb import connect
from intercom_nb.catalog.hosted import hosted_data
from intercom_nb.demo.airbyte import context_store
from intercom_nb.errors import InvalidParameterError, UnknownNameError, UnsupportedError

from .conftest import Hosted

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("generation", [1, 2])
def test_search_follows_pages_up_to_the_limit_when_one_page_is_smaller(
    hosted: Hosted, generation: int
) -> None:
    c = hosted.connector(generation).sync
    found = c.contacts.context_store_search(per_page=100, limit=250)
    assert len(found) == len(set(found["id"])) == 250
    assert hosted.count("/execute") == 3
    assert found.attrs["intercom"]["truncated"]
    action = {1: "search", 2: "context_store_search"}[generation]
    assert hosted.body("/execute")["action"] == action
    assert hosted.body("/execute")["params"]["limit"] == 100
    assert set(hosted.body("/execute")["params"]) == {"query", "limit", "cursor"}


@pytest.mark.parametrize("generation", [1, 2])
def test_search_returns_the_same_records_as_list_when_there_is_no_condition(
    hosted: Hosted, generation: int
) -> None:
    c = hosted.connector(generation).sync
    for entity in ("contacts", "companies", "teams"):
        found = getattr(c, entity).context_store_search(limit=None).sort_values("id")
        listed = getattr(c, entity).list(limit=None) if entity != "teams" else c.teams.list()
        both = [f.sort_values("id").reset_index(drop=True) for f in (found, listed)]
        pd.testing.assert_frame_equal(*(f[listed.columns] for f in both))


def test_search_returns_matching_records_in_order_when_filter_and_sort_are_given(
    hosted: Hosted,
) -> None:
    c = hosted.connector().sync
    leads = c.contacts.context_store_search(
        filter={"and": [{"eq": {"role": "lead"}}, {"neq": {"location.country": "Canada"}}]},
        sort=[{"created_at": "desc"}],
        limit=None,
    )
    every = c.contacts.list(limit=None)
    wanted = every[(every["role"] == "lead") & (every["location.country"] != "Canada")]
    assert 0 < len(leads) < len(every)
    assert set(leads["id"]) == set(wanted["id"])
    assert leads["created_at"].is_monotonic_decreasing


def test_search_sends_the_query_unchanged_when_it_is_written_as_the_service_does(
    hosted: Hosted,
) -> None:
    query = {"filter": {"eq": {"role": "lead"}}, "sort": [{"created_at": "asc"}]}
    c = hosted.connector().sync
    page = c.execute("contacts", "context_store_search", {"query": query, "limit": 7})
    assert len(page) == 7
    assert hosted.body("/execute")["params"] == {"query": query, "limit": 7}
    cursor = page.attrs["intercom"]["next_cursor"]
    after = c.execute(
        "contacts", "context_store_search", {"query": query, "limit": 7, "cursor": cursor}
    )
    assert not set(page["id"]) & set(after["id"])


def test_search_sends_an_empty_query_when_there_is_no_condition(hosted: Hosted) -> None:
    hosted.connector().sync.execute("teams", "context_store_search", {"query": {}})
    assert hosted.body("/execute")["params"] == {"query": {}}


@pytest.mark.parametrize("fields", [["id", "location.country"], [["id"], ["location", "country"]]])
def test_search_returns_only_the_requested_columns_when_fields_are_given(
    hosted: Hosted, fields: list[Any]
) -> None:
    found = hosted.connector().sync.contacts.context_store_search(fields=fields, limit=20)
    assert list(found.columns) == ["id", "location.country"]
    assert found["location.country"].notna().any()


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"filter": {"equals": {"role": "lead"}}}, UnknownNameError, "no operator 'equals'"),
        ({"filter": {"eq": {"roles": "lead"}}}, UnknownNameError, "Did you mean role"),
        ({"filter": {"not": {"eq": {"roles": 1}}}}, UnknownNameError, "Did you mean role"),
        ({"filter": {"eq": "lead"}}, InvalidParameterError, "{operator: {field: value}}"),
        ({"filter": {"and": []}}, InvalidParameterError, "under 'and' or 'or'"),
        ({"filter": {"or": [5]}}, InvalidParameterError, "{operator: {field: value}}"),
        ({"sort": [{"created_at": "down"}]}, InvalidParameterError, "'asc' or 'desc'"),
        ({"sort": [{"made": "asc"}]}, UnknownNameError, "'made'"),
        ({"sort": ["created_at"]}, InvalidParameterError, "sort"),
        ({"fields": ["emails"]}, UnknownNameError, "Did you mean email"),
        ({"query": {"eq": {"role": "lead"}}}, UnknownNameError, "query.eq"),
        ({"per_page": 1001}, InvalidParameterError, "from 1 to 1000"),
    ],
)
def test_search_is_refused_when_it_is_invalid(
    hosted: Hosted, wrong: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as caught:
        hosted.connector().sync.contacts.context_store_search(**wrong)
    assert said in str(caught.value)
    assert not hosted.paths()


def test_search_is_refused_when_the_entity_is_not_in_the_context_store() -> None:
    with pytest.raises(UnknownNameError, match="tags has no action"):
        connect("demo", mode="hosted").sync.execute("tags", "context_store_search")


RECORD = {
    "name": "Ada Lovelace",
    "age": 36,
    "tags": ["vip", "early"],
    "addresses": [{"city": "London", "zip": 1}, {"city": "Paris", "zip": 2}],
    "location": {"country": "Ireland"},
    "plan": None,
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"eq": {"name": "Ada Lovelace"}}, True),
        ({"eq": {"name": "ada lovelace"}}, False),
        ({"eq": {"plan": None}}, True),
        ({"neq": {"age": 36}}, False),
        ({"neq": {"plan": "pro"}}, True),
        ({"gt": {"age": 36}}, False),
        ({"gte": {"age": 36}}, True),
        ({"lt": {"age": 36}}, False),
        ({"lte": {"age": 36}}, True),
        ({"gt": {"age": 30}, "lt": {"age": 40}}, True),
        ({"gt": {"age": 30}, "lt": {"age": 35}}, False),
        ({"in": {"age": [1, 36]}}, True),
        ({"like": {"name": "Love"}}, True),
        ({"like": {"name": "love"}}, False),
        ({"startswith": {"name": "ada"}}, True),
        ({"endswith": {"name": "LACE"}}, True),
        ({"contains": {"name": "LOVE"}}, True),
        ({"fuzzy": {"name": "lace-ada"}}, True),
        ({"fuzzy": {"name": "ada byron"}}, False),
        ({"keyword": {"name": "byron Ada"}}, True),
        ({"keyword": {"name": "Love"}}, False),
        ({"array_contains": {"tags": "vip"}}, True),
        ({"array_contains": {"tags": "vi"}}, False),
        ({"any": {"addresses": {"eq": {"city": "Paris", "zip": 2}}}}, True),
        ({"any": {"addresses": {"eq": {"city": "Paris", "zip": 1}}}}, False),
        ({"eq": {"location.country": "Ireland"}}, True),
        ({"eq": {"addresses[].city": "Paris"}}, True),
        ({"not": {"eq": {"age": 36}}}, False),
        ({"or": [{"eq": {"age": 1}}, {"eq": {"age": 36}}]}, True),
        ({"and": [{"eq": {"age": 1}}, {"eq": {"age": 36}}]}, False),
    ],
)
def test_demo_filter_matches_a_record_when_the_condition_holds(
    condition: dict[str, Any], expected: bool
) -> None:
    assert context_store.is_match(condition, RECORD) is expected


def test_demo_filter_accepts_every_operator_of_the_catalog() -> None:
    for operator in hosted_data().context_store.operators:
        value = {"any": {"eq": {"x": 1}}, "in": [1]}.get(operator, "x")
        context_store.is_match({operator: {"name": value}}, {"name": "x"})


def test_search_returns_typed_columns_when_the_entity_is_conversation_parts(
    hosted: Hosted,
) -> None:
    c = hosted.connector().sync
    closes = c.conversation_parts.context_store_search(
        filter={"eq": {"part_type": "close"}}, sort=[{"created_at": "desc"}], limit=7
    )
    assert closes["part_type"].tolist() == ["close"] * 7
    assert str(closes["conversation_created_at"].dtype) == "datetime64[s, UTC]"
    assert closes["conversation_total_parts"].min() > 0
    assert hosted.body("/execute")["entity"] == "conversation_parts"


def test_sql_query_returns_every_row_and_is_marked_truncated_when_it_has_a_limit(
    hosted: Hosted,
) -> None:
    c = hosted.connector().sync
    by_state = c.conversations.context_store_sql_query(
        sql="select state, count(*) as n from conversations group by state"
    )
    assert dict(zip(by_state["state"], by_state["n"], strict=True)).keys() >= {"open", "closed"}
    assert not by_state.attrs["intercom"]["truncated"]
    same = c.execute(
        "contacts", "context_store_sql_query", {"sql": "select 1 as id from contacts", "limit": 3}
    )
    assert same["id"].tolist() == ["1"] * 3  # no row replaces another with the same id
    assert same.attrs["intercom"]["truncated"]
    sent = {"sql": "select 1 as id from contacts", "limit": 3}
    assert hosted.body("/execute")["params"] == sent


def _shared_words(text: str, prompt: str) -> float:
    words = set(prompt.split())
    return len(words & set(re.findall(r"\w+", text.lower()))) / len(words)


def test_semantic_search_returns_similar_texts_when_a_prompt_is_given(hosted: Hosted) -> None:
    c = hosted.connector().sync
    semantic = {"prompt": "is the invoice of my plan wrong", "min_similarity": 0.25}
    found = c.conversations.context_store_search(semantic=semantic, limit=None)
    assert hosted.body("/execute")["params"]["semantic"] == semantic
    shares = [_shared_words(body, semantic["prompt"]) for body in found["source.body"]]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] >= 0.25
    assert "semantic" not in c.contacts.context_store_search.__doc__


@pytest.mark.parametrize(
    ("semantic", "hint"),
    [
        ({"prompts": "x"}, "Did you mean prompt"),
        ({"min_similarity": 0.5}, "requires a prompt"),
        ({"prompt": 5}, "prompt of semantic must be text, not 5"),
        ({"prompt": "x", "dedup": 1}, "dedup of semantic must be True or False"),
        ({"prompt": "x", "filter": {"eq": {"mood": 1}}}, "no field 'mood'"),
    ],
)
def test_semantic_search_is_refused_when_it_is_invalid(
    hosted: Hosted, semantic: dict[str, Any], hint: str
) -> None:
    with pytest.raises((InvalidParameterError, UnknownNameError), match=hint):
        hosted.connector().sync.conversations.context_store_search(semantic=semantic)
    assert hosted.count("/execute") == 0


def test_search_options_are_refused_when_the_generation_is_the_first(hosted: Hosted) -> None:
    c = hosted.connector(1).sync
    for call in (
        lambda: c.conversations.context_store_sql_query(sql="select 1"),
        lambda: c.conversation_parts.context_store_search(),
        lambda: c.conversations.context_store_search(semantic={"prompt": "x"}),
    ):
        with pytest.raises(UnsupportedError, match="needs generation 2"):
            call()
    assert hosted.count("/execute") == 0
