"""The three tools of a connector: those that are built, and those that a user writes."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import pytest
from scripted_server import demo_connector

import intercom_nb as inb
from intercom_nb import IntercomConnector
from intercom_nb.agents import agent_tool, build_connector_tools
from intercom_nb.errors import (
    ConfigurationError,
    InvalidParameterError,
    UnknownNameError,
    WritesNotAllowedError,
)


class TestBuild:
    async def test_connector_tools_return_docs_and_records_when_called_in_turn(self) -> None:
        tools = inb.build_connector_tools(demo_connector(), framework="none")
        facts = await tools.inspect_connector()
        assert facts["mode"] == "direct"
        assert facts["docs_skill_id"]
        outline = await tools.read_skill_docs()
        assert "contacts: list" in outline
        section = await tools.read_skill_docs(section="entity:contacts")
        assert section.startswith("* contacts - ")
        assert (await tools.execute("contacts", "list", {"per_page": 3}))["meta"]["rows"] == 3
        with pytest.raises(WritesNotAllowedError):
            await tools.execute("tags", "create", {"name": "vip"})

    def test_execute_tool_lists_only_the_actions_of_the_mode(self) -> None:
        for mode in ("direct", "hosted"):
            tool = build_connector_tools(demo_connector(mode=mode)).execute
            shown = inspect.signature(tool).parameters
            assert "conversations" in get_args(shown["entity"].annotation)
            actions = get_args(shown["action"].annotation)
            assert "describe" in actions
            assert "create" not in actions
            assert ("select_fields" in shown) is (mode == "hosted")
            assert ("context_store_search" in actions) is (mode == "hosted")

    async def test_execute_tool_selects_fields_when_the_connector_is_hosted(self) -> None:
        tool = build_connector_tools(demo_connector(mode="hosted"), framework="none").execute
        found = await tool("teams", "list", select_fields=["id"])
        assert {key for record in found["records"] for key in record} == {"id"}

    def test_as_list_has_one_tool_when_the_documentation_is_its_description(self) -> None:
        tools = build_connector_tools(demo_connector(), use_progressive_docs=False)
        assert tools.as_list() == [tools.execute]
        assert "read_skill_docs" not in (tools.execute.__doc__ or "")

    async def test_connector_tools_read_docs_from_the_provider_when_one_is_given(self) -> None:
        class Provider:
            async def inspect_connector(self) -> dict[str, Any]:
                return {"docs_skill_id": "d1"}

            async def read_skill_docs(self, id: str, section: str | None = None) -> Any:  # noqa: A002
                return {"id": id, "section": section}

        tools = build_connector_tools(demo_connector(), docs_provider=Provider())
        assert await tools.inspect_connector() == {"docs_skill_id": "d1"}
        assert await tools.read_skill_docs("contacts") == {"id": "d1", "section": "contacts"}


class TestAgentTool:
    async def test_agent_tool_infers_the_role_when_none_is_given(self) -> None:
        c = demo_connector()

        @c.agent_tool(docs_tool="docs")
        async def run(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
            """Ask Intercom."""
            return await c.execute(entity, action, params)

        @IntercomConnector.agent_tool()
        async def docs(section: str | None = None) -> str:
            return await c.read_skill_docs(section)

        @IntercomConnector.agent_tool()
        async def facts() -> dict[str, Any]:
            return await c.inspect_connector()

        text = run.__doc__ or ""
        assert text.startswith("Ask Intercom.")
        assert "docs with section=" in text
        assert "a section" in (docs.__doc__ or "")
        assert (await run("teams", "list"))["meta"]["rows"] == 6
        assert (await docs("teams.get")).startswith("teams.get - ")
        assert (await facts())["mode"] == "direct"
        with pytest.raises(UnknownNameError):  # framework="none" is the default
            await run("team", "list")

    def test_agent_tool_raises_when_the_role_does_not_fit(self) -> None:
        def execute(entity: str) -> None: ...
        def both(entity: str, action: str, section: str) -> None: ...
        def anything(*args: Any) -> None: ...
        def docs(section: str) -> None: ...

        with pytest.raises(ConfigurationError, match="parentheses"):
            agent_tool(docs)  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match="Did you mean execute"):
            agent_tool("exceute")
        with pytest.raises(ConfigurationError, match="requires action"):
            agent_tool("execute")(execute)
        for function in (execute, both, anything):
            with pytest.raises(ConfigurationError, match="do not show its role"):
                agent_tool()(function)
        with pytest.raises(ConfigurationError, match="belong to the role execute"):
            agent_tool(docs_tool="docs")(docs)
        assert agent_tool("execute")(both)
        assert agent_tool("execute")(anything)


@pytest.mark.parametrize("params", ['{"per_page": 5}', [1], 5])
@pytest.mark.parametrize("envelope", [{}, {"select_fields": ["id"]}])
async def test_execute_tool_raises_when_params_is_not_a_dict(params: Any, envelope: Any) -> None:
    tools = inb.build_connector_tools(demo_connector(mode="hosted"), framework="none")
    with pytest.raises(InvalidParameterError, match="params must be a dict"):
        await tools.execute("contacts", "list", params, **envelope)
