"""Decorator that makes a connector a tool of an AI agent.

Works with pydantic-ai, LangChain, OpenAI Agents and FastMCP, or without any of them: the decorated
function stays a plain function, and a framework is imported only if it is already in use.
"""

from __future__ import annotations

import functools
import inspect
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar, overload

import msgspec
import pandas as pd

from . import catalog
from .catalog.model import Operation, Parameter
from .errors import ConfigurationError, IntercomError, ResultTooLargeError, did_you_mean
from .frames import KEY, ResultInfo

_F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_CAP = 100_000
"""Default limit on the JSON of a result, in characters: about 25,000 tokens."""

_MARK = "__intercom_tool__"
_PREVIEW = 500
_META = ("entity", "action", "total_count", "next_cursor", "truncated", "requests")
# Module and name of the exception by which each framework reports an error to the model.
FRAMEWORKS = {
    "pydantic-ai": ("pydantic_ai", "ModelRetry"),
    "langchain": ("langchain_core", "tools.ToolException"),
    "openai-agents": ("agents", "function_tool"),
    "fastmcp": ("fastmcp", "exceptions.ToolError"),
    "mcp": ("mcp", "server.fastmcp.exceptions.ToolError"),
}


class HasMode(Protocol):
    """Facts of a connector that decide which operations a tool describes."""

    allow_writes: bool

    @property
    def mode(self) -> str:
        """``direct`` or ``hosted``."""


class ToolUtils:
    """Descriptor of ``IntercomConnector.tool_utils``; ``c.tool_utils`` knows the mode of ``c``."""

    def __get__(self, instance: HasMode | None, owner: type) -> Callable[..., Any]:
        if instance is None:
            return tool_utils
        modes = {"mode": instance.mode, "allow_writes": instance.allow_writes}
        return functools.partial(tool_utils, **modes)


@overload
def tool_utils(function: _F) -> _F: ...
@overload
def tool_utils(
    *,
    entities: Iterable[str] | None = None,
    allow_writes: bool = False,
    mode: str | None = None,
    max_chars: int | None = DEFAULT_CAP,
    framework: str | None = None,
) -> Callable[[_F], _F]: ...
def tool_utils(
    function: Any = None,
    *,
    entities: Iterable[str] | None = None,
    allow_writes: bool = False,
    mode: str | None = None,
    max_chars: int | None = DEFAULT_CAP,
    framework: str | None = None,
) -> Any:
    """Turn a function ``(entity, action, params)`` into a tool of an agent.

    Adds every entity, action and parameter of the catalog to the docstring. Converts a returned
    DataFrame to ``{"records": [...], "meta": {...}}`` and limits its JSON. Converts errors of this
    package to the exception by which the agent's framework reports an error to the model.

    Args:
        function: The function, async or plain; if omitted, a decorator with these settings is
            returned.
        entities: Entities to describe (default: all). Fewer make a shorter description.
        allow_writes: Describe write actions, too. The connector's own ``allow_writes`` decides
            whether they run.
        mode: ``direct`` or ``hosted``: describe only what this mode supports. ``c.tool_utils``
            sets it.
        max_chars: Maximum length of the JSON, in characters; None for no limit.
        framework: One of FRAMEWORKS (default: the one that is already imported).

    Raises ConfigurationError if the function is a generator or already a tool, or if the framework
    is unknown.

    >>> @tool_utils(entities=["teams"])
    ... async def intercom(entity: str, action: str, params: dict | None = None):
    ...     "Query Intercom."
    >>> print(intercom.__doc__.splitlines()[0])
    Query Intercom.
    """
    _check_framework(framework)
    described = describe_tool(entities=entities, allow_writes=allow_writes, mode=mode)

    def decorate(target: Any) -> Any:
        _check_function(target)
        tool = _async_tool if inspect.iscoroutinefunction(target) else _plain_tool
        wrapper = tool(target, max_chars, framework)
        own = inspect.cleandoc(target.__doc__ or "Query the customer's Intercom workspace.")
        # One framework ends the description at the first blank line.
        lines = [line for line in own.splitlines() if line.strip()]
        wrapper.__doc__ = "\n".join([*lines, described])
        wrapper.__signature__ = _signature(target)
        setattr(wrapper, _MARK, True)
        return wrapper

    return decorate if function is None else decorate(function)


