"""Fault injection: scripted failures for tests of clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intercom_nb.demo.messages import DemoRequest, DemoResponse


@dataclass
class Fault:
    """Replace the response to the next `times` matching requests.

    `truncate` cuts the real response after that many bytes and keeps its status. `exception` is
    raised like a network failure.

    >>> Fault(status=503, path_prefix="/contacts").matches(DemoRequest("GET", "/me"))
    False
    """

    status: int = 500
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    exception: type[Exception] | Exception | None = None
    truncate: int | None = None
    times: int = 1
    path_prefix: str = ""
    method: str | None = None

    def matches(self, request: DemoRequest) -> bool:
        """Return whether this fault applies to a request."""
        wanted = self.method is None or self.method == request.method
        return self.times > 0 and wanted and request.path.startswith(self.path_prefix)

    def respond(self) -> DemoResponse:
        """Return the scripted response, or raise the scripted exception."""
        if isinstance(self.exception, Exception):
            raise self.exception
        if self.exception is not None:
            raise self.exception("injected into the demo workspace")
        headers = {"Content-Type": self.content_type, **self.headers}
        return DemoResponse(self.status, headers, self.body)


class FaultQueue:
    """Hold the pending faults in order of injection."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def __len__(self) -> int:
        return sum(fault.times for fault in self._faults)

    def append(self, fault: Fault) -> None:
        """Add a fault at the end."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def pop_match(self, request: DemoRequest) -> Fault | None:
        """Return the first fault that applies to a request, and count it as used."""
        for fault in self._faults:
            if fault.matches(request):
                fault.times -= 1
                self._faults = [left for left in self._faults if left.times > 0]
                return fault
        return None
