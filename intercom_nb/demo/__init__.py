"""Demo workspace: a local Intercom API that serves made-up records.

Nothing leaves the machine. `DemoTransport` serves an httpx client in-process, `serve` serves any
client over a loopback socket. Both pass requests to one `DemoWorkspace`.

>>> from intercom_nb.demo import DemoRequest, DemoWorkspace, TOKEN
>>> headers = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
>>> DemoWorkspace().handle(DemoRequest("GET", "/admins", headers=headers)).status
200
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.settings import (
    CLIENT_ID,
    CLIENT_SECRET,
    DEMO_BASE_URL,
    EXTERNAL_USER_ID,
    TOKEN,
    WORKSPACE_NAME,
)

if TYPE_CHECKING:
    from intercom_nb.demo.dates import NOW
    from intercom_nb.demo.server import DemoServer, serve
    from intercom_nb.demo.transport import DemoTransport
    from intercom_nb.demo.workspace import DemoWorkspace

# Loaded on first use: `dates` fixes the date, and httpx and http.server take long to import.
_LAZY = {
    "NOW": "dates",
    "DemoServer": "server",
    "DemoTransport": "transport",
    "DemoWorkspace": "workspace",
    "serve": "server",
}

__all__ = [
    "CLIENT_ID",
    "CLIENT_SECRET",
    "DEMO_BASE_URL",
    "EXTERNAL_USER_ID",
    "NOW",
    "TOKEN",
    "WORKSPACE_NAME",
    "DemoRequest",
    "DemoResponse",
    "DemoServer",
    "DemoTransport",
    "DemoWorkspace",
    "serve",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
