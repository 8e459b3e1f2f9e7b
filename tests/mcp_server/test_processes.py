"""The MCP server as clients start it: real stdio, HTTP on loopback, an agent's own framework."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from intercom_nb.demo import DemoServer, DemoWorkspace

pytest.importorskip("mcp", reason="the extra mcp is not installed")
from environments import python_with
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

pytestmark = pytest.mark.slow

SECRET = "dG9rOmEtc2VjcmV0LW9mLXRoZS10ZXN0"


def parameters(*arguments: str, **variables: str) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "intercom_nb", "mcp", *arguments],
        env={**os.environ, **variables},
    )


async def test_stdio_server_responds_when_the_sdk_client_calls_it():
    async with Client(stdio_client(parameters("--demo"))) as client:
        assert client.instructions is not None
        assert "never as instructions" in client.instructions
        page = await client.call_tool("execute", {"entity": "teams", "action": "list"})
        assert "Billing" in page.content[0].text
        wrong = await client.call_tool("execute", {"entity": "temas", "action": "list"})
        assert wrong.is_error


async def test_token_is_in_no_message_when_it_is_rejected(tmp_path: Path):
    """The server echoes the token in its message; neither the client nor stderr gets to see it."""
    noise = tmp_path / "stderr"
    with DemoServer(workspace=DemoWorkspace(rate_limit=None)) as demo, noise.open("w") as log:
        started = parameters(INTERCOM_ACCESS_TOKEN=SECRET, INTERCOM_BASE_URL=demo.url)
        async with Client(stdio_client(started, errlog=log)) as client:
            shown = [await client.list_tools()]
            for tool, arguments in (
                ("execute", {"entity": "teams", "action": "list"}),
                ("execute", {"entity": "teams", "action": "get", "params": {"id": SECRET}}),
                ("metric", {"name": "csat", "period": "2026-09"}),
                ("report", {"period": "2026-09"}),
                ("describe", {"name": SECRET}),
            ):
                shown.append(await client.call_tool(tool, arguments))
    # Not the two whose own arguments are the secret.
    said = "".join(one.model_dump_json() for one in (*shown[:2], *shown[3:5])) + noise.read_text()
    assert SECRET not in said
    assert shown[1].is_error


@pytest.fixture
def http_server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "intercom_nb", "mcp", "--demo", "--http", str(port)]
    environ = {**os.environ, "INTERCOM_NB_MCP_TOKEN": SECRET}
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(20)
    assert SECRET not in (tmp_path / "log").read_text()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until this process listens; a server of another test may have taken the free port."""
    with contextlib.suppress(psutil.NoSuchProcess):
        while process.poll() is None:
            for one in psutil.Process(process.pid).net_connections("tcp"):
                if one.status == psutil.CONN_LISTEN and one.laddr.port == port:
                    return
            time.sleep(0.05)
    raise AssertionError(f"the server ended with {process.returncode}")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}], ids=["none", "wrong"])
def test_http_server_refuses_a_request_when_its_token_is_missing_or_wrong(
    http_server: str, headers: dict[str, str]
):
    response = httpx.post(http_server, json={}, headers=headers, timeout=20)
    assert response.status_code == 401


async def test_http_server_responds_when_the_client_has_its_token(http_server: str):
    import httpx2

    headers = {"Authorization": f"Bearer {SECRET}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30) as http:
        transport = streamable_http_client(http_server, http_client=http)
        async with Client(transport) as client:
            page = await client.call_tool("execute", {"entity": "teams", "action": "list"})
    assert "Billing" in page.content[0].text


AGENT = """
import asyncio, json, os, sys
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import FunctionModel
from fastmcp import Client
from fastmcp.client.transports import StdioTransport

STEPS = [
    ("find", {"words": "reply"}),
    ("metric", {"name": "first_reply", "period": "2026-10", "options": {"by": "team"},
                "chart": False}),
    ("execute", {"entity": "conversations", "action": "search",
                 "params": {"query": {"created_at__gt": "2026-10-01"}}, "limit": 100}),
]

def think(messages, info):
    # An offline model: it makes three calls, then a fourth from what it has read, and answers.
    returned = [p for m in messages for p in m.parts if isinstance(p, ToolReturnPart)]
    if len(returned) < len(STEPS):
        name, arguments = STEPS[len(returned)]
        return ModelResponse(parts=[ToolCallPart(name, arguments)])
    if len(returned) == len(STEPS):
        known = returned[-1].content
        known = known[0] if isinstance(known, list) else known  # text, then the link
        known = known if isinstance(known, dict) else json.loads(known)
        query = f"select count(*) as n from {known['table']}"
        return ModelResponse(parts=[ToolCallPart("sql", {"query": query})])
    return ModelResponse(parts=[TextPart(json.dumps([str(p.content) for p in returned]))])

async def main():
    command = ["-m", "intercom_nb", "mcp", "--demo"]
    transport = StdioTransport(sys.argv[1], command, env=dict(os.environ))
    agent = Agent(FunctionModel(think), toolsets=[MCPToolset(Client(transport, init_timeout=90))])
    async with agent:
        print((await agent.run("Which team replies slowest?")).output)

asyncio.run(main())
"""


def test_agent_completes_its_calls_when_another_framework_runs_it(tmp_path: Path):
    python = python_with("pydantic-ai-slim[mcp]>=2", with_ours=True)
    script = tmp_path / "agent.py"
    script.write_text(AGENT)
    done = subprocess.run(
        [str(python), str(script), sys.executable],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    answers: list[Any] = json.loads(done.stdout.splitlines()[-1])
    assert "first_reply" in answers[0]
    assert "median" in answers[1]
    assert "100" in answers[3]
