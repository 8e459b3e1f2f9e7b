"""tool_utils and build_connector_tools in the real frameworks, each in its own environment."""

from __future__ import annotations

import functools
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from environments import python_with

import intercom_nb as inb

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("framework_program.py")
# mcp 2 and pydantic-ai are extras of ours, so that this environment has them.
FRAMEWORKS = {
    "langchain": "langchain-core>=1,<2",
    "openai_agents": "openai-agents>=0.20",
    "fastmcp": "fastmcp>=4,<5",
    "mcp_1": "mcp<2",
    "mcp_2": "",
    "pydantic_ai": "",
}


@functools.cache
def received(framework: str) -> dict[str, Any]:
    """Run the program in a framework."""
    requirement = FRAMEWORKS[framework]
    python = python_with(requirement, with_ours=True) if requirement else Path(sys.executable)
    done = subprocess.run(
        [python, PROGRAM, framework],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_tools_return_results_docs_and_errors_when_a_framework_calls_them(framework: str) -> None:
    found = received(framework)
    # The model reads the whole description, whatever the framework parses in a docstring.
    assert found["descriptions"] == found["docstrings"]
    assert all(len(text) < 4_100 for text in found["descriptions"].values())
    for name in ("intercom", "execute"):
        error, page, details, *incomplete = found["results"][name]
        assert "contacts.list has no parameter 'page_size'" in str(error)
        assert "UnknownNameError" in str(error)
        assert len(page["records"]) == page["meta"]["rows"] == 5
        assert page["meta"]["next_cursor"]
        assert details.startswith("contacts.search - Search contacts.")
        assert "created_at (date)" in details
        # The call does not end the program: the model can correct it.
        assert all("records" not in told for told in incomplete)
    section, unknown = found["results"]["read_skill_docs"]
    assert section == found["results"]["execute"][2]
    assert "Did you mean contacts" in str(unknown)
    assert found["results"]["inspect_connector"][0]["mode"] == "direct"


SIGNATURES = """
import inspect, json
from airbyte_agent_sdk import build_connector_tools
from airbyte_agent_sdk.connectors.intercom import IntercomConnector as C
methods = [C.tool_utils, C.agent_tool, C.inspect_connector, C.read_skill_docs]
names = {f: list(inspect.signature(f).parameters) for f in [build_connector_tools, *methods]}
print(json.dumps({f.__name__: found for f, found in names.items()}))
"""


def test_tool_functions_accept_every_parameter_of_airbyte_agent_sdk() -> None:
    """Code written for airbyte-agent-sdk runs after a change of the import."""
    python = python_with("airbyte-agent-sdk==0.1.380")
    done = subprocess.run(
        [python, "-c", SIGNATURES], check=True, capture_output=True, text=True, timeout=120
    )
    ours = (
        inb.build_connector_tools,
        inb.IntercomConnector.tool_utils,
        inb.IntercomConnector.agent_tool,
        inb.IntercomConnector.inspect_connector,
        inb.IntercomConnector.read_skill_docs,
    )
    parameters = {f.__name__: inspect.signature(f).parameters for f in ours}
    for name, expected in json.loads(done.stdout).items():
        wanted = {"function" if word == "func" else word for word in expected}
        assert wanted <= set(parameters[name]), name
