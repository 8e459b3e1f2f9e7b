"""Protocol of hosted execution: routes, request bodies and responses of both generations.

Source: docs.airbyte.com, "Agent connectors" and "Embedded API", and what published clients send.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from ...catalog.data_types import CONTEXT_STORE_SEARCH, CONTEXT_STORE_SQL
from ...catalog.hosted import check_field, check_filter, check_semantic
from ...catalog.model import Operation
from ...errors import APIError, IntercomError, InvalidParameterError, UnsupportedError
from ...secret import Secret
from ...transport.bodies import put_nested
from ...transport.error_response import unreadable
from ...transport.protocol import UNREADABLE, Request, Response
from ..base import Page
from ..pagination import decode_page

DEFINITION_ID = "d8313939-3782-41b0-be29-b3ca20d8dd3a"
CONNECTOR_TYPE = "Intercom"
DEFAULT_API_URL = "https://api.airbyte.ai"
_TOKEN_LIFE = 15 * 60.0  # seconds; used if the response names none
_MAX_INTENT = 512  # characters: the limit of the service


@dataclasses.dataclass(frozen=True)
class Generation:
    """One generation of the hosted API: its routes and its words."""

    number: Literal[1, 2]
    auth_url: str
    auth_path: str
    scope_path: str
    connectors: str
    create: str
    execute: str
    tenant: str
    search_action: str

    @property
    def other(self) -> int:
        """The number of the other generation."""
        return 3 - self.number


GENERATIONS = {
    1: Generation(
        number=1,
        auth_url="https://cloud.airbyte.com",
        auth_path="/api/v1/applications/token",
        scope_path="/api/v1/embedded/scoped-token",
        connectors="/api/v1/connectors/connectors_for_user",
        create="/v1/integrations/connectors",
        execute="/api/v1/connectors/sources/{id}/execute",
        tenant="external_user_id",
        search_action="search",
    ),
    2: Generation(
        number=2,
        auth_url=DEFAULT_API_URL,
        auth_path="/api/v1/account/applications/token",
        scope_path="/api/v1/account/applications/scoped-token",
        connectors="/api/v1/integrations/connectors",
        create="/api/v1/integrations/connectors",
        execute="/api/v1/integrations/connectors/{id}/execute",
        tenant="workspace_name",
        search_action=CONTEXT_STORE_SEARCH,
    ),
}


@dataclasses.dataclass(frozen=True)
class Token:
    """A token and when it expires, in Unix seconds."""

    secret: Secret
    expires_at: float


def request(
    method: str,
    path: str,
    *,
    body: dict[str, Any] | None = None,
    query: tuple[tuple[str, str], ...] = (),
    organization_id: str | None = None,
    retry_safe: bool = True,
) -> Request:
    """Build a request to the hosted service."""
    headers = {} if organization_id is None else {"X-Organization-Id": organization_id}
    return Request(
        method,
        path,
        query,
        body,
        headers,
        retry_safe=retry_safe,
        service="airbyte",
        # It may have called Intercom before it reported too many calls.
        refused_undone=False,
    )


def route_error(error: APIError, generation: Generation, base_url: str, path: str) -> IntercomError:
    """Return an error that names the other generation if the server does not know the route."""
    if error.status not in {404, 405}:
        return error
    return UnsupportedError(
        f"{base_url} does not know {path}, so it does not speak generation {generation.number} of "
        "the hosted API, or does so at another address (airbyte_api_url, airbyte_auth_url). "
        f"Make the connector with generation={generation.other}."
    )


def create_body(
    generation: Generation,
    tenant: str,
    access_token: Secret | str,
    start_date: str,
    name: str | None = None,
) -> dict[str, Any]:
    """Build the body of the call that creates a connector."""
    return {
        generation.tenant: tenant,
        "connector_type": CONNECTOR_TYPE,
        "name": name or f"intercom - {tenant}",
        "credentials": {"access_token": access_token},
        "replication_config": {"start_date": start_date},
    }


def execute_body(
    generation: Generation, operation: Operation, params: Mapping[str, Any]
) -> dict[str, Any]:
    """Build the body of an execute call from checked parameters.

    Raises UnsupportedError for parameters that the generation lacks, and the errors of
    ``check_filter``.
    """
    is_search = operation.action == CONTEXT_STORE_SEARCH
    inner: dict[str, Any] = {"query": {}} if is_search else {}
    beside: dict[str, Any] = {} if generation.number == 1 else {"skip_truncation": True}
    for param in operation.params:
        if param.name not in params:
            continue
        if param.location == "envelope":
            beside[param.name] = params[param.name]
        elif operation.hosted_only:
            put_nested(inner, param.wire_name, params[param.name])
        else:
            inner[param.name] = params[param.name]
    _check_envelope(generation, operation, beside)
    _check_generation(generation, operation, params)
    action = operation.action
    if is_search:
        _check_search(operation, params)
        action = generation.search_action
    return {"entity": operation.entity, "action": action, "params": inner, **beside}


def _check_envelope(
    generation: Generation, operation: Operation, beside: Mapping[str, Any]
) -> None:
    if beside and generation.number == 1:
        raise UnsupportedError(
            f"{operation.name}: {', '.join(beside)} needs generation 2 of the hosted API; this "
            "connector uses generation 1. Create it with generation=2."
        )
    if len(beside.get("intent") or "") > _MAX_INTENT:
        raise InvalidParameterError(
            f"{operation.name}: intent takes at most {_MAX_INTENT} characters."
        )


def _check_generation(
    generation: Generation, operation: Operation, params: Mapping[str, Any]
) -> None:
    is_newer = operation.action == CONTEXT_STORE_SQL or operation.entity == "conversation_parts"
    if generation.number == 1 and (is_newer or "semantic" in params):
        what = operation.name if is_newer else f"semantic= of {operation.name}"
        raise UnsupportedError(
            f"{what} needs generation 2 of the hosted API; this connector uses generation 1. "
            "Create it with generation=2."
        )


def _check_search(operation: Operation, params: Mapping[str, Any]) -> None:
    if "filter" in params:
        check_filter(operation.entity, params["filter"])
    if "semantic" in params:
        check_semantic(operation.entity, params["semantic"])
    for order in params.get("sort", ()):
        if not isinstance(order, Mapping) or set(order.values()) - {"asc", "desc"}:
            raise InvalidParameterError(
                f"{operation.name}: sort must be a list of {{field: 'asc' or 'desc'}}, not of "
                f"{order!r}."
            )
        for field in order:
            check_field(operation.entity, str(field))
    for field in params.get("fields", ()):
        check_field(operation.entity, field if isinstance(field, str) else str(field[0]))


class _TokenResponse(msgspec.Struct):
    access_token: Secret | None = None
    token: Secret | None = None
    expires_in: float | None = None


def read_token(response: Response, label: str, now: float) -> Token:
    """Parse a token; no variable here ever holds its text."""
    try:
        parsed = msgspec.json.decode(response.content, type=_TokenResponse, dec_hook=_to_secret)
    except UNREADABLE:
        raise unreadable(response, label, "is not the expected JSON") from None
    secret = parsed.access_token or parsed.token
    # httpx would name a token that no header can hold in its error.
    if secret is None or not re.fullmatch(r"[\x21-\x7e]+", secret.reveal()):
        raise unreadable(response, label, "contains no valid token")
    life = parsed.expires_in if parsed.expires_in and parsed.expires_in > 0 else _TOKEN_LIFE
    return Token(secret, now + life)


def _to_secret(kind: type, value: Any) -> Any:
    if kind is not Secret or not isinstance(value, str):
        raise TypeError("a token is text")  # reported by msgspec as a wrong shape
    return Secret(value, "the hosted service")


def read_object(response: Response, label: str) -> dict[str, Any]:
    """Parse a response that is one JSON object."""
    try:
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except UNREADABLE:
        raise unreadable(response, label, "is not the expected JSON object") from None


def read_connectors(response: Response, label: str) -> list[dict[str, Any]]:
    """Parse a list of connectors: ``connectors`` in generation 1, ``data`` in generation 2."""
    parsed = read_object(response, label)
    found = parsed.get("data", parsed.get("connectors"))
    if not isinstance(found, list) or not all(isinstance(c, dict) and "id" in c for c in found):
        raise unreadable(response, label, "contains no list of connectors")
    return found


class _Executed(msgspec.Struct):
    result: msgspec.Raw = msgspec.Raw()
    connector_metadata: dict[str, Any] | None = None
    warning: Any = None


_EXECUTED = msgspec.json.Decoder(_Executed)


class _Found(msgspec.Struct):
    """The two shapes of a context store's response."""

    data: list[msgspec.Raw] | None = None
    meta: dict[str, Any] | None = None
    hits: list[_Hit] | None = None
    next_cursor: str | None = None


