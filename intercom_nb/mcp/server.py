"""MCP server over one connector: find, describe, execute, write, metric, report, sql."""

# No postponed annotations here: the SDK reads them, and `write` refers to a local resolver.

import asyncio
import contextlib
import functools
import re
from collections.abc import Callable, Iterator
from importlib import metadata
from typing import Annotated, Any

from mcp.server.mcpserver import (
    AcceptedElicitation,
    Context,
    Elicit,
    ElicitationResult,
    MCPServer,
    Resolve,
)
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import Field

from .. import catalog
from ..catalog.model import Operation
from ..connector.connector import IntercomConnector
from ..dataset import Dataset
from ..errors import IntercomError, InvalidParameterError, UnknownNameError, did_you_mean
from ..reporting import report as make_report
from ..runtime.progress import Progress
from ..runtime.stoppable import run_stoppable
from . import discovery
from .confirmation import Confirmation, Confirmer, can_elicit, plan_of, question
from .metrics import Metrics, describe_metric, metric_names
from .queries import select
from .results import UNTRUSTED, URI, ResultStore, frame_result, image, text_result

INSTRUCTIONS = f"""\
Reads an Intercom workspace: conversations, contacts, tickets, articles and more.
Start with find or describe; then execute, metric, report or sql. Times are UTC.
Filter in a search instead of reading everything; large results become tables for sql.
{UNTRUSTED}"""

Entity = Annotated[str, Field(description="An entity such as conversations or contacts")]
Action = Annotated[str, Field(description="An action of the entity such as list, search or get")]
Params = Annotated[
    dict[str, Any] | None, Field(description="The action's parameters, as describe shows them")
]
Period = Annotated[str, Field(description="2026-10, 2026-W41, 2026-Q3 or 2026-10-05")]

_MAX_ERROR = 2_000  # characters
_MAX_RECORDS = 20_000  # of one call; for more, extract a dataset and start with --dataset
_OURS = {"self", "limit", "progress", "dry_run"}  # arguments of a method that no model sets

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=True)
_LOCAL = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=True)


