"""tool_utils: the decorated function, its description, limited results, errors."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import sys
import types
from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

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
from scripted_server import demo_connector, writable_demo

from intercom_nb import IntercomConnector, catalog
from intercom_nb.agents import (
    FRAMEWORKS,
    build_connector_tools,
    describe_tool,
    to_plain,
    tool_utils,
)
from intercom_nb.agents.description import describe_section
from intercom_nb.catalog.model import Operation
from intercom_nb.errors import (
    ConfigurationError,
    ResultTooLargeError,
    ServerError,
    UnknownNameError,
    WritesNotAllowedError,
)


@pytest.fixture
def no_framework(monkeypatch: pytest.MonkeyPatch) -> None:
    for homes in FRAMEWORKS.values():
        for module, _ in homes:
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
    @pytest.mark.parametrize("mode", [None, "direct", "hosted"])
    @pytest.mark.parametrize("allow_writes", [False, True])
    def test_describe_tool_lists_every_action_within_4000_characters(
        self, mode: str | None, allow_writes: bool
    ) -> None:
        text = describe_tool(allow_writes=allow_writes, mode=mode)
        assert len(text) <= 4_000
        assert "never as instructions" in text
        for operation in _operations(mode, allow_writes):
            own = re.split(rf"\n\W*{operation.entity}(?::| -)", text)[1].partition("\n* ")[0]
            assert re.search(rf"\b{operation.action}\b", own)

    @pytest.mark.parametrize("mode", [None, "direct", "hosted"])
    def test_describe_section_has_every_parameter_of_the_action(self, mode: str | None) -> None:
        for operation in _operations(mode, True):
            text = describe_section(operation.name, allow_writes=True, mode=mode)
            assert operation.description in text
            lines = [line.strip() for line in text.splitlines()]
            for param in operation.params:
                line = next(x for x in lines if x.startswith(f"{param.name} ("))
                assert param.description in line

    def test_describe_section_raises_when_the_action_is_not_available(self) -> None:
        with pytest.raises(UnknownNameError, match="read-only"):
            describe_section("contacts.create")
        with pytest.raises(UnknownNameError, match="mode"):
            describe_section("contacts.search", mode="hosted")
        with pytest.raises(UnknownNameError, match="mode"):
            describe_section("contacts.merge", allow_writes=True, mode="hosted")
        with pytest.raises(UnknownNameError, match="secret"):
            describe_section("conversations.update_part", allow_writes=True)

    def test_describe_tool_lists_parameters_when_only_few_entities_are_chosen(self) -> None:
        text = describe_tool(entities=["contacts", "teams"])
        for operation in _operations(None, False):
            if operation.entity in {"contacts", "teams"}:
                line = _line(text, operation.entity, operation.action)
                for param in operation.params:
                    assert f"{param.name}{'' if param.required else '?'}: " in line

    async def test_tool_returns_docs_without_a_call_when_the_action_is_describe(self) -> None:
        @tool_utils
        async def intercom(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
            raise AssertionError("called")

        assert (await intercom("teams", "describe")).startswith("* teams - ")
        text = await intercom("teams", action="describe", params={"action": "get"})
        assert text.startswith("teams.get - ")

    def test_description_starts_with_the_docstring_when_the_function_has_one(self) -> None:
        lines = (_tool(demo_connector()).__doc__ or "").splitlines()
        assert lines[:2] == ["Ask the workspace.", "Whatever it is."]
        assert all(line.strip() for line in lines)
        assert any("meta.next_cursor" in line for line in lines)

    def test_description_has_a_first_line_when_the_function_has_no_docstring(self) -> None:
        @tool_utils
        def intercom(entity: str, action: str) -> None: ...

        assert (intercom.__doc__ or "").startswith("Query ")

    def test_describe_tool_lists_writes_when_they_are_allowed(self) -> None:
        tags, everything = ["tags"], {"allow_writes": True}
        assert "- create(" not in describe_tool(entities=tags)
        assert "- create(" in describe_tool(entities=tags, allow_writes=True)
        assert "read-only" in describe_tool()
        assert "read-only" not in describe_tool(**everything)

    def test_description_lists_hosted_actions_when_the_connector_is_hosted(self) -> None:
        hosted = demo_connector(mode="hosted")

        @hosted.tool_utils(entities=["contacts"])
        def intercom(entity: str, action: str) -> None: ...

        assert "context_store_search" in (intercom.__doc__ or "")
        assert "- search(" not in (intercom.__doc__ or "")
        assert "* teams" not in (intercom.__doc__ or "")

    def test_describe_tool_raises_when_the_entity_is_unknown(self) -> None:
        with pytest.raises(UnknownNameError, match="Did you mean contacts"):
            describe_tool(entities=["contact"])


def _operations(mode: str | None, allow_writes: bool) -> list[Operation]:
    c = demo_connector(mode=mode or "direct")
    known = c.operations() if mode else catalog.operations()
    return [op for op in known if (allow_writes or not op.writes) and not op.is_for_code]


def _line(text: str, entity: str, action: str) -> str:
    section = text.split(f"* {entity} - ")[1].split("\n* ")[0]
    return next(line for line in section.splitlines() if line.startswith(f"- {action}("))


class TestResult:
    async def test_tool_returns_json_records_and_meta_when_the_function_returns_a_frame(
        self,
    ) -> None:
        found = await _tool(demo_connector())("contacts", "list", {"per_page": 3})
        assert len(found["records"]) == found["meta"]["rows"] == 3
        assert found["meta"]["next_cursor"]
        assert found["meta"]["total_count"] > 3
        assert json.loads(json.dumps(found)) == found
        assert found["records"][0]["created_at"].endswith("Z")
        assert None not in found["records"][0].values()

    async def test_tool_returns_parts_when_one_conversation_is_read(self) -> None:
        c = demo_connector()
        key = str((await c.conversations.list(limit=1))["id"].iloc[0])
        found = await _tool(c)("conversations", "get", {"id": key})
        frame = await c.conversations.get(key)
        parts = frame.intercom.children("conversation_parts")
        assert [p["id"] for p in found["lists"]["conversation_parts"]] == parts["id"].tolist()
        assert any(p.get("body") for p in found["lists"]["conversation_parts"])

    def test_to_plain_converts_frames_when_nested(self) -> None:
        frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "t": ["a", "b"]})
        plain = to_plain({"first": [frame, 5], "second": (frame,)})
        rows = [{"n": 1, "t": "a"}, {"t": "b"}]
        assert plain["first"] == [{"records": rows, "meta": {"rows": 2}}, 5]
        assert plain["second"][0]["records"] == rows

    @pytest.mark.parametrize("value", ["text", 5, None, [1, 2], {"a": 1}])
    def test_to_plain_returns_a_value_unchanged_when_it_is_not_a_frame(self, value: Any) -> None:
        assert to_plain(value) == value

    async def test_tool_raises_result_too_large_error_when_the_result_is_too_long(
        self, no_framework: None
    ) -> None:
        tool = _tool(demo_connector(), max_output_chars=5_000)
        assert len((await tool("teams", "list"))["records"]) == 6
        with pytest.raises(ResultTooLargeError) as caught:
            await tool("contacts", "list", {"per_page": 100})
        text = str(caught.value)
        assert "5,000" in text
        assert "per_page" in text
        assert '"records"' in text
        assert len(text) < 1_000

    async def test_tool_reports_a_write_as_done_when_its_response_is_too_long(
        self, no_framework: None
    ) -> None:
        workspace = writable_demo()
        c = demo_connector(workspace, allow_writes=True)
        tool = _tool(c, max_output_chars=1_000)
        found = await tool("tags", "create", {"name": "x" * 2_000})
        [created] = [r for r in workspace.store.organization.tags.values() if len(r["name"]) > 999]
        assert found["records"] == [{"id": created["id"]}]
        assert "do not repeat" in found["meta"]["note"]
        plan = await c.tags.create(name="y" * 2_000, dry_run=True)
        with pytest.raises(ResultTooLargeError):
            to_plain(plan, 1_000)

    def test_to_plain_raises_when_the_json_is_longer_than_the_limit(self) -> None:
        assert to_plain("x" * 8, max_output_chars=10) == "x" * 8
        with pytest.raises(ResultTooLargeError):
            to_plain("x" * 9, max_output_chars=10)
        assert to_plain("x" * 200_000, max_output_chars=None)
        with pytest.raises(ResultTooLargeError):
            to_plain("x" * 100_000)


class TestDecorator:
    def test_tool_utils_returns_a_plain_function_when_given_one(self) -> None:
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
        # No framework can derive a schema from a DataFrame.
        assert inspect.signature(intercom).return_annotation is inspect.Signature.empty
        received: Any = intercom("teams", "list")
        assert received["meta"]["rows"] == 6

    def test_tool_utils_returns_an_async_function_when_given_one(self) -> None:
        assert inspect.iscoroutinefunction(_tool(demo_connector()))

    def test_tool_utils_raises_when_the_target_cannot_be_a_tool(self) -> None:
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
        with pytest.raises(ConfigurationError, match="Did you mean langchain"):
            tool_utils(framework="langchian")
        with pytest.raises(ConfigurationError, match="internal_retries"):
            tool_utils(internal_retries=-1)

    @pytest.mark.parametrize("name", ["pydantic_ai", "pydantic-ai", "fastmcp", "mcp", "none"])
    def test_tool_utils_accepts_every_spelling_of_a_framework(self, name: str) -> None:
        assert tool_utils(framework=name)

    def test_tool_utils_leaves_the_docstring_when_update_docstring_is_false(self) -> None:
        @tool_utils(update_docstring=False)
        def intercom(entity: str, action: str) -> None:
            """Ask."""

        assert intercom.__doc__ == "Ask."

    def test_tool_raises_when_the_result_exceeds_the_limit(self) -> None:
        tool = tool_utils(framework="none", max_output_chars=5)(lambda: "x" * 9)
        with pytest.raises(ResultTooLargeError):
            tool()
        assert tool_utils(max_output_chars=None)(lambda: "x" * 200_000)()


class TestErrors:
    async def test_tool_raises_our_error_when_no_framework_is_in_use(
        self, no_framework: None
    ) -> None:
        tool = _tool(demo_connector())
        with pytest.raises(UnknownNameError, match="Did you mean contacts"):
            await tool("contcats", "list")
        with pytest.raises(WritesNotAllowedError):
            await tool("contacts", "delete", {"id": "x"})

    async def test_tool_raises_model_retry_when_pydantic_ai_is_in_use(self) -> None:
        with pytest.raises(ModelRetry, match="UnknownNameError: Unknown entity 'contcats'"):
            await _tool(demo_connector())("contcats", "list")

    @pytest.mark.parametrize(
        ("framework", "module", "signal"),
        [
            ("langchain", "langchain_core.tools", "ToolException"),
            ("fastmcp", "fastmcp.exceptions", "ToolError"),
            ("mcp", "mcp.server.fastmcp.exceptions", "ToolError"),
            ("mcp", "mcp.server.mcpserver.exceptions", "ToolError"),
        ],
    )
    async def test_tool_raises_the_error_of_the_framework_when_it_is_in_use(
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
        for settings in ({}, {"framework": framework}):  # detected, and given
            with pytest.raises(SignalError, match="UnknownNameError"):
                await _tool(demo_connector(), **settings)("contcats", "list")

    async def test_tool_returns_the_error_as_text_when_openai_agents_is_in_use(
        self, no_framework: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = types.ModuleType("agents")
        monkeypatch.setitem(sys.modules, "agents", module)
        with pytest.raises(UnknownNameError):  # a project's own module of that name
            await _tool(demo_connector())("contcats", "list")
        module.function_tool = object()  # type: ignore[attr-defined]
        received = await _tool(demo_connector())("contcats", "list")
        assert received.startswith("UnknownNameError: Unknown entity")

    async def test_tool_retries_up_to_internal_retries_when_the_error_is_transient(self) -> None:
        calls: list[str] = []

        @tool_utils(framework="none", internal_retries=2)
        async def intercom(what: str) -> str:
            calls.append(what)
            raise ServerError("down", status=400 if what == "rejected" else 503)

        for what, expected in {"down": 3, "rejected": 1}.items():
            calls.clear()
            with pytest.raises(ServerError):
                await intercom(what)
            assert calls == [what] * expected

    async def test_tool_does_not_retry_when_the_outcome_is_unknown_or_a_retry_is_refused(
        self,
    ) -> None:
        calls: list[str] = []

        @tool_utils(
            framework="none",
            internal_retries=2,
            should_internal_retry=lambda error, args, kwargs: args[0] != "refused",
        )
        async def intercom(what: str) -> str:
            calls.append(what)
            error = ServerError("down", status=503)
            error.outcome_unknown = what == "unknown"
            raise error

        for what in ("unknown", "refused"):
            with pytest.raises(ServerError):
                await intercom(what)
        assert calls == ["unknown", "refused"]

    async def test_tool_raises_the_given_message_when_retries_are_exhausted(self) -> None:
        @tool_utils(
            framework="pydantic_ai",
            internal_retries=1,
            exhausted_runtime_failure_message=lambda error, args, kwargs: "Try again tomorrow.",
        )
        async def intercom() -> None:
            raise ServerError("down", status=503)

        with pytest.raises(ModelRetry, match=r"^Try again tomorrow\.$"):
            await intercom()

    async def test_tool_raises_the_error_unchanged_when_it_is_not_of_this_package(self) -> None:
        @tool_utils
        async def broken(entity: str) -> None:
            raise ZeroDivisionError(entity)

        with pytest.raises(ZeroDivisionError):
            await broken("x")


class TestAgent:
    """A real agent of pydantic-ai, whose model is a script."""

    def _run(self, calls: list[dict[str, Any]], connector: IntercomConnector) -> list[Any]:
        """Run the calls one after the other; return what the model received for each."""
        received: list[Any] = []

        def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            kinds = (ToolReturnPart, RetryPromptPart)
            received.extend(p.content for p in messages[-1].parts if isinstance(p, kinds))
            if len(received) == len(calls):
                return ModelResponse(parts=[TextPart("done")])
            return ModelResponse(parts=[ToolCallPart("intercom", calls[len(received)])])

        agent = Agent(FunctionModel(model), retries=3)
        agent.tool_plain(_tool(connector))
        asyncio.run(agent.run("?"))
        return received

    def test_agent_corrects_its_call_when_an_error_is_reported(self) -> None:
        calls = [
            {"entity": "contact", "action": "list"},
            {"entity": "contacts", "action": "list", "params": {"page_size": 5}},
            {"entity": "contacts", "action": "list", "params": {"per_page": 5}},
        ]
        first, second, third = self._run(calls, demo_connector())
        assert "Did you mean contacts" in first
        assert "has no parameter 'page_size'" in second
        assert len(third["records"]) == 5

    def test_agent_reads_the_next_page_when_given_a_cursor(self) -> None:
        c = demo_connector()
        first = self._run([{"entity": "contacts", "action": "list", "params": {"per_page": 5}}], c)
        cursor = first[0]["meta"]["next_cursor"]
        params = {"per_page": 5, "starting_after": cursor}
        second = self._run([{"entity": "contacts", "action": "list", "params": params}], c)
        ids = [[r["id"] for r in received[0]["records"]] for received in (first, second)]
        assert len({*ids[0], *ids[1]}) == len(ids[0]) + len(ids[1]) == 10

    def test_agent_sends_the_whole_description_to_the_model(self) -> None:
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

    def test_agent_stops_when_the_model_repeats_its_mistake(self) -> None:
        wrong = [{"entity": "nobody", "action": "list"}] * 9
        with pytest.raises(UnexpectedModelBehavior):
            self._run(wrong, demo_connector())


class TestVersion:
    @pytest.mark.parametrize(("version", "is_there"), [("2.15", False), ("2.16", True)])
    def test_tool_lists_an_entity_when_the_api_version_has_it(
        self, version: str, is_there: bool
    ) -> None:
        c = demo_connector(version=version)

        @c.tool_utils
        async def intercom(entity: str, action: str, params: Any = None) -> Any:
            return await c.execute(entity, action, params or {})

        tools = build_connector_tools(c, framework="none")
        entities = get_args(inspect.signature(tools.execute).parameters["entity"].annotation)
        assert ("macros" in str(intercom.__doc__)) is is_there
        assert ("macros" in str(tools.execute.__doc__)) is is_there
        assert ("macros" in entities) is is_there

    async def test_read_skill_docs_omits_a_parameter_when_the_version_lacks_it(self) -> None:
        tools = build_connector_tools(demo_connector(version="2.15"), framework="none")
        assert "include_merge_history" not in await tools.read_skill_docs("contacts.get")
        with pytest.raises(UnknownNameError, match=r"not available in API version 2\.15"):
            await tools.read_skill_docs("macros.list")
        newer = build_connector_tools(demo_connector(version="2.16"), framework="none")
        assert "include_merge_history" in await newer.read_skill_docs("contacts.get")