def describe_tool(
    *,
    entities: Iterable[str] | None = None,
    allow_writes: bool = False,
    mode: str | None = None,
) -> str:
    """Return entities, actions, parameters and paging as text for an agent, without blank lines.

    Raises UnknownNameError for an unknown entity, ConfigurationError for an unknown mode.

    >>> print(describe_tool(entities=["tags"]).splitlines()[-1])
    - get(id: id) - Get one tag by its id.
    """
    wanted = list(catalog.entities()) if entities is None else list(entities)
    for entity in wanted:
        catalog.actions(entity)
    if mode not in (None, "direct", "hosted"):
        raise ConfigurationError(f"mode must be 'direct' or 'hosted', not {mode!r}.")
    lines = [*_RULES, *((_READ_ONLY,) if not allow_writes else ())]
    shapes: dict[str, None] = {}
    for entity in wanted:
        known = [op for op in catalog.operations() if op.entity == entity]
        shown = [
            op
            for o in known
            if allow_writes or not o.writes
            if (op := _in_mode(o, mode)) is not None
        ]
        if shown:
            lines.append(f"* {entity} - {catalog.entities()[entity].description}")
        for operation in shown:
            lines.append(_line(operation, mode))
            shapes |= dict.fromkeys(_shapes(operation))
    return "\n".join([*lines, *shapes])


_RULES = (
    "Call it with an entity, an action of that entity, and params, an object of its parameters.",
    "A parameter with ? is optional. Times are unix seconds, ISO 8601 text, or an age like 7d.",
    "The result has records, one object per record with dotted names for nested fields, and meta.",
    "One call returns one page. If meta.next_cursor is not null, call again for the next page: the "
    "same params with the cursor as starting_after (cursor for context_store_search); lists with a "
    "page parameter take the next page number.",
    "Request few records (per_page), and filter with search actions instead of reading everything.",
)
_OBJECTS = {"query", "filter", "sort"}
_READ_ONLY = "This tool is read-only."


def _in_mode(operation: Operation, mode: str | None) -> Operation | None:
    if mode == "hosted":
        return catalog.hosted_operation(operation)
    return None if mode == "direct" and operation.hosted_only else operation


def _line(operation: Operation, mode: str | None) -> str:
    note = " (hosted execution only)" if mode is None and operation.hosted_only else ""
    known = [p for p in operation.params if p.place != "envelope"]
    params = ", ".join(_parameter(p) for p in sorted(known, key=lambda p: not p.required))
    return f"- {operation.action}({params}) - {operation.description}{note}"


def _shapes(operation: Operation) -> list[str]:
    """Describe the objects that a search takes; the caller lists each text once."""
    return [
        f"{p.name} of {operation.action} - {p.description}"
        for p in operation.params
        if p.name in _OBJECTS and not operation.writes
    ]


def _parameter(param: Parameter) -> str:
    kind = "|".join(map(str, param.enum)) if 0 < len(param.enum) <= 12 else param.type
    return f"{param.name}{'' if param.required else '?'}: {kind}"


def _async_tool(target: Any, max_chars: int | None, framework: str | None) -> Any:
    @functools.wraps(target)
    async def tool(*args: Any, **kwargs: Any) -> Any:
        try:
            return to_plain(await target(*args, **kwargs), max_chars)
        except IntercomError as error:
            return _report(error, framework)

    return tool


