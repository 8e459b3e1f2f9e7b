"""The connector as a tool of an AI agent, in any framework.

``tool_utils`` makes one tool of a function, ``build_connector_tools`` makes three of a connector,
and ``agent_tool`` turns functions of your own into those three. Signatures are those of
airbyte-agent-sdk, so that code written for it runs after a change of the import.
"""

from __future__ import annotations

from .connector_tools import ConnectorTools, agent_tool, build_connector_tools
from .description import describe_tool
from .frameworks import FRAMEWORKS
from .plain import DEFAULT_CAP, to_plain
from .tool import AgentDecorator, tool_utils

__all__ = [
    "DEFAULT_CAP",
    "FRAMEWORKS",
    "AgentDecorator",
    "ConnectorTools",
    "agent_tool",
    "build_connector_tools",
    "describe_tool",
    "to_plain",
    "tool_utils",
]
