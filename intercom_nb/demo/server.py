"""HTTP server of the demo workspace on the loopback address, for any client."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from intercom_nb.demo.messages import DemoRequest
from intercom_nb.demo.workspace import DemoWorkspace

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MAX_BODY = 8 * 1024 * 1024


class DemoServer:
    """Serve a demo workspace from a thread until `stop`.

    >>> with serve() as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        workspace: DemoWorkspace | None = None,
        latency: float = 0.0,
    ) -> None:
        if host not in _LOOPBACK:
            # The demo's token is public, so the server must not be reachable from a network.
            raise ValueError(
                f"The demo workspace serves this machine only: host must be one of "
                f"{', '.join(_LOOPBACK)}, not {host!r}."
            )
        self.workspace = DemoWorkspace() if workspace is None else workspace
        self.latency = latency
        self._http = _HttpServer((host, port), self)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Return the base URL for clients."""
        host, port = self._http.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{name}:{port}"

    def start(self) -> DemoServer:
        """Start serving; return the server itself."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._http.serve_forever,
                kwargs={"poll_interval": 0.05},
                name="intercom-nb-demo",
                daemon=True,
            )
            self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join(timeout=5)
            self._thread = None
        self._http.server_close()

    def __enter__(self) -> DemoServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def serve(
    port: int = 0,
    host: str = "127.0.0.1",
    workspace: DemoWorkspace | None = None,
    latency: float = 0.0,
) -> DemoServer:
    """Return a demo server bound to a port (0 picks a free one); enter or start it to serve.

    >>> with serve() as server:
    ...     print(server.workspace.store.version)
    0
    """
    return DemoServer(port, host, workspace, latency)


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    # A client that opens many connections at once must not be refused.
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], demo: DemoServer) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.demo = demo
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        # Kept-alive connections would still be served after the stop.
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        # The client disconnected, or a fault was injected: nothing to report.
        return


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HttpServer
    # Headers and body leave in one packet; otherwise each response waits for an ACK.
    disable_nagle_algorithm = True
    wbufsize = -1

    def _respond(self) -> None:
        demo = self.server.demo
        body = self._body()
        if body is None:
            return
        if demo.latency > 0:
            time.sleep(demo.latency)
        url = urlsplit(self.path)
        request = DemoRequest(
            method=self.command,
            path=unquote(url.path),
            query=parse_qsl(url.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            base_url=demo.url,
        )
        try:
            response = demo.workspace.handle(request)
        except Exception:  # noqa: BLE001 - whatever was injected
            # An injected network failure: close the connection without a response.
            self.close_connection = True
            return
        self._send(response.status, dict(response.headers), response.body)

    # The names are those of the standard library's handler.
    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _respond  # noqa: N815

    def _body(self) -> bytes | None:
        if "transfer-encoding" in self.headers:
            self._refuse(411, b"length required")
            return None
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit():
            self._refuse(400, b"bad content-length")
            return None
        if int(length) > _MAX_BODY:
            self._refuse(413, b"too large")
            return None
        return self.rfile.read(int(length))

    def _refuse(self, status: int, reason: bytes) -> None:
        self.close_connection = True
        self._send(status, {"Content-Type": "text/plain", "Connection": "close"}, reason)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        # No access log: it would clutter the output of a notebook.
        return
