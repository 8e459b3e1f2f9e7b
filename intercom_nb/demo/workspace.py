"""Demo workspace: one function from a request to a response."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from intercom_nb.demo.airbyte.api import AirbyteService
from intercom_nb.demo.api.service import IntercomService
from intercom_nb.demo.faults import Fault, FaultQueue
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.rate_limit import DEFAULT_LIMIT, RateWindow
from intercom_nb.demo.store import Store


class Service(Protocol):
    """An API of the workspace; the path decides which one serves a request."""

    def can_handle(self, path: str) -> bool:
        """Return whether this service handles a path."""

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the response to one request."""


class LoggedRequest(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


class DemoWorkspace:
    """Serve requests like Intercom, from made-up records.

    The same `seed` gives the same bytes. Writes change this object only. `rate_limit` is the
    number of calls per 10 s (None: no limit); `clock` returns the current unix time.

    >>> workspace = DemoWorkspace()
    >>> headers = {"authorization": "Bearer demo", "accept": "application/json"}
    >>> workspace.handle(DemoRequest("GET", "/teams", headers=headers)).status
    200
    """

    LOG_SIZE = 20_000

    def __init__(
        self,
        seed: int = 7,
        *,
        rate_limit: int | None = DEFAULT_LIMIT,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = Store(seed)
        self.rate = RateWindow(rate_limit, clock)
        self.faults = FaultQueue()
        self.requests: deque[LoggedRequest] = deque(maxlen=self.LOG_SIZE)
        intercom = IntercomService(self.store, self.rate, clock)
        # The first service that can handle a path serves it; Intercom handles all the rest.
        self.airbyte = AirbyteService(self.store, intercom.respond, clock)
        self.services: list[Service] = [self.airbyte, intercom]
        self._lock = threading.RLock()

    def handle(self, request: DemoRequest) -> DemoResponse:
        """Return the response to one request; thread-safe.

        >>> DemoWorkspace().handle(DemoRequest("GET", "/me")).status
        401
        """
        with self._lock:
            logged = (request.method, request.path, request.pairs(), request.headers, request.body)
            self.requests.append(LoggedRequest(*logged))
            fault = self.faults.pop_match(request)
            if fault is not None and fault.truncate is None:
                return fault.respond()
            response = self._serve(request)
        if fault is not None:
            return DemoResponse(response.status, response.headers, response.body[: fault.truncate])
        return response

    def _serve(self, request: DemoRequest) -> DemoResponse:
        service = next(service for service in self.services if service.can_handle(request.path))
        return service.respond(request)

    def inject(  # noqa: PLR0913 - public keywords
        self,
        *,
        status: int = 500,
        body: bytes = b"",
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
        exception: type[Exception] | Exception | None = None,
        truncate: int | None = None,
        times: int = 1,
        path_prefix: str = "",
        method: str | None = None,
    ) -> None:
        """Inject a fault into the next matching requests.

        >>> workspace = DemoWorkspace()
        >>> workspace.inject(status=503, times=2, path_prefix="/contacts")
        >>> len(workspace.faults)
        2
        """
        fault = Fault(
            status=status,
            body=body,
            content_type=content_type,
            headers=headers or {},
            exception=exception,
            truncate=truncate,
            times=times,
            path_prefix=path_prefix,
            method=method,
        )
        with self._lock:
            self.faults.append(fault)
