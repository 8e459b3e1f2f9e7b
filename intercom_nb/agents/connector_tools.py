"""Three tools of a connector: inspect it, read its documentation, execute an operation."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol, TypeVar

import pandas as pd

from ..catalog.model import Operation
from ..errors import ConfigurationError, did_you_mean
from .description import describe_section, describe_tool
from .plain import DEFAULT_CAP
from .tool import FinalMessage, RetryTest, ToolPolicy, make_tool, offer_of

_F = TypeVar("_F", bound=Callable[..., Any])
ToolCallable = Callable[..., Awaitable[Any]]
DOCS_ID = "intercom-nb"

_ROLES: dict[str, frozenset[str]] = {
    "execute": frozenset({"entity", "action"}),
    "read_skill_docs": frozenset({"section"}),
    "inspect_connector": frozenset(),
}
_INSPECT = "Return the connector's mode, version and permissions. Call this first."
_DOCS = (
    "Read how to use the connector: without a section its rules, entities and actions; with a "
    "section such as contacts or contacts.search the parameters. Read the section before execute."
)


class ToolConnector(Protocol):
    """Part of a connector that the tools use."""

    allow_writes: bool

    @property
    def mode(self) -> str:
        """``direct`` or ``hosted``."""

    @property
    def details(self) -> Mapping[str, Any]:
        """Facts known without a request."""

    def operations(self) -> list[Operation]:
        """Return the operations of this connector's mode."""

    def supports(self, operation: Operation) -> bool:
        """Return whether the mode and the API version have an operation."""

    async def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation."""


class DocsProvider(Protocol):
    """Another source of the documentation, such as a hosted connector's own."""

    async def inspect_connector(self) -> dict[str, Any]:
        """Return facts of the connector; ``docs_skill_id`` identifies its documentation."""

    async def read_skill_docs(self, id: str, section: str | None = None) -> Any:  # noqa: A002 - the SDK's name
        """Return a section of the documentation."""


@dataclasses.dataclass(frozen=True)
class ConnectorTools:
    """Tools of one connector as async functions, for any framework.

    >>> import asyncio, intercom_nb
    >>> tools = build_connector_tools(intercom_nb.connect("demo"))
    >>> asyncio.run(tools.inspect_connector())["mode"]
    'direct'
    """

    inspect_connector: ToolCallable
    read_skill_docs: ToolCallable
    execute: ToolCallable
    use_progressive_docs: bool = True

    def as_list(self) -> list[ToolCallable]:
        """Return all tools; only ``execute`` if its description is the documentation."""
        if not self.use_progressive_docs:
            return [self.execute]
        return [self.inspect_connector, self.read_skill_docs, self.execute]


def inspect_connector(connector: ToolConnector) -> dict[str, Any]:
    """Return facts of a connector that are known without a request; no secrets."""
    return {
        "name": "intercom",
        "mode": connector.mode,
        "allow_writes": connector.allow_writes,
        "docs_skill_id": DOCS_ID,
        **connector.details,
    }


def read_skill_docs(connector: ToolConnector, section: str | None = None) -> str:
    """Return the documentation of a connector's operations, or of one section."""
    if section is None:
        return describe_tool(**offer_of(connector), details=_DOCS)
    return describe_section(section, **offer_of(connector))


