"""What a user's call means: parameters, filters, limit. Pure; nothing is sent from here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from .. import catalog
from ..catalog.expressions import Comparison, Filter, compile_filter, split_lists
from ..catalog.filters import (
    NO_TRIM,
    Query,
    ResidualFilter,
    build_query,
    is_raw_query,
    raw_query,
    sort_object,
    split_key,
)
from ..catalog.model import Operation, SearchFields
from ..catalog.validation import check_params
from ..connector.namespace import positional_names
from ..errors import InvalidParameterError
from ..runtime.progress import ProgressCallback
from .options import OPTIONS
from .paginate import first_page_size


@dataclasses.dataclass(frozen=True)
class CallPlan:
    """One operation with checked parameters, to be followed page by page up to a limit."""

    operation: Operation
    params: dict[str, Any]
    limit: int | None = None
    limit_is_default: bool = False
    trim: ResidualFilter = NO_TRIM
    progress: ProgressCallback | bool | None = None
    complete: bool = False
    dry_run: bool = False
    queries: tuple[dict[str, Any], ...] = ()


def plan_single_call(operation: Operation, params: Mapping[str, Any] | None) -> CallPlan:
    """Make the call of ``execute``: exactly one request, parameters as the catalog has them."""
    checked = check_params(operation, params)
    if "sort" in checked and operation.paging.style == "cursor_body":
        checked["sort"] = sort_object(checked["sort"])
    fields = catalog.search_fields(operation.entity)
    if operation.paging.style == "cursor_body" and fields is not None:
        raw_query(checked["query"], fields)
    return CallPlan(operation, checked)


def plan_call(operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> CallPlan:
    """Make the call of ``c.entity.action(...)``, which follows pages.

    Raises UnknownNameError and InvalidParameterError as the catalog does.
    """
    given = _by_name(operation, args, kwargs)
    options = {
        name: given.pop(name, option.default)
        for name, option in OPTIONS.items()
        if option.fits(operation)
    }
    limit, progress = options.pop("limit", None), options.pop("progress", None)
    if operation.paging.style == "none":
        return CallPlan(operation, check_params(operation, given), **options)
    limit = _checked_limit(operation, limit)
    query = _search(operation, given)
    params = check_params(operation, given)
    size = first_page_size(operation, params, None if query.trim else limit)
    if size is not None:
        params[str(operation.paging.size)] = size
    is_default = "limit" not in kwargs
    call = CallPlan(operation, params, limit, is_default, query.trim, progress, **options)
    return dataclasses.replace(call, queries=_queries(operation, params))


def _queries(operation: Operation, params: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Give the queries of a search: several where a list of alternatives is too long for one."""
    fields = catalog.search_fields(operation.entity)
    if operation.paging.style != "cursor_body" or fields is None:
        return ()
    return tuple(split_lists(params["query"], fields.max_list))


def _expression(
    operation: Operation, fields: SearchFields, query: Filter, filters: Mapping[str, Any]
) -> Query:
    """Compile an expression, together with filters that must hold too."""
    columns = {
        name
        for name, kind in catalog.record_columns(operation.record).items()
        if isinstance(kind, str) and kind not in {"ids", "strings", "json"}
    }
    for key, value in filters.items():
        query = query & Comparison(*split_key(key), value)
    return compile_filter(operation.entity, fields, query, columns)


def _by_name(
    operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    given = {("from" if k == "from_" else k): v for k, v in kwargs.items()}
    names = positional_names(operation)
    if len(args) > len(names):
        takes = (
            f"no more than {', '.join(names)} without a name" if names else "named arguments only"
        )
        raise InvalidParameterError(f"{operation.name} takes {takes}, not {len(args)}.")
    for name, value in zip(names, args, strict=False):
        if name in given:
            raise InvalidParameterError(f"{operation.name} got {name} twice.")
        given[name] = value
    return given


def _checked_limit(operation: Operation, limit: Any) -> int | None:
    if limit is None:
        return None
    if hasattr(limit, "__index__") and not isinstance(limit, bool) and limit > 0:
        return int(limit.__index__())  # also numpy's whole numbers
    raise InvalidParameterError(
        f"{operation.name}: limit must be a whole number from 1, or None for all, not {limit!r}."
    )


def _search(operation: Operation, given: dict[str, Any]) -> Query:
    """Compile the filters among the arguments into ``query``; other operations are left alone."""
    fields = catalog.search_fields(operation.entity)
    if operation.paging.style != "cursor_body" or fields is None:
        return Query({})
    if "sort" in given:
        given["sort"] = sort_object(given["sort"])
    names = {p.name for p in operation.params} | {"pagination"}
    filters = {name: given.pop(name) for name in list(given) if name not in names}
    query = given.pop("query", None)
    if isinstance(query, Filter):
        built = _expression(operation, fields, query, filters)
        given["query"] = built.query
        return built
    if query is not None and not isinstance(query, Mapping):
        raise InvalidParameterError(
            f"{operation.name}: query must be a dict like {{'created_at__gt': '7d'}}, or an "
            f"expression like F('created_at') > '7d', not {query!r}."
        )
    if query is not None and is_raw_query(query):
        if filters:
            raise InvalidParameterError(
                f"{operation.name}: give a query in the API's own form, or filters, not both."
            )
        built = raw_query(query, fields)
    else:
        built = build_query(operation.entity, fields, {**(query or {}), **filters})
    given["query"] = built.query
    return built
