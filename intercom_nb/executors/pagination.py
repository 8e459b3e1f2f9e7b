"""Pages of direct execution: the records of a response, and how to get the next page."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from ..catalog.model import Operation
from ..errors import PagingError
from ..frames import decode_repaired
from ..transport.error_response import unreadable
from ..transport.protocol import UNREADABLE, Response, is_utf8
from .base import Page

NEXT_URL = "next_url"
"""Name of the parameter that holds the whole URL of the next page, if the server named it so."""
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def read_page(operation: Operation, params: Mapping[str, Any], response: Response) -> Page:
    """Return the page of a response; raise InvalidResponseError if it cannot be read."""
    content = response.content
    if operation.response == "none" or (not content.strip() and operation.method == "DELETE"):
        # The response has no record: the row shows what was done.
        sent = {p.name: params[p.name] for p in operation.params if p.name in params}
        done = {**sent, "deleted" if operation.method == "DELETE" else "accepted": True}
        return Page([msgspec.Raw(msgspec.json.encode(done))])
    try:
        return decode_page(content, lambda text: _page(operation, params, text))
    except UNREADABLE:
        why = "is empty" if not content.strip() else "is not the expected JSON"
        raise unreadable(response, operation.name, why) from None
    except KeyError as missing:
        why = f"has no {missing.args[0]!r} in it"
        raise unreadable(response, operation.name, why) from None


def decode_page(content: bytes, decode: Callable[[bytes], Page]) -> Page:
    """Return the page that is decoded from a response, with its number of repaired characters.

    Raises msgspec.DecodeError for what is not UTF-8: text inside a raw record is not looked at.
    """
    if not is_utf8(content):
        raise msgspec.DecodeError
    page, repaired = decode_repaired(content, decode)
    return dataclasses.replace(page, repaired=repaired) if repaired else page


def _page(operation: Operation, params: Mapping[str, Any], content: bytes) -> Page:
    if operation.records is None:
        _OBJECT.decode(content)
        return Page([msgspec.Raw(content)])
    if operation.records == "":
        return Page(_LIST.decode(content))
    paging = operation.paging
    body = _decoder(operation.records, operation.records_or, paging.next, paging.last).decode(
        content
    )
    records = _records(operation, body)
    if records is None:
        # A list filtered by an exact name returns the record itself.
        return Page([msgspec.Raw(content)], None, 1)
    if operation.item is not None:
        name = msgspec.json.encode(operation.item)
        records = [msgspec.Raw(b"{%b:%b}" % (name, record)) for record in records]
    rest = msgspec.structs.asdict(body)
    total = rest["total_count"]
    following = next_params(operation, params, rest, len(records))
    return Page(records, following, total if isinstance(total, int) else None)


@functools.cache
def _decoder(
    records: str, records_or: str, following: str | None, last: str
) -> msgspec.json.Decoder[Any]:
    """Return a decoder for a response in one pass: records raw, and the fields about paging."""
    *parents, key = records.split(".")
    keys = [key, records_or] if records_or else [key]
    fields: list[Any] = [(name, list[msgspec.Raw] | None, msgspec.UNSET) for name in keys]
    for parent in reversed(parents):
        fields = [(parent, msgspec.defstruct("_Holder", fields) | None, None)]
    read = {path.partition(".")[0] for path in (following, last, "id", "total_count") if path}
    fields += [(name, Any, None) for name in sorted(read - {name for name, *_ in fields})]
    return msgspec.json.Decoder(msgspec.defstruct("_Body", fields))


def _records(operation: Operation, body: Any) -> list[msgspec.Raw] | None:
    """Return the records of a response, or None for one that is a record itself.

    Raises KeyError if they are missing.
    """
    *parents, key = str(operation.records).split(".")
    holder = body
    for parent in parents:
        if (holder := getattr(holder, parent)) is None:
            raise KeyError(parent)
    found: Any = getattr(holder, key)
    if found is msgspec.UNSET and operation.records_or:
        found = getattr(holder, operation.records_or)
    if found is not msgspec.UNSET:
        return found or []
    if body.id is None:
        raise KeyError(key)
    return None


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
