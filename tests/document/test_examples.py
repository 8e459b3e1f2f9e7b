"""The document's own examples: run as they stand, with nothing changed but the package's name."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel

import intercom_nb
from intercom_nb import IntercomConnector
from intercom_nb.demo import DemoServer, DemoWorkspace
from intercom_nb.demo.airbyte.api import CONNECTOR_ID

_EXAMPLES = (Path(__file__).parent / "examples.md").read_text()
BLOCKS: dict[str, str] = dict(re.findall(r"^## (.+?)\n\n```\w+\n(.*?)^```", _EXAMPLES, re.S | re.M))
TOKEN, CREATE, SDK, API = BLOCKS

# What a reader puts in for the placeholders.
FILLED = {
    "<Your Intercom API Access Token>": "demo",
    "<EXTERNAL_USER_ID>": "demo",
    "<UTC date and time in the format YYYY-MM-DDTHH:mm:ssZ "
    "from which to start replicating data.>": "2026-01-01T00:00:00Z",
    "<your_external_user_id>": "demo",
    "<your-client-id>": "demo-client",
    "<your-client-secret>": "demo-secret",
    "<connector_id>": CONNECTOR_ID,
    "<entity>": "contacts",
    "<action>": "list",
}


@pytest.fixture(scope="module")
def workspace() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


@pytest.fixture
def server(workspace: DemoWorkspace) -> Iterator[DemoServer]:
    workspace.requests.clear()
    before = dict(workspace.airbyte.connectors)
    with DemoServer(workspace=workspace) as server:
        yield server
    workspace.airbyte.connectors = before


@pytest.fixture
def redirected(server: DemoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoServer]:
    """Let every connector ask the demo's socket, without a change in the examples."""
    make: Callable[..., None] = IntercomConnector.__init__

    def init(self: IntercomConnector, **given: Any) -> None:
        hosted = "auth_config" not in given
        names = ("airbyte_api_url", "airbyte_auth_url") if hosted else ("base_url",)
        make(self, **given, **dict.fromkeys(names, server.url))

        made.append(self)

    made: list[IntercomConnector] = []
    monkeypatch.setattr(IntercomConnector, "__init__", init)
    yield server
    for connector in made:
        connector.sync.close()


def _python(name: str, **known: Any) -> dict[str, Any]:
    """Run a block of Python, and give what it defines."""
    code = _filled(BLOCKS[name]).replace("airbyte_agent_intercom", intercom_nb.__name__)
    scope = dict(known)
    exec(compile(code, name, "exec"), scope)
    return scope


def _filled(text: str, **more: str) -> str:
    for placeholder, value in {**FILLED, **more}.items():
        text = text.replace(placeholder, value)
    return text


def _curl(server: DemoServer, text: str) -> httpx.Response:
    """Send what a curl line says, to the demo's socket instead of the host that it names."""
    assert not re.search(r"<[^>]+>", text), "a placeholder is left"
    words = iter(shlex.split(text.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, headers, body, url = "GET", {}, None, ""
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        else:
            url = word
    assert url.startswith("https://api.airbyte.ai/")
    path = url.removeprefix("https://api.airbyte.ai")
    with httpx.Client(trust_env=False, verify=False) as client:
        return client.request(method, server.url + path, headers=headers, content=body)


def _scoped_token(server: DemoServer) -> str:
    with httpx.Client(base_url=server.url, trust_env=False, verify=False) as client:
        secrets = {"client_id": "demo-client", "client_secret": "demo-secret"}
        application = client.post("/api/v1/applications/token", json=secrets).json()
        headers = {"Authorization": f"Bearer {application['access_token']}"}
        body = {"workspace_name": "demo"}
        answer = client.post("/api/v1/embedded/scoped-token", json=body, headers=headers)
        return str(answer.json()["token"])


def test_document_has_four_examples() -> None:
    assert len(BLOCKS) == 4


def test_token_example_returns_contacts_when_the_demo_is_the_server(redirected: DemoServer) -> None:
    connector = _python(TOKEN)["connector"]
    assert connector.mode == "direct"
    frame = asyncio.run(connector.execute("contacts", "list", {"per_page": 50}))
    assert len(frame) == 50


def test_create_example_creates_a_connector_when_the_demo_is_the_server(server: DemoServer) -> None:
    token = _scoped_token(server)
    answer = _curl(server, _filled(BLOCKS[CREATE], **{"<SCOPED_TOKEN>": token}))
    assert answer.status_code == 200
    assert answer.json()["name"] == "My Intercom Connector"
    made = server.workspace.airbyte.connectors[answer.json()["id"]]
    assert (made.workspace, made.token) == ("demo", "demo")


def test_execute_example_returns_contacts_when_the_demo_is_the_server(server: DemoServer) -> None:
    token = _scoped_token(server)
    answer = _curl(server, _filled(BLOCKS[API], **{"<SCOPED_TOKEN>": token}))
    assert answer.status_code == 200
    assert set(answer.json()) == {"result", "connector_metadata"}
    assert answer.json()["result"][0]["type"] == "contact"
    assert answer.json()["connector_metadata"]["next_page"]


def test_tool_example_returns_records_when_an_agent_calls_the_tool(redirected: DemoServer) -> None:
    agent = Agent(FunctionModel(_model))
    scope = _python(SDK, agent=agent)
    assert scope["connector"].mode == "hosted"
    run = asyncio.run(agent.run("Who wrote to us?"))
    told = json.loads(run.output)
    assert len(told["records"]) == 3
    assert told["meta"]["next_cursor"]
    paths = [r.path for r in redirected.workspace.requests]
    assert paths == [
        "/api/v1/applications/token",
        "/api/v1/connectors/connectors_for_user",
        f"/api/v1/connectors/sources/{CONNECTOR_ID}/execute",
    ]


def _model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    """A model that calls the tool and then repeats what the tool said."""
    (tool,) = info.function_tools
    for part in messages[-1].parts:
        if isinstance(part, ToolReturnPart):
            return ModelResponse(parts=[TextPart(json.dumps(part.content))])
    assert tool.description is not None
    assert "* contacts" in tool.description
    params = {"entity": "contacts", "action": "list", "params": {"per_page": 3}}
    return ModelResponse(parts=[ToolCallPart(tool.name, params)])
