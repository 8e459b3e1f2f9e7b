"""tool_utils: a plain function, its description, its capped answers, its errors."""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import types
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pandas as pd
import pytest
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelRetry, UnexpectedModelBehavior
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
)
from pydantic_ai.models.function import AgentInfo, FunctionModel
from scripted_server import demo_connector

from intercom_nb import IntercomConnector, catalog
from intercom_nb.agents import answer, describe_tool, tool_utils
from intercom_nb.errors import (
    ConfigurationError,
    ResultTooLargeError,
    UnknownNameError,
    WritesNotAllowedError,
)


@pytest.fixture
def no_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pydantic_ai", "langchain_core", "agents", "fastmcp", "mcp"):
        monkeypatch.delitem(sys.modules, module, raising=False)


def _tool(connector: IntercomConnector, **settings: Any) -> Any:
    @tool_utils(**settings)
    async def intercom(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
        """Ask the workspace.

        Whatever it is.
        """
        return await connector.execute(entity, action, params or {})

    return intercom


class TestDescription:
    def test_every_operation_and_parameter_is_in_it(self) -> None:
        text = describe_tool(allow_writes=True)
        for operation in catalog.operations():
            line = _line(text, operation.entity, operation.action)
            for param in operation.params:
                mark = "" if param.required else "?"
                assert f"{param.name}{mark}: " in line
            assert operation.description in line

    def test_it_has_the_functions_own_words_first_and_no_blank_line(self) -> None:
        lines = (_tool(demo_connector()).__doc__ or "").splitlines()
        assert lines[:2] == ["Ask the workspace.", "Whatever it is."]
        assert all(line.strip() for line in lines)
        assert any("meta.next_cursor" in line for line in lines)

    def test_a_function_without_words_gets_some(self) -> None:
        @tool_utils
        def intercom(entity: str, action: str) -> None: ...

        assert (intercom.__doc__ or "").startswith("Ask ")

    def test_writes_are_described_on_request_only(self) -> None:
        writing = "- create("
        assert writing not in describe_tool()
        assert "only reads" in describe_tool()
        assert writing in describe_tool(allow_writes=True)
        assert "only reads" not in describe_tool(allow_writes=True)

    @pytest.mark.parametrize("mode", ["direct", "hosted"])
    def test_a_mode_has_its_own_operations(self, mode: str) -> None:
        text = describe_tool(mode=mode, allow_writes=True)
        listed = demo_connector(mode=mode, version="2.16" if mode == "direct" else None).entities
        assert sum(line.startswith("- ") for line in text.splitlines()) == len(listed)
        assert ("context_store_search(" in text) is (mode == "hosted")

    def test_a_connector_describes_itself(self) -> None:
        hosted = demo_connector(mode="hosted")

        @hosted.tool_utils(entities=["contacts"])
        def intercom(entity: str, action: str) -> None: ...

        assert "context_store_search" in (intercom.__doc__ or "")
        assert "- search(" not in (intercom.__doc__ or "")
        assert "* teams" not in (intercom.__doc__ or "")

    def test_an_unknown_entity_is_refused(self) -> None:
        with pytest.raises(UnknownNameError, match="Did you mean contacts"):
            describe_tool(entities=["contact"])

    def test_a_page_of_text_is_enough(self) -> None:
        assert len(describe_tool(mode="hosted")) < 6_700
        assert len(describe_tool(allow_writes=True)) < 50_000


def _line(text: str, entity: str, action: str) -> str:
    section = text.split(f"* {entity} - ")[1].split("\n* ")[0]
    return next(line for line in section.splitlines() if line.startswith(f"- {action}("))


class TestAnswer:
    async def test_records_and_meta(self) -> None:
        found = await _tool(demo_connector())("contacts", "list", {"per_page": 3})
        assert len(found["records"]) == found["meta"]["rows"] == 3
        assert found["meta"]["next_cursor"]
        assert found["meta"]["total_count"] > 3
        assert json.loads(json.dumps(found)) == found
        assert found["records"][0]["created_at"].endswith("Z")
        assert None not in found["records"][0].values()

    async def test_one_conversation_comes_with_its_parts(self) -> None:
        c = demo_connector()
        key = str((await c.conversations.list(limit=1))["id"].iloc[0])
        found = await _tool(c)("conversations", "get", {"id": key})
        frame = await c.conversations.get(key)
        parts = frame.intercom.children("conversation_parts")
        assert [p["id"] for p in found["lists"]["conversation_parts"]] == parts["id"].tolist()
        assert any(p.get("body") for p in found["lists"]["conversation_parts"])

    def test_frames_inside_other_things(self) -> None:
        frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "t": ["a", "b"]})
        plain = answer({"first": [frame, 5], "second": (frame,)})
        rows = [{"n": 1, "t": "a"}, {"t": "b"}]
        assert plain["first"] == [{"records": rows, "meta": {"rows": 2}}, 5]
        assert plain["second"][0]["records"] == rows

    @pytest.mark.parametrize("value", ["text", 5, None, [1, 2], {"a": 1}])
    def test_anything_else_stays_as_it_is(self, value: Any) -> None:
        assert answer(value) == value

    async def test_a_long_answer_is_refused_with_a_way_out(self, no_framework: None) -> None:
        tool = _tool(demo_connector(), max_chars=5_000)
        assert len((await tool("teams", "list"))["records"]) == 6
        with pytest.raises(ResultTooLargeError) as caught:
            await tool("contacts", "list", {"per_page": 100})
        text = str(caught.value)
        assert "5,000" in text
        assert "per_page" in text
        assert '"records"' in text
        assert len(text) < 1_000

    def test_the_cap_counts_characters_of_json(self) -> None:
        assert answer("x" * 8, max_chars=10) == "x" * 8
        with pytest.raises(ResultTooLargeError):
            answer("x" * 9, max_chars=10)
        assert answer("x" * 200_000, max_chars=None)
        with pytest.raises(ResultTooLargeError):
            answer("x" * 100_000)


