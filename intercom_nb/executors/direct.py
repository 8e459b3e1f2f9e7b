"""Direct execution: Intercom's API with the user's own access token."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import Any

from ..catalog.model import DEFAULT_VERSION, Operation
from ..errors import UnsupportedError
from ..secret import redact
from ..transport import protocol, urls
from ..transport.client import Transport
from ..transport.download import download
from ..transport.protocol import RateLimit, Request, Response
from ..transport.rate_state import RateState
from .base import Page
from .pagination import NEXT_URL, read_page
from .token_owner import request_token_owner
from .version_errors import absent, checked_version


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
                f"{operation.name} exists in hosted mode only: it searches Airbyte's copy. "
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
                requested = protocol.address(self.base_url, request)
                following = {NEXT_URL: urls.resolve(following[NEXT_URL], requested)}
            request_id = redact(response.request_id or "", self.transport.secrets) or None
            return dataclasses.replace(page, next=following, request_id=request_id)

        return await self.transport.send(request, operation.name, read)

    async def file(self, operation: Operation, params: Mapping[str, Any]) -> Response:
        """Run an operation whose response is a file; a signed URL elsewhere gets no token."""
        request = self.request(operation, params)
        response = await self.transport.send(request, operation.name, lambda response: response)
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
                return urls.follow(params[NEXT_URL], self.transport.base_url, self.version)
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
