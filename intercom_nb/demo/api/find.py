"""The searches: the body of a search, from query to page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from intercom_nb.demo.api.call import Call
from intercom_nb.demo.api.errors import ApiError, invalid
from intercom_nb.demo.api.fields import Field
from intercom_nb.demo.api.paging import Page, by_cursor
from intercom_nb.demo.api.search import compile_query, sort_records
from intercom_nb.demo.data.organization import Record

MAX_PER_PAGE = 150
_REMEMBERED = 16


def find(
    call: Call, entity: str, fields: Mapping[str, Field], default_per_page: int
) -> tuple[Page, int]:
    """Return the page that a search body asks for, and how many records match."""
    body = call.json()
    if body.get("query") in (None, {}, []):
        raise ApiError(400, "parameter_not_found", "query is required", "query")
    per_page, cursor = _pagination(body.get("pagination"), default_per_page)
    scope = json.dumps([entity, body["query"], body.get("sort")], sort_keys=True)
    records = _matches(call, entity, fields, body, scope)
    return by_cursor(records, per_page, cursor, scope), len(records)


def _matches(
    call: Call, entity: str, fields: Mapping[str, Field], body: Record, scope: str
) -> list[Record]:
    """Return all matching records in order, remembered while somebody pages through them."""
    answers = call.store.answers
    if scope not in answers:
        test = compile_query(body["query"], fields)
        found = [record for record in call.store.newest(entity) if test(call.store, record)]
        if len(answers) >= _REMEMBERED:
            answers.clear()
        answers[scope] = sort_records(call.store, found, body.get("sort"), fields)
    return answers[scope]


def _pagination(given: Any, default: int) -> tuple[int, str | None]:
    if given is None:
        return default, None
    if not isinstance(given, dict):
        raise invalid("pagination must be an object", "pagination")
    per_page, cursor = given.get("per_page"), given.get("starting_after")
    if per_page is None:
        per_page = default
    if isinstance(per_page, bool) or not isinstance(per_page, int):
        raise invalid("per_page must be a whole number", "per_page")
    if not 1 <= per_page <= MAX_PER_PAGE:
        raise invalid(f"per_page must be from 1 to {MAX_PER_PAGE}", "per_page")
    if cursor is not None and not isinstance(cursor, str):
        raise invalid("starting_after must be a string", "starting_after")
    return per_page, cursor
