"""Hosted execution: Airbyte runs the operations with a token that it keeps."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from ... import catalog
from ...catalog.data_types import hosted_data
from ...catalog.model import Operation
from ...errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    IntercomError,
    InvalidParameterError,
    UnsupportedError,
)
from ...models import IntercomReplicationConfig
from ...runtime.concurrency import SingleFlight
from ...secret import Secret
from ...transport.client import Transport
from ...transport.protocol import RateLimit, Request, Response
from ...transport.rate_state import RateState
from ..base import Page
from . import protocol
from .auth import Tokens
from .protocol import DEFINITION_ID, Generation, read_connectors, read_object

_T = TypeVar("_T")
_UNKNOWN_ROUTE = "Not Found"


@dataclasses.dataclass(frozen=True)
class Tenant:
    """Owner of connectors: a workspace (or external user) and the client's organization."""

    name: str
    organization_id: str | None = None


class HostedService:
    """Hosted service for one client and one workspace: connectors and calls.

    ``api`` sends with the token of ``tokens``; ``bearer`` makes a transport for another token.
    """

    def __init__(
        self,
        api: Transport,
        tokens: Tokens,
        generation: Generation,
        tenant: Tenant,
        bearer: Callable[[Secret], Transport],
    ) -> None:
        self.api = api
        self.tokens = tokens
        self.generation = generation
        self.tenant = tenant
        self._bearer = bearer

    async def send(self, request: Request, label: str, read: Callable[[Response], _T]) -> _T:
        """Send with a valid token, and once more with a new one after a 401."""
        # Not a Retrier: it changes the token, waits for nothing and happens once.
        token = await self.tokens.current()
        try:
            return await self.api.send(request, label, read)
        except AuthenticationError:
            await self.tokens.renew(refused=token)
        return await self.api.send(request, label, read)

    async def scoped_token(self) -> Secret:
        """Mint a token that reaches this workspace only; an unknown workspace is created."""
        path = self.generation.scope_path
        # Both generations' documents call it so in this one body.
        request = self.build_request("POST", path, body={"workspace_name": self.tenant.name})
        label = "scoped token"

        def read(response: Response) -> Secret:
            return protocol.read_token(response, label, now=0.0).secret

        return await self._known_route(request, label, read)

    async def connectors(self) -> list[dict[str, Any]]:
        """List the workspace's Intercom connectors."""
        query = ((self.generation.tenant, self.tenant.name), ("definition_id", DEFINITION_ID))
        request = self.build_request("GET", self.generation.connectors, query=query)
        label = f"connectors of {self.tenant.name!r}"
        return await self._known_route(request, label, lambda r: read_connectors(r, label))

    async def find_connector(self) -> str:
        """Return the id of the workspace's only Intercom connector.

        Raises ConfigurationError if there is none, or if there are several.
        """
        found = await self.connectors()
        if len(found) == 1:
            return str(found[0]["id"])
        whose = f"{self.generation.tenant} {self.tenant.name!r}"
        if not found:
            raise ConfigurationError(
                f"No Intercom connector found for {whose}. Check the name, or create one with "
                "IntercomConnector.create_hosted(...)."
            )
        listed = ", ".join(f"{c['id']} ({c.get('name') or 'no name'})" for c in found[:10])
        raise ConfigurationError(
            f"There are {len(found)} Intercom connectors for {whose}: {listed}. "
            "Pass connector_id= to choose one."
        )

    async def create(
        self,
        access_token: Secret,
        replication: IntercomReplicationConfig,
        name: str | None = None,
        source_template_id: str | None = None,
    ) -> str:
        """Create a connector with an Intercom token and return its id."""
        body = protocol.create_body(
            self.generation, self.tenant.name, access_token, replication.start_date, name
        )
        if source_template_id is not None:
            body["source_template_id"] = source_template_id
        request = self.build_request("POST", self.generation.create, body=body, retry_safe=False)
        label = "create a hosted connector"
        transport = self._bearer(await self.scoped_token())
        try:
            created = await transport.send(request, label, lambda r: read_object(r, label))
        except APIError as error:
            raise self._route_error(error, request) from None
        finally:
            await transport.aclose()
        if "id" not in created:
            raise ConfigurationError(
                f"{label}: the response has no id. List the connectors with hosted.list()."
            )
        return str(created["id"])

    async def inspect(self, connector_id: str) -> dict[str, Any]:
        """Return the service's description of a connector (generation 2)."""
        request = self.build_request("GET", f"{self._one(connector_id, 'inspect')}/inspect")
        label = "inspect a hosted connector"
        return await self.send(request, label, lambda r: read_object(r, label))

    async def delete(self, connector_id: str) -> None:
        """Delete a connector (generation 2); the service finishes in the background."""
        request = self.build_request("DELETE", self._one(connector_id, "delete"))
        await self.send(request, "delete a hosted connector", lambda _: None)

    async def execute(
        self,
        connector_id: str,
        operation: Operation,
        params: Mapping[str, Any],
    ) -> Page:
        """Run one operation."""
        request = self.request(segment(connector_id), operation, params)

        def read(response: Response) -> Page:
            return protocol.read_page(operation, params, response)

        try:
            return await self.send(request, operation.name, read)
        except APIError as error:
            if error.status == 405 or f"404: {_UNKNOWN_ROUTE}." in str(error):
                raise self._route_error(error, request) from None
            raise

    def request(self, connector: str, operation: Operation, params: Mapping[str, Any]) -> Request:
        """Build the request of an operation on a connector."""
        return self.build_request(
            "POST",
            self.generation.execute.format(id=connector),
            body=protocol.execute_body(self.generation, operation, params),
            retry_safe=operation.retry_safe,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self.api.aclose()
        await self.tokens.aclose()

    def build_request(self, method: str, path: str, **more: Any) -> Request:
        """Build a request of this client's organization."""
        organization = self.tenant.organization_id if self.generation.number == 2 else None
        return protocol.request(method, path, organization_id=organization, **more)

    def _one(self, connector_id: str, what: str) -> str:
        if self.generation.number == 1:
            raise UnsupportedError(
                f"Generation 1 of the hosted API cannot {what} a connector. Create this one with "
                "workspace_name= instead of external_user_id=, or with generation=2."
            )
        return f"{self.generation.connectors}/{segment(connector_id)}"

    async def _known_route(
        self, request: Request, label: str, read: Callable[[Response], _T]
    ) -> _T:
        try:
            return await self.send(request, label, read)
        except APIError as error:
            raise self._route_error(error, request) from None

    def _route_error(self, error: APIError, request: Request) -> IntercomError:
        return protocol.route_error(error, self.generation, self.api.base_url, request.path)


class HostedExecutor:
    """Run operations by the hosted service, on one of its connectors."""

    mode = "hosted"

    def __init__(self, service: HostedService, connector_id: str | None = None) -> None:
        self.service = service
        self.connector_id = connector_id
        self._finding: SingleFlight[str] = SingleFlight()

    @property
    def base_url(self) -> str:
        """The address of the hosted service."""
        return self.service.api.base_url

    @property
    def credential(self) -> str:
        """The source of the client."""
        return f"Airbyte client (***) from {self.service.tokens.source}"

    @property
    def details(self) -> Mapping[str, Any]:
        """Owner, generation and id of the connector; the id is None before the first call."""
        service = self.service
        return {
            service.generation.tenant: service.tenant.name,
            "organization_id": service.tenant.organization_id,
            "connector_id": self.connector_id,
            "generation": service.generation.number,
        }

    @property
    def rate_limit(self) -> RateLimit | None:
        """The service's rate window, or None before a response reports one."""
        return self.service.api.rate_limiter.rate

    @property
    def rate(self) -> RateState:
        """State of the rate limit."""
        return self.service.api.rate_limiter.state

    def refuse(self, operation: Operation) -> None:
        """Raise UnsupportedError for an operation that the hosted connector lacks."""
        self.adapt(operation)

    def adapt(self, operation: Operation) -> Operation:
        """Return the operation with the hosted connector's parameters."""
        adapted = catalog.hosted_operation(operation)
        if adapted is None:
            instead = (
                f"{operation.entity}.context_store_search searches Airbyte's copy."
                if operation.action == "search"
                and operation.entity in hosted_data().context_store.records
                else "c.entities lists the available operations."
            )
            raise UnsupportedError(
                f"The hosted connector has no {operation.name}: it needs direct mode, with an "
                f"access token. {instead}"
            )
        return adapted

    def request(self, operation: Operation, params: Mapping[str, Any]) -> Request:
        """Build the request of an operation; without a look-up, its connector has no id yet."""
        connector = "{connector_id}" if self.connector_id is None else segment(self.connector_id)
        return self.service.request(connector, operation, params)

    def redacting(self) -> contextlib.AbstractContextManager[None]:
        """Mask the client's secrets and its token in errors that are raised inside."""
        return self.service.api.redacting()

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once, on the connector that is found before the first call."""
        self.request(operation, params)  # what cannot be sent is refused before the look-up
        connector_id = await self.find()
        with self.redacting():  # the id may be the server's text
            return await self.service.execute(connector_id, operation, params)

    async def file(self, operation: Operation, params: Mapping[str, Any]) -> Response:
        """Raise UnsupportedError: the hosted service returns records only."""
        raise UnsupportedError(f"{operation.name} needs direct mode, with an access token.")

    async def probe(self) -> Mapping[str, Any]:
        """Request one contact, which needs the client, the connector and its Intercom token."""
        contacts = self.adapt(catalog.operation("contacts", "list"))
        await self.page(contacts, {"per_page": 1})
        return {"workspace": self.service.tenant.name, "connector_id": self.connector_id}

    async def find(self) -> str:
        """Return the id of the connector, looked up once."""
        return self.connector_id or await self._finding.run(self._look_up)

    async def _look_up(self) -> str:
        with self.redacting():  # the names are the server's text
            # Set here, not by the callers: a call that comes between would look it up again.
            self.connector_id = await self.service.find_connector()
        return self.connector_id

    async def aclose(self) -> None:
        """Close the connections."""
        await self.service.aclose()


def segment(value: str) -> str:
    """Return an id as one segment of a path; raise InvalidParameterError if it cannot be one."""
    text = str(value).strip()
    if text in {"", ".", ".."}:  # it would address something else
        raise InvalidParameterError(f"{value!r} is not a valid id.")
    return quote(text, safe="")