class _Server(MCPServer[Any]):
    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool; raise ToolError for an unknown argument, which the SDK would ignore."""
        known = {tool.name: tool.input_schema["properties"] for tool in await self.list_tools()}
        for argument in arguments.keys() - known.get(name, arguments).keys():
            with reported():
                hint = did_you_mean(argument, known[name])
                raise UnknownNameError(f"{name} has no argument {argument!r}.{hint}")
        return await super().call_tool(name, arguments, context)


def build_server(connector: IntercomConnector, dataset: Dataset | None = None) -> MCPServer[Any]:
    """Build the MCP server of a connector.

    The write tool is there only if the connector allows writes. With a dataset, metrics, report
    and SQL read its Parquet files instead of the API.

    >>> import intercom_nb
    >>> server = build_server(intercom_nb.connect("demo"))
    >>> [tool.name for tool in asyncio.run(server.list_tools())]
    ['find', 'describe', 'execute', 'metric', 'report', 'sql']
    """
    server = _Server(
        "intercom-nb",
        title="Intercom",
        version=metadata.version("intercom-nb"),
        instructions=INSTRUCTIONS,
        log_level="WARNING",
    )
    results = ResultStore()
    _add_discovery(server, connector)
    _add_execute(server, connector, results)
    if connector.allow_writes:
        _add_write(server, connector, results)
    _add_analysis(server, dataset or connector, results)
    _add_sql(server, dataset, results)
    return server


def _add_discovery(server: MCPServer[Any], connector: IntercomConnector) -> None:
    @server.tool(annotations=_LOCAL, structured_output=False)
    async def find(
        words: Annotated[str, Field(description="Words such as 'transcript' or 'first reply'")],
    ) -> CallToolResult:
        """Find operations, columns and metrics by words."""
        with reported():
            return text_result(discovery.find(connector, words))

    @server.tool(annotations=_LOCAL, structured_output=False)
    async def describe(
        name: Annotated[str, Field(description="An entity such as conversations, or a metric")],
        action: Annotated[str | None, Field(description="An action such as search")] = None,
    ) -> CallToolResult:
        """Describe an entity, one of its actions (parameters, search fields), or a metric."""
        with reported():
            if action is None and name in metric_names():
                return _text(describe_metric(name))
            return _text(discovery.describe(connector, name, action))


def _add_execute(
    server: MCPServer[Any], connector: IntercomConnector, results: ResultStore
) -> None:
    @server.tool(annotations=_READS, structured_output=False)
    async def execute(
        entity: Entity,
        action: Action,
        ctx: Context[Any, Any],
        params: Params = None,
        limit: Annotated[
            int | None,
            Field(
                description="Maximum records over all pages (default: one page)",
                ge=1,
                le=_MAX_RECORDS,
            ),
        ] = None,
    ) -> CallToolResult:
        """Read records: list, search or get.

        A search takes a query of the API, or filters such as
        {"query": {"state": "open", "created_at__gt": "30d"}}.
        """
        with reported():
            operation = catalog.operation(entity, action)
            given = _without_limit(connector.resolve_operation(operation), params or {})
            if operation.writes:
                raise InvalidParameterError(
                    f"{operation.name} changes the workspace, and execute only reads. Use the "
                    "write tool; it exists if the server was started with --allow-writes."
                )
            if operation.returns_file or (operation.is_paged and limit is None):
                frame = await connector.execute(entity, action, given)
            else:
                call = method_of(connector, entity, action, given)
                paging = {"limit": limit, "progress": _progress(ctx)}
                frame = await (call(**paging) if operation.is_paged else call())
            return await run_stoppable(frame_result, frame, results)


def _add_write(server: MCPServer[Any], connector: IntercomConnector, results: ResultStore) -> None:
    confirmer = Confirmer()

    async def plan(entity: str, action: str, params: dict[str, Any]) -> dict[str, Any]:
        operation = catalog.operation(entity, action)
        if not operation.writes:
            raise InvalidParameterError(f"{operation.name} is read-only: use the execute tool.")
        call = method_of(connector, entity, action, params)
        return plan_of(await call(dry_run=True))

    async def decide(
        entity: str,
        action: str,
        params: dict[str, Any] | None,
        confirmation: str | None,
        ctx: Context[Any, Any],
    ) -> Confirmation | Elicit[Confirmation]:
        with reported():
            planned = await plan(entity, action, params or {})
        if can_elicit(ctx):
            return Elicit(question(f"{entity}.{action}", planned), Confirmation)
        return confirmer.redeem(confirmation, planned)

    @server.tool(annotations=_WRITES, structured_output=False)
    async def write(
        entity: Entity,
        action: Action,
        decision: Annotated[ElicitationResult[Confirmation], Resolve(decide)],
        ctx: Context[Any, Any],
        params: Params = None,
        confirmation: Annotated[
            str | None, Field(description="The code of a planned request that the user agreed to")
        ] = None,
    ) -> CallToolResult:
        """Change the workspace: create, update, reply, tag, delete.

        The user confirms the exact request. If the client cannot ask, the first call returns the
        request and a confirmation code: show the request, and call again with the code only after
        the user has agreed.
        """
        with reported():
            if isinstance(decision, AcceptedElicitation) and decision.data.send:
                # The same call as the plan's, so that the request is the one that was confirmed.
                call = method_of(connector, entity, action, params or {})
                return await run_stoppable(frame_result, await call(), results)
            planned = await plan(entity, action, params or {})
            if can_elicit(ctx):
                return text_result({"sent": False, "reason": "The user did not confirm."})
            code = confirmer.code(planned)
            return text_result({"sent": False, "request": planned, "confirmation": code})


def _add_analysis(
    server: MCPServer[Any], source: IntercomConnector | Dataset, results: ResultStore
) -> None:
    metrics = Metrics(source)

    @server.tool(annotations=_READS, structured_output=False)
    async def metric(
        name: Annotated[str, Field(description="A metric such as first_reply or csat")],
        period: Period,
        options: Annotated[
            dict[str, Any] | None, Field(description='Options such as {"by": "team"}')
        ] = None,
        chart: Annotated[bool, Field(description="Whether to draw the chart")] = True,
    ) -> CallToolResult:
        """Compute a support metric of a period: finding, table and chart."""
        with reported():
            frame = await run_stoppable(metrics.compute, name, period, options or {})
            finding = frame.metric.finding
            result = await run_stoppable(frame_result, frame, results, summary=finding)
            if not chart:
                return result
            accessor: Any = frame.metric
            drawn = image(await run_stoppable(accessor.plot))
            shown = result.structured_content
            return CallToolResult(content=[*result.content, drawn], structured_content=shown)

    @server.tool(annotations=_READS, structured_output=False)
    async def report(period: Period) -> CallToolResult:
        """Report on a period: headline sentences, and the tables behind them for the sql tool."""
        with reported():
            made = await run_stoppable(make_report, source, period)
            suffix = re.sub(r"\W", "_", period)
            tables = [results.add(f, f"{name}_{suffix}") for name, f in made.results.items()]
            return text_result(
                {
                    "note": UNTRUSTED,
                    "sentences": made.sentences,
                    "notes": made.notes,
                    "tables": tables,
                }
            )


def _add_sql(server: MCPServer[Any], dataset: Dataset | None, results: ResultStore) -> None:
    @server.tool(annotations=_LOCAL, structured_output=False)
    async def sql(
        query: Annotated[str, Field(description="One DuckDB SELECT")],
    ) -> CallToolResult:
        """Run one SELECT over the dataset and over earlier large results (result_1, ...)."""
        with reported():
            frame = await select(query, dataset, results.frames())
            return await run_stoppable(frame_result, frame, results)

    @server.resource(URI, name="result", description="A large result as CSV", mime_type="text/csv")
    def result(name: str) -> str:
        try:
            return results.csv(name)
        except UnknownNameError as error:
            raise ResourceNotFoundError(str(error)) from None


def _without_limit(operation: Operation, params: dict[str, Any]) -> dict[str, Any]:
    """Return parameters in which a page size that the API calls limit has its catalog name."""
    if "limit" not in params:
        return params
    size = next((p.name for p in operation.params if p.wire == "limit"), None)
    if size is None:
        raise InvalidParameterError(
            "limit stands beside params, not in it. It counts records over all pages; params has "
            "the page size, such as per_page."
        )
    return {**{k: v for k, v in params.items() if k != "limit"}, size: params["limit"]}


def method_of(
    connector: IntercomConnector, entity: str, action: str, params: dict[str, Any]
) -> Callable[..., Any]:
    """Return ``c.entity.action`` with parameters; raise UnknownNameError for one of ours."""
    for name in params:
        if name in _OURS:
            raise UnknownNameError(f"{entity}.{action} has no parameter {name!r}.")
    return functools.partial(getattr(getattr(connector, entity), action), **params)


def _progress(ctx: Context[Any, Any]) -> Callable[[Progress], None]:
    """Return a callback that reports the progress of a call to the client."""
    loop = asyncio.get_running_loop()

    def show(progress: Progress) -> None:  # called on the connector's own thread
        work = ctx.report_progress(progress.records, progress.total)
        asyncio.run_coroutine_threadsafe(work, loop)

    return show


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Raise our errors as tool errors: the model reads the message and can correct itself."""
    try:
        yield
    except IntercomError as error:
        text = f"{type(error).__name__}: {error}"
        # A message may repeat a long argument.
        raise ToolError(text if len(text) <= _MAX_ERROR else f"{text[:_MAX_ERROR]}…") from error


def _text(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])
