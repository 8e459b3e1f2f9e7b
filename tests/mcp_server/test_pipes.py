"""The server's process and its pipes: it ends with its client, whatever is under way."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

pytestmark = pytest.mark.slow

ENDLESS = ("sql", {"query": "select count(*) from range(1000000000000)"})
CALLS = {"sql": ENDLESS, "report": ("report", {"period": "2026"})}
CLIENT = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


class Server:
    """A server process to which a test writes lines, right or wrong."""

    def __init__(self) -> None:
        pipes: Any = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        command = [sys.executable, "-m", "intercom_nb", "mcp", "--demo"]
        self.process: Any = subprocess.Popen(command, **pipes)
        self.request(0, "initialize", CLIENT)
        self.answer()
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def send(self, message: Any) -> None:
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def request(self, number: int, method: str, params: dict[str, Any]) -> None:
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    def call(self, number: int, tool: str, arguments: dict[str, Any]) -> None:
        self.request(number, "tools/call", {"name": tool, "arguments": arguments})

    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def end(self) -> tuple[int, str]:
        """Return the exit status and what was written to stderr."""
        return self.process.wait(20), self.process.stderr.read().decode()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.process.kill()
    running.process.wait()
    for pipe in (running.process.stdin, running.process.stdout, running.process.stderr):
        pipe.close()


@pytest.mark.parametrize("running", CALLS)
def test_server_ends_when_its_input_closes_during_a_call(server: Server, running: str):
    server.call(1, *CALLS[running])
    time.sleep(1.5)
    server.process.stdin.close()
    started = time.monotonic()
    assert server.end() == (0, "")
    assert time.monotonic() - started < 10


def test_server_ends_without_an_error_when_its_output_is_closed(server: Server):
    server.process.stdout.close()
    server.call(1, "execute", {"entity": "teams", "action": "list"})
    time.sleep(1)
    server.process.stdin.close()
    assert server.end() == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_server_ends_when_it_is_interrupted_during_a_call(server: Server):
    server.call(1, *ENDLESS)
    time.sleep(1)
    server.process.send_signal(signal.SIGINT)
    assert server.end() == (-signal.SIGINT, "")


def test_call_stops_using_cpu_when_it_is_cancelled(server: Server):
    server.call(1, *ENDLESS)
    time.sleep(1)
    cancelled = {"requestId": 1, "reason": "the user pressed Stop"}
    server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancelled})
    time.sleep(1)
    process = psutil.Process(server.process.pid)
    before = process.cpu_times().user
    time.sleep(1)
    assert process.cpu_times().user - before < 0.5


def test_server_responds_when_earlier_lines_were_not_messages(server: Server):
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    call = b'{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"execute","arguments":'
    for line in (
        b"not json",
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b"{" * 100_000,
        call + b'{"entity":"contacts","action":"search","params":{"query":' + deep + b"}}}}",
        call + b'{"entity":"contacts","action":"get","params":{"id":"\\ud800"}}}}',
    ):
        server.send(line)
    server.call(9, "execute", {"entity": "teams", "action": "list"})
    answer = server.answer()
    while answer.get("id") != 9:
        answer = server.answer()
    assert "Billing" in answer["result"]["content"][0]["text"]


def _run_http(port: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "intercom_nb", "mcp", "--demo", "--http", str(port)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("port", [-1, 99_999, None], ids=["negative", "too large", "taken"])
def test_server_error_names_the_port_when_it_cannot_be_used(port: int | None):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1] if port is None else port
        done = _run_http(wanted)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"Cannot listen on port {wanted}" in done.stderr
