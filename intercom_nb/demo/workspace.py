"""The demo workspace: one function from a request to an answer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

from intercom_nb.demo.airbyte.api import AirbyteService
from intercom_nb.demo.api.service import IntercomService
from intercom_nb.demo.faults import Fault, FaultQueue
from intercom_nb.demo.limits import DEFAULT_LIMIT, RateWindow
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.store import Store


class Service(Protocol):
    """An API that the workspace speaks; which one answers is decided by the path."""

    def claims(self, path: str) -> bool:
        """Say whether this service answers a path."""

    def answer(self, request: DemoRequest) -> DemoResponse:
        """Answer one request."""


class LoggedRequest(NamedTuple):
    """A request as it arrived."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes


class DemoWorkspace:
    """Answer requests as Intercom would, from made-up records that are the same every time.

    The same `seed` gives the same bytes. Writes change this object only. `rate_limit` is the
    number of calls for ten seconds (None switches it off) and `clock` tells it the time.

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
        # The first service that claims the path answers; Intercom itself takes what is left.
        self.airbyte = AirbyteService(self.store, intercom.answer, clock)
        self.services: list[Service] = [self.airbyte, intercom]
        self._lock = threading.RLock()

    def handle(self, request: DemoRequest) -> DemoResponse:
        """Answer one request; safe to call from several threads.

        >>> DemoWorkspace().handle(DemoRequest("GET", "/me")).status
        401
        """
        with self._lock:
            logged = (request.method, request.path, request.pairs(), request.headers, request.body)
            self.requests.append(LoggedRequest(*logged))
            fault = self.faults.take(request)
            if fault is not None and fault.truncate is None:
                return fault.strike()
            response = self._answer(request)
        if fault is not None:
            return DemoResponse(response.status, response.headers, response.body[: fault.truncate])
        return response

    def _answer(self, request: DemoRequest) -> DemoResponse:
        service = next(service for service in self.services if service.claims(request.path))
        return service.answer(request)

    def inject(
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
        """Let the next matching requests go wrong.

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