class _Hit(msgspec.Struct):
    data: msgspec.Raw


def read_page(operation: Operation, params: Mapping[str, Any], response: Response) -> Page:
    """Parse the records of an execute response; raise InvalidResponseError if it cannot."""

    def decode(content: bytes) -> Page:
        executed = _EXECUTED.decode(content)
        if not bytes(executed.result):
            raise unreadable(response, operation.name, "has no key 'result'")
        if operation.hosted_only:
            return _found_page(operation, executed.result)
        return _page(operation, params, executed)

    try:
        return decode_page(response.content, decode)
    except UNREADABLE:
        why = "does not have the shape that it should have"
        raise unreadable(response, operation.name, why) from None


def _page(operation: Operation, params: Mapping[str, Any], executed: _Executed) -> Page:
    result = executed.result
    if operation.records is not None:
        records = msgspec.json.decode(result, type=list[msgspec.Raw])
        cursor = next_cursor(executed.connector_metadata or {})
        name = operation.paging.cursor
        return Page(records, {name: cursor} if cursor and name else None)
    if operation.record is None and operation.method == "DELETE":
        # Direct execution returns nothing more, and the columns should be the same.
        result = msgspec.Raw(msgspec.json.encode({"id": params.get("id"), "deleted": True}))
    msgspec.json.decode(result, type=dict[str, msgspec.Raw])
    return Page([result])


