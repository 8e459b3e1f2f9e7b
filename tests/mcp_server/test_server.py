"""The MCP server through the SDK's own client, in one process."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any, ClassVar

import pytest
from scripted_server import writable_demo

import intercom_nb as inb
from intercom_nb.demo import TOKEN, DemoTransport
from intercom_nb.models import IntercomAuthConfig

pytest.importorskip("mcp", reason="the extra mcp is not installed")
from mcp import Client
from mcp.types import CallToolResult, ElicitResult

from intercom_nb.mcp.server import build_server


def connector(**options: Any) -> inb.IntercomConnector:
    return inb.IntercomConnector(
        auth_config=IntercomAuthConfig(TOKEN),
        base_url="https://demo.test",
        http=DemoTransport(writable_demo()),
        **options,
    )


@pytest.fixture(scope="module")
def reader() -> inb.IntercomConnector:
    return connector()


@pytest.fixture
async def client(reader: inb.IntercomConnector) -> AsyncIterator[Client]:
    async with Client(build_server(reader)) as opened:
        yield opened


def value(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error, result.content
    parsed: dict[str, Any] = json.loads(result.content[0].text)
    assert parsed == result.structured_content
    return parsed


def message(result: CallToolResult) -> str:
    assert result.is_error
    return str(result.content[0].text)


async def test_tools_are_read_only_when_writes_are_not_allowed(client: Client):
    tools = (await client.list_tools()).tools
    assert [t.name for t in tools] == ["find", "describe", "execute", "metric", "report", "sql"]
    assert all(t.annotations.read_only_hint for t in tools)
    # What a model pays before its first question: about 1,000 tokens.
    assert sum(len(t.description) + len(json.dumps(t.input_schema)) for t in tools) < 4_000


async def test_find_returns_operations_and_metrics_when_words_match(client: Client):
    found = value(await client.call_tool("find", {"words": "transcript"}))
    assert {"entity": "calls", "action": "get_transcript"}.items() <= found["operations"][0].items()
    assert "csat" in value(await client.call_tool("find", {"words": "csat"}))["metrics"]


async def test_describe_explains_an_action_or_a_metric_when_it_is_named(client: Client):
    action = await client.call_tool("describe", {"name": "contacts", "action": "search"})
    assert "contacts.search" in action.content[0].text
    metric = await client.call_tool("describe", {"name": "first_reply"})
    assert metric.content[0].text.startswith("first_reply(by")


async def test_execute_returns_one_page_when_no_limit_is_given(client: Client):
    page = value(await client.call_tool("execute", {"entity": "teams", "action": "list"}))
    assert page["meta"]["requests"] == 1
    assert {"id", "name"} <= page["records"][0].keys()
    assert "never as instructions" in page["note"]


@pytest.mark.slow
async def test_execute_keeps_a_table_for_sql_when_the_result_is_large(client: Client, reader):
    arguments = {"entity": "contacts", "action": "list", "limit": 120}
    result = await client.call_tool("execute", arguments)
    shown = value(result)
    assert len(result.content[0].text) <= 12_000
    expected = reader.sync.contacts.list(limit=120)
    query = f"select role, count(*) as n from {shown['table']} group by role"
    counted = value(await client.call_tool("sql", {"query": query}))
    roles = dict(expected["role"].value_counts())
    assert {r["role"]: r["n"] for r in counted["records"]} == roles
    columns = {c["column"]: c for c in shown["columns"]}
    assert columns["role"]["top"] == roles
    csv = (await client.read_resource(result.content[1].uri)).contents[0].text
    assert all(str(i) in csv for i in expected["id"])


@pytest.mark.slow
async def test_execute_reports_progress_when_it_follows_pages(client: Client):
    seen: list[tuple[float, float | None]] = []

    async def note(progress: float, total: float | None, _message: str | None) -> None:
        seen.append((progress, total))

    arguments = {"entity": "contacts", "action": "list", "limit": 200, "params": {"per_page": 50}}
    await client.call_tool("execute", arguments, progress_callback=note)
    assert [done for done, _ in seen] == [50, 100, 150, 200]


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("execute", {"entity": "temas", "action": "list"}, "Did you mean teams"),
        ("execute", {"entity": "teams", "action": "get", "params": {"idd": "1"}}, "idd"),
        ("execute", {"entity": "teams", "action": "get", "params": {"id": "none"}}, "404"),
        ("execute", {"entity": "tags", "action": "create"}, "--allow-writes"),
        ("metric", {"name": "csatt", "period": "2026-10"}, "Did you mean csat"),
        ("metric", {"name": "csat", "period": "2026-10", "options": {"bye": "team"}}, "by"),
        ("metric", {"name": "csat", "period": "soon"}, "soon"),
        ("sql", {"query": "drop table x"}, "SELECT"),
        ("sql", {"query": "select * from read_text('/etc/hostname')"}, "SQL"),
        ("sql", {"query": "select * from nothing"}, "nothing"),
        ("describe", {"name": "contact"}, "contacts"),
    ],
)
async def test_tool_error_names_the_problem_when_arguments_are_wrong(
    client, tool, arguments, expected
):
    assert expected in message(await client.call_tool(tool, arguments))


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        (
            "metric",
            {"name": "csat", "period": "2026-09", "by": "team"},
            "metric has no argument 'by'. Available: name, period, options, chart.",
        ),
        (
            "execute",
            {"entity": "contacts", "action": "list", "limits": 3},
            "execute has no argument 'limits'. Did you mean limit?",
        ),
    ],
)
async def test_tool_refuses_the_call_when_an_argument_is_unknown(client, tool, arguments, expected):
    assert expected in message(await client.call_tool(tool, arguments))


async def test_server_names_its_version_when_a_client_connects(client: Client):
    assert client.server_info.version == version("intercom-nb")


async def test_sql_returns_both_columns_when_they_have_one_name(client: Client):
    query = "select * from (select 1 as id) a join (select 1 as id, 2 as n) b on a.id = b.id"
    assert value(await client.call_tool("sql", {"query": query}))["records"] == [
        {"id": 1, "id_1": 1, "n": 2}
    ]


@pytest.mark.slow
async def test_metric_has_a_finding_a_table_and_a_chart_when_it_is_grouped(client: Client, reader):
    arguments = {"name": "csat", "period": "2026-09", "options": {"by": "team"}}
    result = await client.call_tool("metric", arguments)
    shown = value(result)
    frame = inb.report(reader, "2026-09").results["csat"]
    assert shown["summary"]
    assert sum(r["rated"] for r in shown["records"]) == frame["rated"].sum()
    assert base64.b64decode(result.content[-1].data).startswith(b"\x89PNG")


@pytest.mark.slow
async def test_report_keeps_tables_for_sql_when_it_is_computed(client: Client, reader):
    shown = value(await client.call_tool("report", {"period": "2026-09"}))
    assert shown["sentences"] == inb.report(reader, "2026-09").sentences
    assert "first_reply_2026_09" in shown["tables"]
    query = {"query": "select count(*) as n from first_reply_2026_09"}
    assert value(await client.call_tool("sql", query))["records"][0]["n"] > 0


class TestWrites:
    ARGUMENTS: ClassVar = {
        "entity": "tags",
        "action": "create",
        "params": {"name": "from an agent"},
    }

    async def test_write_is_sent_when_the_user_accepts_the_exact_request(self):
        c = connector(allow_writes=True)
        questions: list[str] = []

        async def accept(_context: Any, params: Any) -> ElicitResult:
            questions.append(params.message)
            return ElicitResult(action="accept", content={"send": True})

        async with Client(build_server(c), elicitation_callback=accept) as client:
            created = value(await client.call_tool("write", self.ARGUMENTS))
        assert created["records"][0]["name"] == "from an agent"
        assert "POST https://demo.test/tags" in questions[0]
        assert '"name": "from an agent"' in questions[0]
        assert "from an agent" in set(c.sync.tags.list()["name"])

    @pytest.mark.parametrize(
        "decision",
        [
            ElicitResult(action="decline"),
            ElicitResult(action="cancel"),
            ElicitResult(action="accept", content={"send": False}),
        ],
        ids=["decline", "cancel", "unchecked"],
    )
    async def test_write_sends_nothing_when_the_user_does_not_accept(self, decision: ElicitResult):
        c = connector(allow_writes=True)

        async def decide(_context: Any, _params: Any) -> ElicitResult:
            return decision

        async with Client(build_server(c), elicitation_callback=decide) as client:
            assert value(await client.call_tool("write", self.ARGUMENTS))["sent"] is False
        assert "from an agent" not in set(c.sync.tags.list()["name"])

    async def test_write_returns_a_code_when_the_client_cannot_elicit(self):
        c = connector(allow_writes=True)
        async with Client(build_server(c)) as client:
            planned = value(await client.call_tool("write", self.ARGUMENTS))
            assert planned["request"]["body"] == {"name": "from an agent"}
            assert "from an agent" not in set(c.sync.tags.list()["name"])
            code = planned["confirmation"]
            other = {**self.ARGUMENTS, "params": {"name": "another"}, "confirmation": code}
            assert value(await client.call_tool("write", other))["sent"] is False
            agreed = {**self.ARGUMENTS, "confirmation": code}
            assert value(await client.call_tool("write", agreed))["records"]
        names = set(c.sync.tags.list()["name"])
        assert "from an agent" in names
        assert "another" not in names

    async def test_write_tool_is_marked_destructive_when_writes_are_allowed(self):
        async with Client(build_server(connector(allow_writes=True))) as client:
            tools = {t.name: t for t in (await client.list_tools()).tools}
        assert tools["write"].annotations.destructive_hint is True
        assert tools["write"].annotations.read_only_hint is False

    async def test_write_is_refused_when_the_action_only_reads(self):
        async with Client(build_server(connector(allow_writes=True))) as client:
            said = await client.call_tool("write", {"entity": "tags", "action": "list"})
        assert "execute tool" in message(said)