def build_connector_tools(  # noqa: PLR0913 - the keywords of airbyte-agent-sdk
    connector: ToolConnector,
    *,
    framework: str | None = None,
    docs_provider: DocsProvider | None = None,
    use_progressive_docs: bool = True,
    max_output_chars: int | None = DEFAULT_CAP,
    internal_retries: int = 0,
    should_internal_retry: RetryTest | None = None,
    exhausted_runtime_failure_message: FinalMessage | None = None,
) -> ConnectorTools:
    """Build inspect, documentation and execute tools bound to one connector.

    Args:
        connector: An IntercomConnector. Its ``allow_writes`` decides about write actions.
        framework: One of FRAMEWORKS (default: the one that is already imported).
        docs_provider: Another source of the documentation (default: this package's catalog).
        use_progressive_docs: Whether the model reads details by ``read_skill_docs``; otherwise
            ``execute`` is the only tool, and its action ``describe`` has them.
        max_output_chars: Maximum length of a result's JSON, in characters; None for no limit.
        internal_retries: See tool_utils.
        should_internal_retry: See tool_utils.
        exhausted_runtime_failure_message: See tool_utils.

    >>> import asyncio, intercom_nb
    >>> tools = build_connector_tools(intercom_nb.connect("demo"))
    >>> [tool.__name__ for tool in tools.as_list()]
    ['inspect_connector', 'read_skill_docs', 'execute']
    >>> asyncio.run(tools.execute("teams", "list"))["meta"]["rows"]
    6
    """
    policy = ToolPolicy(
        max_output_chars,
        framework,
        internal_retries,
        should_internal_retry,
        exhausted_runtime_failure_message,
    )
    known = offer_of(connector)
    inspect_tool, docs_tool = _docs_tools(connector, docs_provider)
    if use_progressive_docs:
        details = _progressive("inspect_connector", "read_skill_docs")
        description = describe_tool(**known, details=details)
    else:
        description = describe_tool(**known)
    section = functools.partial(describe_section, **known)
    unlimited = dataclasses.replace(policy, max_output_chars=None)
    return ConnectorTools(
        make_tool(inspect_tool, unlimited, _INSPECT),
        make_tool(docs_tool, unlimited, _DOCS),
        make_tool(_execute_tool(connector), policy, description, section),
        use_progressive_docs,
    )


def _docs_tools(
    connector: ToolConnector, provider: DocsProvider | None
) -> tuple[ToolCallable, ToolCallable]:
    async def inspect_tool() -> dict[str, Any]:
        """Inspect the connector."""
        return (
            inspect_connector(connector)
            if provider is None
            else (await provider.inspect_connector())
        )

    async def docs_tool(section: str | None = None) -> Any:
        """Read the connector's documentation."""
        if provider is None:
            return read_skill_docs(connector, section)
        found = await provider.inspect_connector()
        return await provider.read_skill_docs(id=found["docs_skill_id"], section=section)

    inspect_tool.__name__, docs_tool.__name__ = "inspect_connector", "read_skill_docs"
    return inspect_tool, docs_tool


def _execute_tool(connector: ToolConnector) -> ToolCallable:
    """Return ``execute`` with the connector's entities and actions as valid values."""

    async def execute(
        entity: str, action: str, params: dict[str, Any] | None = None, **envelope: Any
    ) -> pd.DataFrame:
        """Execute an operation of the Intercom workspace."""
        given = {name: value for name, value in envelope.items() if value is not None}
        if given and isinstance(params or {}, Mapping):  # else execute refuses it
            params = {**(params or {}), **given}
        return await connector.execute(entity, action, params or {})

    known = [op for op in connector.operations() if connector.supports(op) and not op.is_for_code]
    shown = [op for op in known if connector.allow_writes or not op.writes]
    kinds: dict[str, Any] = {
        "entity": Literal[tuple(dict.fromkeys(op.entity for op in shown))],
        "action": Literal[(*sorted({op.action for op in shown}), "describe")],
        "params": dict[str, Any] | None,
    }
    if connector.mode == "hosted":
        fields = list[str] | None
        kinds |= {"select_fields": fields, "exclude_fields": fields, "skip_truncation": bool | None}
    # Frameworks read one or the other.
    execute.__annotations__ = kinds
    execute.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                name,
                _KEYWORD if position > 2 else _POSITIONAL,
                annotation=kind,
                default=inspect.Parameter.empty if name in _ROLES["execute"] else None,
            )
            for position, (name, kind) in enumerate(kinds.items())
        ]
    )
    return execute


_KEYWORD, _POSITIONAL = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


def _progressive(inspect_tool: str | None, docs_tool: str | None) -> str:
    first = inspect_tool or "the connector's inspect tool"
    docs = docs_tool or "the connector's docs tool"
    return (
        f"Before the first call, call {first}, then {docs}, then {docs} with "
        "section=contacts.search (entity.action) for the operation. Do not guess parameters."
    )


