"""``tool_utils``: the connector as a tool of an AI agent.

Works with pydantic-ai, LangChain, OpenAI Agents and FastMCP, and with none of them: the decorated
function stays a plain function, and no framework is imported from here unless it is in use.
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
from .frames import KEY
from .frames.info import ResultInfo

_F = TypeVar("_F", bound=Callable[..., Any])

DEFAULT_CAP = 100_000
"""Characters of JSON that a tool answers at most, unless told otherwise."""

_MARK = "__intercom_tool__"
_PREVIEW = 500
_META = ("entity", "action", "total_count", "next_cursor", "truncated", "requests")
# Where each framework has the error that tells the model what went wrong, by its name here.
FRAMEWORKS = {
    "pydantic-ai": ("pydantic_ai", "ModelRetry"),
    "langchain": ("langchain_core", "tools.ToolException"),
    "openai-agents": ("agents", "function_tool"),
    "fastmcp": ("fastmcp", "exceptions.ToolError"),
    "mcp": ("mcp", "server.fastmcp.exceptions.ToolError"),
}


class Described(Protocol):
    """What the description of a tool needs to know of a connector."""

    allow_writes: bool

    @property
    def mode(self) -> str:
        """``direct`` or ``hosted``."""


class ToolUtils:
    """``IntercomConnector.tool_utils``, or ``c.tool_utils``, which knows the connector's mode."""

    def __get__(self, instance: Described | None, owner: type) -> Callable[..., Any]:
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
    """Make a function ``(entity, action, params)`` fit to be a tool of an agent.

    Its docstring gets every entity, action and parameter from the catalog. A DataFrame that it
    returns becomes ``{"records": [...], "meta": {...}}``, whose JSON is capped. Errors of this
    package become what the agent's framework takes as "tell the model".

    Args:
        function: The function, async or plain; without it, a decorator with these settings.
        entities: Only these, to keep the description short; all of them unless told.
        allow_writes: Whether writing actions are described. Whether they run is the connector's
            own ``allow_writes``.
        mode: ``direct`` or ``hosted``: describe what this mode has. ``c.tool_utils`` knows it.
        max_chars: Characters of JSON at most, None for no cap.
        framework: One of FRAMEWORKS; the one that is in use is found without it.

    Raises ConfigurationError for a generator, and for a function that is a tool already.

    >>> @tool_utils(entities=["teams"])
    ... async def intercom(entity: str, action: str, params: dict | None = None):
    ...     "Ask Intercom."
    >>> print(intercom.__doc__.splitlines()[0])
    Ask Intercom.
    """
    _check_framework(framework)
    described = describe_tool(entities=entities, allow_writes=allow_writes, mode=mode)

    def decorate(target: Any) -> Any:
        _check_function(target)
        tool = _async_tool if inspect.iscoroutinefunction(target) else _plain_tool
        wrapper = tool(target, max_chars, framework)
        own = inspect.cleandoc(target.__doc__ or "Ask the customer's Intercom workspace.")
        # One framework cuts docstrings at the first blank line.
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
    """Describe entities, actions, parameters and paging for an agent, without blank lines.

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
    "A parameter with ? may be left out. Times are unix seconds, ISO 8601 text, or an age like 7d.",
    "The answer has records, one object per record with dotted names for nested fields, and meta.",
    "One call gives one page. When meta.next_cursor is not null there is more: call again with the "
    "same params and the cursor as starting_after (cursor for context_store_search); lists with a "
    "page parameter go on with the next page number.",
    "Ask for few records (per_page) and filter where an action can search, instead of reading all.",
)
_OBJECTS = {"query", "filter", "sort"}
_READ_ONLY = "This tool only reads; nothing can be changed by it."


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
    """Say what an object of a search looks like, once for all actions that take it."""
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
            return answer(await target(*args, **kwargs), max_chars)
        except IntercomError as error:
            return _told(error, framework)

    return tool


def _plain_tool(target: Any, max_chars: int | None, framework: str | None) -> Any:
    @functools.wraps(target)
    def tool(*args: Any, **kwargs: Any) -> Any:
        try:
            return answer(target(*args, **kwargs), max_chars)
        except IntercomError as error:
            return _told(error, framework)

    return tool


def answer(result: Any, max_chars: int | None = DEFAULT_CAP) -> Any:
    """Turn a tool's result into what JSON can hold, DataFrames in it into records and meta.

    Raises ResultTooLargeError when its JSON is longer than ``max_chars``.

    >>> answer({"found": pd.DataFrame({"id": ["1"], "name": [None]})})
    {'found': {'records': [{'id': '1'}], 'meta': {'rows': 1}}}
    """
    plain = _plain(result)
    if max_chars:
        text = json.dumps(plain, default=str, ensure_ascii=False)
        if len(text) > max_chars:
            raise ResultTooLargeError(
                f"The answer has {len(text):,} characters of JSON and the limit is {max_chars:,}. "
                "Ask for less: a smaller per_page, a narrower search, one record by get, or "
                f"select_fields in hosted execution. It begins with: {text[:_PREVIEW]}"
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
        # One record comes whole: the parts of a conversation are what it was asked for.
        tables = {name: _records(frame.intercom.children(name)) for name in info.children}
        found["lists"] = {name: rows for name, rows in tables.items() if rows}
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give rows as objects without the fields that have no value, which would be most of them."""
    text = frame.to_json(orient="records", date_format="iso", date_unit="s")
    rows = msgspec.json.decode(text or "[]", type=list[dict[str, Any]])
    return [{k: v for k, v in row.items() if v is not None and v != []} for row in rows]


def _told(error: IntercomError, framework: str | None) -> Any:
    """Raise, or return, what the framework in use takes as "tell the model"."""
    text = f"{type(error).__name__}: {error}"
    name = framework or _framework_in_use()
    if name is None:
        raise error
    if name == "openai-agents":  # its tools answer errors as text
        return text
    raise _signal(name)(text) from error


def _signal(name: str) -> Any:
    from importlib import import_module

    module, signal = FRAMEWORKS[name]
    *inner, last = signal.split(".")
    return getattr(import_module(".".join([module, *inner])), last)


def _framework_in_use() -> str | None:
    """Find the framework that is imported already; the one named first wins."""
    for name, (module, signal) in FRAMEWORKS.items():
        found = sys.modules.get(module)
        # "agents" may be anybody's module: look for what only the framework has.
        if found is not None and (name != "openai-agents" or hasattr(found, signal)):
            return name
    return None


def _check_framework(framework: str | None) -> None:
    if framework is not None and framework not in FRAMEWORKS:
        near = did_you_mean(framework, FRAMEWORKS)
        raise ConfigurationError(f"tool_utils knows no framework {framework!r}.{near}")


def _check_function(target: Any) -> None:
    name = getattr(target, "__name__", repr(target))
    if not callable(target) or isinstance(target, type):
        raise ConfigurationError(f"tool_utils decorates functions, not {name}.")
    if inspect.isgeneratorfunction(target) or inspect.isasyncgenfunction(target):
        raise ConfigurationError(f"{name} is a generator: a tool returns its answer at once.")
    if getattr(target, _MARK, False):
        raise ConfigurationError(f"{name} is decorated by tool_utils already.")


def _signature(target: Any) -> inspect.Signature:
    """Take the promise of a DataFrame out of the signature: the tool answers plain objects."""
    signature = inspect.signature(target)
    if "DataFrame" in str(signature.return_annotation):
        return signature.replace(return_annotation=inspect.Signature.empty)
    return signature
