"""Search endpoints: from a search body to a page of records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.errors import ApiError, invalid
from intercom_nb.demo.api.paging import RecordPage, cursor_page
from intercom_nb.demo.api.predicates import compile_query, sort_records
from intercom_nb.demo.api.search_fields import QueryField
from intercom_nb.demo.data.organization import Record

MAX_PER_PAGE = 150
_CACHE_SIZE = 16


def run_search(
    call: ApiCall, entity: str, fields: Mapping[str, QueryField], default_per_page: int
) -> tuple[RecordPage, int]:
    """Return the requested page and the number of matching records."""
    body = call.json()
    if body.get("query") in (None, {}, []):
        raise ApiError(400, "parameter_not_found", "query is required", "query")
    per_page, cursor = _pagination(body.get("pagination"), default_per_page)
    scope = json.dumps([entity, body["query"], body.get("sort")], sort_keys=True)
    records = _matches(call, entity, fields, body, scope)
    return cursor_page(records, per_page, cursor, scope), len(records)


def _matches(
    call: ApiCall, entity: str, fields: Mapping[str, QueryField], body: Record, scope: str
) -> list[Record]:
    """Return all matching records in order, cached for the pages that follow."""
    cache = call.store.search_results
    if scope not in cache:
        test = compile_query(body["query"], fields)
        found = [record for record in call.store.newest_first(entity) if test(call.store, record)]
        if len(cache) >= _CACHE_SIZE:
            cache.clear()
        cache[scope] = sort_records(call.store, found, body.get("sort"), fields)
    return cache[scope]


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