def _found_page(operation: Operation, result: msgspec.Raw) -> Page:
    found = msgspec.json.decode(result, type=_Found)
    meta, rows = found.meta or {}, found.data or []
    if operation.action == CONTEXT_STORE_SQL:
        # A row of a query is not a record: several may have the same id.
        return Page(rows, ids=[None] * len(rows), is_cut=meta.get("has_more") is True)
    name = str(operation.paging.cursor)
    if found.hits is not None:
        cursor = found.next_cursor
        return Page([hit.data for hit in found.hits], {name: cursor} if cursor else None)
    cursor = next_cursor(meta)
    return Page(rows, {name: cursor} if cursor else None)


def next_cursor(metadata: Mapping[str, Any]) -> str | None:
    """Return the cursor of the next page, in any spelling that connectors use.

    >>> next_cursor({"pagination": {"cursor": "abc"}})
    'abc'
    >>> next_cursor({"has_next_page": False, "end_cursor": "abc"})
    """
    inner = metadata.get("pagination")
    holders = [metadata, inner] if isinstance(inner, Mapping) else [metadata]
    for holder in holders:
        if holder.get("has_next_page") is False or holder.get("has_more") is False:
            return None
    for holder in holders:
        for key in ("next_page", "cursor", "end_cursor", "next_cursor"):
            found = holder.get(key)
            if isinstance(found, str) and found:
                return found
    return None
