"""Program that uses the tools in one agent framework and prints what a model receives, as JSON.

It runs in an environment that has the framework: ``python framework_program.py langchain``.
"""

# No postponed annotations: some frameworks evaluate them, and the tools are local functions.

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import intercom_nb as inb

Call = Callable[..., Awaitable[Any]]


def langchain(function: Any) -> tuple[str, Call]:
    from langchain_core.tools import StructuredTool

    tool = StructuredTool.from_function(
        coroutine=function, handle_tool_error=True, handle_validation_error=str
    )
    return tool.description, lambda **given: tool.ainvoke(given)


def openai_agents(function: Any) -> tuple[str, Call]:
    from agents import function_tool
    from agents.tool_context import ToolContext

    # params is an open object, which strict mode has no room for.
    tool = function_tool(function, strict_mode=False)

    async def call(**given: Any) -> Any:
        text = json.dumps(given)
        context = ToolContext(None, tool_name=tool.name, tool_call_id="1", tool_arguments=text)
        return await tool.on_invoke_tool(context, text)

    return tool.description, call


def fastmcp(function: Any) -> tuple[str, Call]:
    from fastmcp import Client, FastMCP

    server = FastMCP("test")
    server.tool(function)
    return asyncio.run(_mcp_description(Client(server))), lambda **given: _mcp_call(
        Client(server), function.__name__, given
    )


def mcp_1(function: Any) -> tuple[str, Call]:
    from mcp.server.fastmcp import FastMCP
    from mcp.shared.memory import create_connected_server_and_client_session as connected

    server = FastMCP("test")
    server.add_tool(function)
    return asyncio.run(_mcp_description(connected(server._mcp_server))), lambda **given: _mcp_call(
        connected(server._mcp_server), function.__name__, given
    )


def mcp_2(function: Any) -> tuple[str, Call]:
    from mcp import Client
    from mcp.server.mcpserver import MCPServer

    server: Any = MCPServer("test")
    server.add_tool(function)
    return asyncio.run(_mcp_description(Client(server))), lambda **given: _mcp_call(
        Client(server), function.__name__, given
    )


async def _mcp_description(client: Any) -> str:
    async with client as session:
        found = await session.list_tools()
        return str(getattr(found, "tools", found)[0].description)


async def _mcp_call(client: Any, name: str, given: dict[str, Any]) -> Any:
    async with client as session:
        # FastMCP's client raises a tool's error unless told otherwise.
        settings = {"raise_on_error": False} if "fastmcp" in sys.modules else {}
        result = await session.call_tool(name, given, **settings)
    text = result.content[0].text
    if getattr(result, "is_error", None) or getattr(result, "isError", None):
        return text
    return json.loads(text) if text.startswith("{") else text


def pydantic_ai(function: Any) -> tuple[str, Call]:
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel

    seen: list[Any] = []

    async def call(**given: Any) -> Any:
        def model(messages: Any, info: Any) -> Any:
            seen[:] = [info.function_tools[0].description, messages[-1].parts[0].content]
            if len(messages) == 1:
                return ModelResponse(parts=[ToolCallPart(function.__name__, given)])
            return ModelResponse(parts=[TextPart("done")])

        agent = Agent(FunctionModel(model), retries=2)
        agent.tool_plain(function)
        await agent.run("?")
        return seen[1]

    section = {"section": "teams.get"} if function.__name__ == "read_skill_docs" else {}
    execute = {"entity": "teams", "action": "describe"}
    takes_entity = function.__name__ in {"intercom", "execute"}
    asyncio.run(call(**(execute if takes_entity else section)))
    return seen[0], call


def main(framework: str) -> None:
    c = inb.connect("demo")

    @c.tool_utils(entities=["contacts", "teams"])
    async def intercom(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        """Ask the workspace."""
        return await c.execute(entity, action, params or {})

    adapter = globals()[framework]
    tools = inb.build_connector_tools(c)
    docs = (intercom, *tools.as_list())
    made = {function.__name__: adapter(function) for function in docs}
    wrong = {"entity": "contacts", "action": "list", "params": {"page_size": 5}}
    right = {"entity": "contacts", "action": "list", "params": {"per_page": 5}}
    details = {"entity": "contacts", "action": "describe", "params": {"action": "search"}}
    calls = {
        "intercom": [wrong, right, details, {"entity": "contacts"}],  # the last lacks the action
        "execute": [wrong, right, details],
        "inspect_connector": [{}],
        "read_skill_docs": [{"section": "contacts.search"}, {"section": "contcats"}],
    }
    print(
        json.dumps(
            {
                "docstrings": {function.__name__: function.__doc__ for function in docs},
                "descriptions": {name: text for name, (text, _) in made.items()},
                "results": {
                    name: [asyncio.run(made[name][1](**given)) for given in arguments]
                    for name, arguments in calls.items()
                },
            },
            default=str,
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