class TestDecorator:
    def test_plain_functions_stay_plain(self) -> None:
        c = demo_connector()

        @IntercomConnector.tool_utils
        def intercom(
            entity: str, action: str, params: dict[str, Any] | None = None
        ) -> pd.DataFrame:
            """Ask."""
            return c.sync.execute(entity, action, params)

        assert not inspect.iscoroutinefunction(intercom)
        assert intercom.__name__ == "intercom"
        assert list(inspect.signature(intercom).parameters) == ["entity", "action", "params"]
        # No framework can make a schema of a DataFrame, and it answers none.
        assert inspect.signature(intercom).return_annotation is inspect.Signature.empty
        told: Any = intercom("teams", "list")
        assert told["meta"]["rows"] == 6

    def test_async_functions_stay_async(self) -> None:
        assert inspect.iscoroutinefunction(_tool(demo_connector()))

    def test_what_cannot_be_a_tool_is_refused(self) -> None:
        async def stream(entity: str) -> AsyncIterator[str]:
            yield entity

        def parts(entity: str) -> Iterator[str]:
            yield entity

        for generator in (stream, parts):
            with pytest.raises(ConfigurationError, match="generator"):
                tool_utils(generator)
        with pytest.raises(ConfigurationError, match="already"):
            tool_utils(_tool(demo_connector()))
        with pytest.raises(ConfigurationError, match="decorates functions"):
            tool_utils(int)
        with pytest.raises(ConfigurationError, match="Did you mean pydantic-ai"):
            tool_utils(framework="pydantic_ai")


