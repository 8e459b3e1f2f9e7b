"""Query of a search: filters, an expression or the API's own form, compiled and split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .. import catalog
from ..catalog.expressions import Comparison, Filter, compile_filter, split_lists
from ..catalog.filters import (
    Query,
    ResidualFilter,
    build_query,
    is_raw_query,
    raw_query,
    sort_object,
    split_key,
)
from ..catalog.model import Operation
from ..catalog.search_fields import SearchFields
from ..errors import InvalidParameterError
from ..frames import decode_repaired


def pop_query(operation: Operation, given: dict[str, Any], *, validate: bool) -> Query:
    """Replace the filters among the arguments of a search with ``query``, compiled."""
    fields = catalog.search_fields(operation.entity)
    if fields is None:
        return Query({})
    if "sort" in given:
        given["sort"] = sort_object(given["sort"])
    names = {p.name for p in operation.params} | {"pagination"}
    filters = {name: given.pop(name) for name in list(given) if name not in names}
    query = given.pop("query", None)
    if not validate and isinstance(query, Mapping) and not filters:
        built = Query(dict(query))
    else:
        built = _compile(operation, fields, query, filters)
    given["query"] = built.query
    return built


def _compile(
    operation: Operation, fields: SearchFields, query: Any, filters: Mapping[str, Any]
) -> Query:
    if isinstance(query, Filter):
        return _compile_expression(operation, fields, query, filters)
    if query is None or (isinstance(query, Mapping) and not is_raw_query(query)):
        return build_query(operation.entity, fields, {**(query or {}), **filters})
    if not isinstance(query, Mapping):
        raise InvalidParameterError(
            f"{operation.name}: query must be a dict like {{'created_at__gt': '7d'}}, or an "
            f"expression like F('created_at') > '7d', not {query!r}."
        )
    if filters:
        raise InvalidParameterError(
            f"{operation.name}: pass a query in the API's own form or filters, not both."
        )
    return raw_query(operation.entity, query, fields)


def _compile_expression(
    operation: Operation, fields: SearchFields, query: Filter, filters: Mapping[str, Any]
) -> Query:
    """Compile an expression AND the filters."""
    columns = {
        name
        for name, kind in catalog.record_columns(operation.record).items()
        if isinstance(kind, str) and kind not in {"ids", "strings", "json"}
    }
    for key, value in filters.items():
        query = query & Comparison(*split_key(key), value)
    return compile_filter(operation.entity, fields, query, columns)


def split_query(operation: Operation, params: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the queries of a search: several if a list of alternatives is too long for one."""
    fields = catalog.search_fields(operation.entity)
    if fields is None:
        return ()
    return tuple(split_lists(params["query"], fields.max_list))


def matching(
    residual: ResidualFilter, raws: Sequence[msgspec.Raw], ids: Sequence[Any]
) -> tuple[list[msgspec.Raw], list[Any]]:
    """Return the records that pass a residual filter, and their ids.

    Raises msgspec.DecodeError for a record that is not a JSON object.
    """
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    kept = [
        (raw, key)
        for raw, key in zip(raws, ids, strict=True)
        if residual.matches(decode_repaired(raw, decode)[0])
    ]
    return [raw for raw, _ in kept], [key for _, key in kept]
