"""Next page of a response, in each paging style of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..catalog.model import Operation
from ..errors import PagingError

NEXT_URL = "next_url"
"""Name of the parameter that holds the whole URL of the next page, if the server named it so."""


def next_params(
    operation: Operation, params: Mapping[str, Any], response: Mapping[str, Any], count: int
) -> dict[str, Any] | None:
    """Return the parameters to change for the next page, or None after the last page.

    ``response`` is the response without its records, ``count`` their number. Raises PagingError
    if the response names its next page in an unknown way.
    """
    paging = operation.paging
    if paging.style in {"cursor_query", "cursor_body"}:
        cursor = _cursor(_at(response, paging.next), paging.cursor)
        return {str(paging.cursor): cursor} if cursor else None
    if paging.style == "page_number":
        page = int(params.get(str(paging.page)) or 1)
        last = _at(response, paging.last)
        more = page < last if isinstance(last, int) else _is_full(operation, params, count)
        return {str(paging.page): page + 1} if more and count else None
    if paging.style == "next_url":
        return _after_url(operation, _at(response, paging.next))
    if paging.style == "scroll":
        cursor = _at(response, paging.next)
        return {str(paging.cursor): cursor} if cursor and count else None
    return None


def _after_url(operation: Operation, found: Any) -> dict[str, Any] | None:
    # Some API versions send an object with a page number or a cursor instead of the URL.
    if isinstance(found, str) and found:
        return {NEXT_URL: found}
    if not found:
        return None
    page = found.get("page") if isinstance(found, Mapping) else None
    if page is None or not any(p.name == "page" for p in operation.params):
        raise PagingError(
            f"{operation.name}: the response names its next page in an unknown way: {found!r}."
        )
    return {"page": page}


def _cursor(found: Any, name: str | None) -> str | None:
    # Depending on the endpoint, ``pages.next`` is an object with the cursor or a URL with it.
    if isinstance(found, str) and found.startswith(("http://", "https://", "/")) and "?" in found:
        values = parse_qs(urlsplit(found).query).get(str(name))
        return values[0] if values else None
    return str(found) if isinstance(found, (str, int)) and found else None


def _at(response: Mapping[str, Any], path: str | None) -> Any:
    value: Any = response
    for key in (path or "").split("."):
        if isinstance(value, str):  # a URL where an object was declared
            return value
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _is_full(operation: Operation, params: Mapping[str, Any], count: int) -> bool:
    size = params.get(str(operation.paging.size))
    return isinstance(size, int) and count >= size