def agent_tool(  # noqa: PLR0913 - the keywords of airbyte-agent-sdk, and the mode
    role: str | None = None,
    *,
    inspect_tool: str | None = None,
    docs_tool: str | None = None,
    max_output_chars: int | Literal["by role"] | None = "by role",
    framework: str = "none",
    internal_retries: int = 0,
    should_internal_retry: RetryTest | None = None,
    exhausted_runtime_failure_message: FinalMessage | None = None,
    mode: str | None = None,
    version: str | None = None,
    allow_writes: bool = False,
) -> Callable[[_F], _F]:
    """Return a decorator for a tool function of your own, which calls the connector itself.

    Decorate three functions: ``(entity, action, ...)`` executes, ``(section, ...)`` reads the
    documentation, and one without parameters inspects the connector.

    Args:
        role: ``execute``, ``read_skill_docs`` or ``inspect_connector`` (default: by the
            function's parameters).
        inspect_tool: Name of the tool that inspects, for the description of execute.
        docs_tool: Name of the tool that reads the documentation, for the same.
        max_output_chars: Maximum length of the JSON, in characters (default: 100,000 for execute,
            no limit for the others).
        framework: One of FRAMEWORKS; by default errors are raised as they are.
        internal_retries: See tool_utils.
        should_internal_retry: See tool_utils.
        exhausted_runtime_failure_message: See tool_utils.
        mode: The mode whose operations are described; ``c.agent_tool`` sets it.
        version: The API version that is described; ``c.agent_tool`` sets it.
        allow_writes: Whether to describe write actions; ``c.agent_tool`` sets it.

    Raises ConfigurationError if the role is unknown or does not fit the function.

    >>> import intercom_nb
    >>> c = intercom_nb.connect("demo")
    >>> @c.agent_tool()
    ... async def inspect_connector():
    ...     return await c.inspect_connector()
    """
    if callable(role):
        raise ConfigurationError(
            "agent_tool requires parentheses: @IntercomConnector.agent_tool(), or with a role."
        )
    if role is not None and role not in _ROLES:
        raise ConfigurationError(
            f"agent_tool has no role {role!r}.{did_you_mean(role, _ROLES)} "
            f"Valid values: {', '.join(_ROLES)}."
        )

    def decorate(target: Any) -> Any:
        found = _role(target, role)
        if found != "execute" and (inspect_tool or docs_tool):
            raise ConfigurationError(
                f"inspect_tool and docs_tool belong to the role execute; {target.__name__} has the "
                f"role {found}."
            )
        default = DEFAULT_CAP if found == "execute" else None
        policy = ToolPolicy(
            default if max_output_chars == "by role" else max_output_chars,
            framework,
            internal_retries,
            should_internal_retry,
            exhausted_runtime_failure_message,
        )
        details = _progressive(inspect_tool, docs_tool)
        text = {
            "execute": lambda: describe_tool(
                mode=mode, version=version, allow_writes=allow_writes, details=details
            ),
            "read_skill_docs": lambda: _DOCS,
            "inspect_connector": lambda: _INSPECT,
        }[found]()
        return make_tool(target, policy, text)

    return decorate


def _role(target: Any, role: str | None) -> str:
    """Return the role of a function; raises ConfigurationError if it does not fit."""
    name = getattr(target, "__name__", repr(target))
    kinds = inspect.signature(target).parameters
    variadic = {inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL}
    is_open = any(p.kind in variadic for p in kinds.values())
    names = {n for n, p in kinds.items() if p.kind not in variadic} - {"self", "cls"}
    fitting = [r for r, needed in _ROLES.items() if needed and needed <= names]
    if role is not None:
        missing = sorted(_ROLES[role] - names)
        if missing and not is_open:
            raise ConfigurationError(f"The role {role} requires {', '.join(missing)} on {name}.")
        return role
    if not names and not is_open:
        return "inspect_connector"
    if len(fitting) == 1:
        return fitting[0]
    raise ConfigurationError(
        f"The parameters of {name} do not show its role. Expected (entity, action, ...), "
        "(section, ...) or none; or pass the role, as in agent_tool('execute')."
    )
