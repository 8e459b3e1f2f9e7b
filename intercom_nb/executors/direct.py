"""Direct execution: Intercom's API with the user's own access token."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from ..catalog.model import DEFAULT_VERSION, Operation
from ..errors import UnsupportedError
from ..frames import decode_repaired
from ..secret import redact
from ..transport import links, protocol
from ..transport.client import Transport
from ..transport.download import download
from ..transport.error_response import unreadable
from ..transport.protocol import UNREADABLE, RateLimit, Request, Response
from ..transport.rate_state import RateState
from .base import Page
from .pagination import NEXT_URL, next_params
from .token_owner import request_token_owner
from .version_errors import absent, checked_version

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class DirectExecutor:
    """Run operations on Intercom's API, in the version that the catalog describes."""

    mode = "direct"

    def __init__(
        self, transport: Transport, version: str = DEFAULT_VERSION, source: str = "argument"
    ) -> None:
        self.transport = transport
        self._source = source
        self.version = checked_version(version)

    @property
    def base_url(self) -> str:
        """The address of Intercom's API."""
        return self.transport.base_url

    @property
    def credential(self) -> str:
        """The source of the token."""
        return f"access token (***) from {self._source}"

    @property
    def details(self) -> Mapping[str, Any]:
        """The API version."""
        return {"version": self.version}

    @property
    def rate_limit(self) -> RateLimit | None:
        """Intercom's rate window, or None before a response reports one."""
        return self.transport.rate_limiter.rate

    @property
    def rate(self) -> RateState:
        """State of the rate limit."""
        return self.transport.rate_limiter.state

    def refuse(self, operation: Operation) -> None:
        """Raise UnsupportedError for operations newer than this version, or hosted only."""
        if operation.hosted_only:
            raise UnsupportedError(
                f"{operation.name} exists in hosted execution only: it searches Airbyte's copy. "
                "Pass airbyte_client_id=, airbyte_client_secret= and workspace_name=."
            )
        if not operation.exists_in(self.version):
            raise absent(operation.name, operation, self.version)

    def adapt(self, operation: Operation) -> Operation:
        """Return the operation as this API version has it."""
        self.refuse(operation)
        return operation.at_version(self.version)

    async def probe(self) -> Mapping[str, Any]:
        """Request whose token it is; of the admin, only the id is kept."""
        return await request_token_owner(self.transport, self.version)

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once."""
        request = self.request(operation, params)

        def read(response: Response) -> Page:
            page = read_page(operation, params, response)
            following = page.next
            if following and NEXT_URL in following:
                asked = protocol.address(self.base_url, request)
                following = {NEXT_URL: links.resolve(following[NEXT_URL], asked)}
            request_id = redact(response.request_id or "", self.transport.secrets) or None
            return dataclasses.replace(page, next=following, request_id=request_id)

        return await self.transport.send(request, operation.name, read)

    async def file(self, operation: Operation, params: Mapping[str, Any]) -> Response:
        """Run an operation whose response is a file; a signed URL elsewhere gets no token."""
        request = self.request(operation, params)
        response = await self.transport.send(request, operation.name, lambda answer: answer)
        if response.status >= 300:
            url = response.headers.get("location", "")
            response = await download(self.transport, url, operation.name)
        return response

    def request(self, operation: Operation, params: Mapping[str, Any]) -> Request:
        """Build the request of an operation, or of the next page from a response.

        Raises UnsupportedError for a parameter that is newer than this connector's version.
        """
        if NEXT_URL in params:
            with self.redacting():  # the link is the server's text
                return links.follow(params[NEXT_URL], self.transport.base_url, self.version)
        for param in operation.params:
            if param.name in params and not param.exists_in(self.version):
                raise absent(f"{param.name}= of {operation.name}", param, self.version)
        return protocol.build_request(operation, params, self.version)

    def redacting(self) -> contextlib.AbstractContextManager[None]:
        """Mask the token in errors that are raised inside."""
        return self.transport.redacting()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()


def read_page(operation: Operation, params: Mapping[str, Any], response: Response) -> Page:
    """Return the page of a response; raise InvalidResponseError if it cannot be read."""
    content = response.content
    if operation.response == "none" or (not content.strip() and operation.method == "DELETE"):
        # The response has no record: the row shows what was done.
        sent = {p.name: params[p.name] for p in operation.params if p.name in params}
        done = {**sent, "deleted" if operation.method == "DELETE" else "accepted": True}
        return Page([msgspec.Raw(msgspec.json.encode(done))])
    try:
        if not protocol.is_utf8(content):  # text inside a raw record is not looked at below
            raise msgspec.DecodeError
        page, repaired = decode_repaired(content, lambda c: _page(operation, params, c))
        return dataclasses.replace(page, repaired=repaired) if repaired else page
    except UNREADABLE:
        why = "is empty" if not content.strip() else "is not the expected JSON"
        raise unreadable(response, operation.name, why) from None
    except KeyError as missing:
        why = f"has no {missing.args[0]!r} in it"
        raise unreadable(response, operation.name, why) from None


def _page(operation: Operation, params: Mapping[str, Any], content: bytes) -> Page:
    if operation.records is None:
        _OBJECT.decode(content)
        return Page([msgspec.Raw(content)])
    if operation.records == "":
        return Page(_LIST.decode(content))
    paging = operation.paging
    told = _answer(operation.records, operation.records_or, paging.next, paging.last)
    answer = told.decode(content)
    records = _records(operation, answer)
    if records is None:
        # A list filtered by an exact name returns the record itself.
        return Page([msgspec.Raw(content)], None, 1)
    if operation.item is not None:
        name = msgspec.json.encode(operation.item)
        records = [msgspec.Raw(b"{%b:%b}" % (name, record)) for record in records]
    rest = msgspec.structs.asdict(answer)
    total = rest["total_count"]
    return Page(
        records,
        next_params(operation, params, rest, len(records)),
        total if isinstance(total, int) else None,
    )


def _records(operation: Operation, answer: Any) -> list[msgspec.Raw] | None:
    """Return the records of a response, or None for one that is a record itself.

    Raises KeyError if they are missing.
    """
    assert operation.records is not None
    *parents, key = operation.records.split(".")
    holder = answer
    for parent in parents:
        if (holder := getattr(holder, parent)) is None:
            raise KeyError(parent)
    found: Any = getattr(holder, key)
    if found is msgspec.UNSET and operation.records_or:
        found = getattr(holder, operation.records_or)
    if found is not msgspec.UNSET:
        return found or []
    if answer.id is None:
        raise KeyError(key)
    return None


@functools.cache
def _answer(
    records: str, records_or: str, following: str | None, last: str
) -> msgspec.json.Decoder[Any]:
    """Return a decoder for a response in one pass: records raw, and the fields about paging."""
    *parents, key = records.split(".")
    keys = [key, records_or] if records_or else [key]
    fields: list[Any] = [(name, list[msgspec.Raw] | None, msgspec.UNSET) for name in keys]
    for parent in reversed(parents):
        fields = [(parent, msgspec.defstruct("_Holder", fields) | None, None)]
    told = {path.partition(".")[0] for path in (following, last, "id", "total_count") if path}
    fields += [(name, Any, None) for name in sorted(told - {name for name, *_ in fields})]
    return msgspec.json.Decoder(msgspec.defstruct("_Answer", fields))
