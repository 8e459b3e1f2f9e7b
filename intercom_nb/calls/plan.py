"""Call plans: an operation with checked parameters, filters and limit. Pure; nothing is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..catalog.filters import Query, ResidualFilter
from ..catalog.model import Operation
from ..catalog.validation import check_params, options_of, positional_names
from ..errors import InvalidParameterError
from ..runtime.progress import ProgressCallback
from .paginate import first_page_size
from .search import pop_query, split_query


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
    query = pop_query(operation, given, validate=given.pop("validate", True) is not False)
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
    query = Query({})
    if operation.is_search:
        query = pop_query(operation, given, validate=validate)
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
        queries=split_query(operation, params) if operation.is_search and validate else (),
        **options,
    )


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
        f"{operation.name}: limit must be 1 or more, or None for all, not {limit!r}."
    )
