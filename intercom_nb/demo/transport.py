"""In-process httpx transport of the demo workspace: no socket, no network."""

from __future__ import annotations

import asyncio

import httpx

from intercom_nb.demo.messages import DemoRequest
from intercom_nb.demo.workspace import DemoWorkspace


class DemoTransport(httpx.AsyncBaseTransport):
    """Serve the requests of an `httpx.AsyncClient` from a demo workspace.

    `latency` delays each response by that many seconds, to make progress and Cancel visible.

    >>> async def teams():
    ...     base = "https://demo.intercom-nb.invalid"
    ...     async with httpx.AsyncClient(transport=DemoTransport(), base_url=base) as client:
    ...         response = await client.get("/teams", headers={"Authorization": "Bearer demo"})
    ...     return len(response.json()["teams"])
    >>> asyncio.run(teams())
    6
    """

    def __init__(self, workspace: DemoWorkspace | None = None, *, latency: float = 0.0) -> None:
        self.workspace = DemoWorkspace() if workspace is None else workspace
        self.latency = latency

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to one request."""
        body = await request.aread()
        if self.latency > 0:
            await asyncio.sleep(self.latency)
        demo_request = DemoRequest(
            method=request.method,
            path=request.url.path,
            query=request.url.params.multi_items(),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            base_url=str(request.url.copy_with(raw_path=b"/")).rstrip("/"),
        )
        try:
            response = self.workspace.handle(demo_request)
        except httpx.RequestError as error:
            error.request = request
            raise
        headers = {"Content-Length": str(len(response.body)), **response.headers}
        return httpx.Response(
            response.status, headers=headers, content=response.body, request=request
        )