class TestErrors:
    async def test_alone_an_error_is_itself(self, no_framework: None) -> None:
        tool = _tool(demo_connector())
        with pytest.raises(UnknownNameError, match="Did you mean contacts"):
            await tool("contcats", "list")
        with pytest.raises(WritesNotAllowedError):
            await tool("contacts", "delete", {"id": "x"})

    async def test_pydantic_ai_is_told_to_try_again(self) -> None:
        with pytest.raises(ModelRetry, match="UnknownNameError: Unknown entity 'contcats'"):
            await _tool(demo_connector())("contcats", "list")

    @pytest.mark.parametrize(
        ("framework", "module", "signal"),
        [
            ("langchain", "langchain_core.tools", "ToolException"),
            ("fastmcp", "fastmcp.exceptions", "ToolError"),
            ("mcp", "mcp.server.fastmcp.exceptions", "ToolError"),
        ],
    )
    async def test_the_signal_of_other_frameworks(
        self,
        no_framework: None,
        monkeypatch: pytest.MonkeyPatch,
        framework: str,
        module: str,
        signal: str,
    ) -> None:
        class SignalError(Exception):
            pass

        steps = module.split(".")
        for end in range(1, len(steps) + 1):
            name = ".".join(steps[:end])
            monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
        setattr(sys.modules[module], signal, SignalError)
        for settings in ({}, {"framework": framework}):  # found by itself, and as told
            with pytest.raises(SignalError, match="UnknownNameError"):
                await _tool(demo_connector(), **settings)("contcats", "list")

    async def test_openai_agents_get_the_text(
        self, no_framework: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = types.ModuleType("agents")
        monkeypatch.setitem(sys.modules, "agents", module)
        with pytest.raises(UnknownNameError):  # somebody's own module of that name
            await _tool(demo_connector())("contcats", "list")
        module.function_tool = object()  # type: ignore[attr-defined]
        told = await _tool(demo_connector())("contcats", "list")
        assert told.startswith("UnknownNameError: Unknown entity")

    async def test_other_errors_are_not_touched(self) -> None:
        @tool_utils
        async def broken(entity: str) -> None:
            raise ZeroDivisionError(entity)

        with pytest.raises(ZeroDivisionError):
            await broken("x")


class TestAgent:
    """A real agent of pydantic-ai, whose model is a script."""

    def _run(self, calls: list[dict[str, Any]], connector: IntercomConnector) -> list[Any]:
        """Let a model make calls one after the other, and give what it was told."""
        told: list[Any] = []

        def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            kinds = (ToolReturnPart, RetryPromptPart)
            told.extend(p.content for p in messages[-1].parts if isinstance(p, kinds))
            if len(told) == len(calls):
                return ModelResponse(parts=[TextPart("done")])
            return ModelResponse(parts=[ToolCallPart("intercom", calls[len(told)])])

        agent = Agent(FunctionModel(model), retries=3)
        agent.tool_plain(_tool(connector))
        asyncio.run(agent.run("?"))
        return told

    def test_the_agent_is_told_its_mistake_and_does_better(self) -> None:
        calls = [
            {"entity": "contact", "action": "list"},
            {"entity": "contacts", "action": "list", "params": {"page_size": 5}},
            {"entity": "contacts", "action": "list", "params": {"per_page": 5}},
        ]
        first, second, third = self._run(calls, demo_connector())
        assert "Did you mean contacts" in first
        assert "has no parameter 'page_size'" in second
        assert len(third["records"]) == 5

    def test_the_agent_pages_by_the_cursor_it_was_given(self) -> None:
        c = demo_connector()
        first = self._run([{"entity": "contacts", "action": "list", "params": {"per_page": 5}}], c)
        cursor = first[0]["meta"]["next_cursor"]
        params = {"per_page": 5, "starting_after": cursor}
        second = self._run([{"entity": "contacts", "action": "list", "params": params}], c)
        ids = [[r["id"] for r in told[0]["records"]] for told in (first, second)]
        assert not set(ids[0]) & set(ids[1])

    def test_the_model_sees_the_whole_description(self) -> None:
        seen: list[str | None] = []

        def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            seen.append(info.function_tools[0].description)
            assert set(info.function_tools[0].parameters_json_schema["properties"]) == {
                "entity",
                "action",
                "params",
            }
            return ModelResponse(parts=[TextPart("done")])

        agent = Agent(FunctionModel(model))
        tool = agent.tool_plain(_tool(demo_connector()))
        asyncio.run(agent.run("?"))
        assert seen == [tool.__doc__]

    def test_a_model_that_never_learns_is_stopped_by_the_framework(self) -> None:
        wrong = [{"entity": "nobody", "action": "list"}] * 9
        with pytest.raises(UnexpectedModelBehavior):
            self._run(wrong, demo_connector())
