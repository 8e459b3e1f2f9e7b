"""Call plans: an operation with checked parameters, filters and limit. Pure; nothing is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol

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
from ..catalog.model import Operation, SearchFields
from ..catalog.options import options_of, positional_names
from ..catalog.validation import check_params
from ..errors import InvalidParameterError
from ..runtime.progress import ProgressCallback
from ..transport.protocol import Request
from .paginate import first_page_size


@dataclasses.dataclass(frozen=True)
class CallPlan:
    """One operation with checked parameters, to be followed page by page up to a limit.

    ``queries`` are the searches to run one after another; empty means one call with ``params``.
    """

    operation: Operation
    params: Mapping[str, Any]
    limit: int | None = None
    limit_is_default: bool = False
    residual: ResidualFilter | None = None
    progress: ProgressCallback | bool | None = None
    complete: bool = False
    follow_merged: bool = False
    dry_run: bool = False
    queries: tuple[Mapping[str, Any], ...] = ()


def plan_single_call(operation: Operation, params: Mapping[str, Any] | None) -> CallPlan:
    """Plan a call of ``execute``: exactly one request.

    Raises RequestValidationError for wrong names or values.
    """
    if not operation.is_search or (params is not None and not isinstance(params, Mapping)):
        return CallPlan(operation, check_params(operation, params))
    given = dict(params or {})
    query = _pop_query(operation, given, validate=given.pop("validate", True) is not False)
    return CallPlan(operation, check_params(operation, given), residual=query.residual)


def plan_call(operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> CallPlan:
    """Plan a call of ``c.entity.action(...)``, which follows pages.

    Raises RequestValidationError for wrong names or values.
    """
    given = _named_arguments(operation, args, kwargs)
    options = {
        name: given.pop(name, option.default) for name, option in options_of(operation).items()
    }
    limit = options.pop("limit", None)
    validate = options.pop("validate", True) is not False
    if not operation.is_paged:
        return CallPlan(operation, check_params(operation, given), **options)
    limit = _checked_limit(operation, limit)
    query = _pop_query(operation, given, validate=validate)
    params = check_params(operation, given)
    size = first_page_size(operation, params, None if query.residual else limit)
    if size is not None:
        params[str(operation.paging.size)] = size
    return CallPlan(
        operation,
        params,
        limit,
        limit_is_default="limit" not in kwargs,
        residual=query.residual,
        queries=_queries(operation, params) if validate else (),
        **options,
    )


def _queries(operation: Operation, params: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the queries of a search: several if a list of alternatives is too long for one."""
    fields = catalog.search_fields(operation.entity)
    if not operation.is_search or fields is None:
        return ()
    return tuple(split_lists(params["query"], fields.max_list))


def _named_arguments(
    operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> dict[str, Any]:
    given = {("from" if k == "from_" else k): v for k, v in kwargs.items()}
    names = positional_names(operation)
    if len(args) > len(names):
        accepted = f"at most {', '.join(names)} by position" if names else "keyword arguments only"
        raise InvalidParameterError(f"{operation.name} takes {accepted}, not {len(args)} values.")
    for name, value in zip(names, args, strict=False):
        if name in given:
            raise InvalidParameterError(f"{operation.name} got {name} twice.")
        given[name] = value
    return given


def _checked_limit(operation: Operation, limit: Any) -> int | None:
    if limit is None:
        return None
    if hasattr(limit, "__index__") and not isinstance(limit, bool) and limit > 0:
        return int(limit.__index__())  # also numpy's integers
    raise InvalidParameterError(
        f"{operation.name}: limit must be a whole number from 1, or None for all, not {limit!r}."
    )


def _pop_query(operation: Operation, given: dict[str, Any], *, validate: bool) -> Query:
    """Replace the filters among the arguments of a search by ``query``, compiled."""
    fields = catalog.search_fields(operation.entity)
    if not operation.is_search or fields is None:
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


class OperationRunner(Protocol):
    """A connector, as methods that are made of several operations need it."""

    dry_run: bool

    def resolve_operation(self, operation: Operation) -> Operation:
        """Return the operation with its parameters in the connector's mode."""

    def build_request(self, operation: Operation, arguments: Mapping[str, Any]) -> Request:
        """Build the request of a call; raise what the call would raise before it is sent."""

    def check_allowed(self, operation: Operation) -> None:
        """Raise WritesNotAllowedError for a write if the connector is read-only."""

    async def run_operation(
        self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Run an operation as a call of its method does."""