def _plain_tool(target: Any, max_chars: int | None, framework: str | None) -> Any:
    @functools.wraps(target)
    def tool(*args: Any, **kwargs: Any) -> Any:
        try:
            return to_plain(target(*args, **kwargs), max_chars)
        except IntercomError as error:
            return _report(error, framework)

    return tool


def to_plain(result: Any, max_chars: int | None = DEFAULT_CAP) -> Any:
    """Convert a result to JSON values: each DataFrame in it becomes records and meta.

    Raises ResultTooLargeError if its JSON is longer than ``max_chars`` characters.

    >>> to_plain({"found": pd.DataFrame({"id": ["1"], "name": [None]})})
    {'found': {'records': [{'id': '1'}], 'meta': {'rows': 1}}}
    """
    plain = _plain(result)
    if max_chars:
        text = json.dumps(plain, default=str, ensure_ascii=False)
        if len(text) > max_chars:
            raise ResultTooLargeError(
                f"The result has {len(text):,} characters of JSON; the limit is {max_chars:,}. "
                "Request less: a smaller per_page, a narrower search, one record by get, or "
                f"select_fields in hosted mode. It starts with: {text[:_PREVIEW]}"
            )
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return _frame(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    info = frame.attrs.get(KEY, {})
    meta = {"rows": len(frame), **{name: info[name] for name in _META if name in info}}
    found: dict[str, Any] = {"records": _records(frame), "meta": meta}
    if len(frame) == 1 and isinstance(info, ResultInfo):
        # A single record includes its lists: a conversation is read for its parts.
        tables = {name: _records(frame.intercom.children(name)) for name in info.children}
        found["lists"] = {name: rows for name, rows in tables.items() if rows}
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as objects without empty fields, which would be most of the text."""
    text = frame.to_json(orient="records", date_format="iso", date_unit="s")
    rows = msgspec.json.decode(text or "[]", type=list[dict[str, Any]])
    return [{k: v for k, v in row.items() if v is not None and v != []} for row in rows]


def _report(error: IntercomError, framework: str | None) -> Any:
    """Raise or return what makes the framework report the error to the model."""
    text = f"{type(error).__name__}: {error}"
    name = framework or _framework_in_use()
    if name is None:
        raise error
    if name == "openai-agents":  # its tools return errors as text
        return text
    raise _error_class(name)(text) from error


def _error_class(name: str) -> Any:
    from importlib import import_module

    module, error_class = FRAMEWORKS[name]
    *inner, last = error_class.split(".")
    return getattr(import_module(".".join([module, *inner])), last)


def _framework_in_use() -> str | None:
    """Return the first framework of FRAMEWORKS that is already imported."""
    for name, (module, attribute) in FRAMEWORKS.items():
        found = sys.modules.get(module)
        # Any project may have a module "agents": check for an attribute of the framework.
        if found is not None and (name != "openai-agents" or hasattr(found, attribute)):
            return name
    return None


def _check_framework(framework: str | None) -> None:
    if framework is not None and framework not in FRAMEWORKS:
        near = did_you_mean(framework, FRAMEWORKS)
        raise ConfigurationError(f"{framework!r} is not a supported framework.{near}")


def _check_function(target: Any) -> None:
    name = getattr(target, "__name__", repr(target))
    if not callable(target) or isinstance(target, type):
        raise ConfigurationError(f"tool_utils decorates functions; {name} is not a function.")
    if inspect.isgeneratorfunction(target) or inspect.isasyncgenfunction(target):
        raise ConfigurationError(f"{name} is a generator; a tool must return its result at once.")
    if getattr(target, _MARK, False):
        raise ConfigurationError(f"{name} is already decorated by tool_utils.")


def _signature(target: Any) -> inspect.Signature:
    """Return the signature without a DataFrame as its result: the tool returns plain objects."""
    signature = inspect.signature(target)
    if "DataFrame" in str(signature.return_annotation):
        return signature.replace(return_annotation=inspect.Signature.empty)
    return signature
