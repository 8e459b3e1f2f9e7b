"""Decorator that makes a function over a connector a tool of an AI agent."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, TypeVar, overload

from ..errors import ConfigurationError, IntercomError
from .description import DESCRIBE, describe_section, describe_tool
from .frameworks import framework_name, report_error
from .plain import DEFAULT_CAP, to_plain

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "__intercom_tool__"
RetryTest = Callable[[Exception, tuple[Any, ...], dict[str, Any]], bool]
FinalMessage = Callable[[Exception, tuple[Any, ...], dict[str, Any]], str | None]


class HasMode(Protocol):
    """Facts of a connector that decide which operations a tool describes."""

    allow_writes: bool

    @property
    def mode(self) -> str:
        """``direct`` or ``hosted``."""

    @property
    def details(self) -> Mapping[str, Any]:
        """The API version in direct mode."""


class AgentDecorator:
    """Descriptor of a decorator on IntercomConnector; on an instance it knows what is offered."""

    def __init__(self, decorator: Callable[..., Any]) -> None:
        self._decorator = decorator

    def __get__(self, instance: HasMode | None, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self._decorator
        return functools.partial(self._decorator, **offer_of(instance))


def offer_of(connector: HasMode) -> dict[str, Any]:
    """Return what decides which operations are described: writes, mode, API version."""
    return {
        "allow_writes": connector.allow_writes,
        "mode": connector.mode,
        "version": connector.details.get("version"),
    }


@dataclasses.dataclass(frozen=True)
class ToolPolicy:
    """Limits of a tool's results, its retries, and its errors."""

    max_output_chars: int | None = DEFAULT_CAP
    framework: str | None = None
    internal_retries: int = 0
    should_internal_retry: RetryTest | None = None
    exhausted_runtime_failure_message: FinalMessage | None = None

    def __post_init__(self) -> None:
        """Check the framework and the number of retries."""
        object.__setattr__(self, "framework", framework_name(self.framework))
        if self.internal_retries < 0:
            raise ConfigurationError(
                f"internal_retries must be a whole number from 0, not {self.internal_retries!r}."
            )

    def retries(self, error: IntercomError, attempt: int, args: Any, kwargs: Any) -> bool:
        """Return whether to call again at once; a write that may have happened is never resent."""
        if attempt >= self.internal_retries or not error.is_transient or error.outcome_unknown:
            return False
        test = self.should_internal_retry
        return test is None or test(error, args, kwargs)

    def report(self, error: IntercomError, args: Any, kwargs: Any) -> Any:
        """Raise or return the error as the framework reports it to the model."""
        final = self.exhausted_runtime_failure_message
        text = None
        if final is not None and self.internal_retries and error.is_transient:
            text = final(error, args, kwargs)
        return report_error(error, self.framework, text)


@overload
def tool_utils(function: _F) -> _F: ...
@overload
def tool_utils(
    *,
    entities: Iterable[str] | None = None,
    allow_writes: bool = False,
    mode: str | None = None,
    version: str | None = None,
    update_docstring: bool = True,
    max_output_chars: int | None = DEFAULT_CAP,
    framework: str | None = None,
    internal_retries: int = 0,
    should_internal_retry: RetryTest | None = None,
    exhausted_runtime_failure_message: FinalMessage | None = None,
) -> Callable[[_F], _F]: ...
def tool_utils(  # noqa: PLR0913 - the keywords of airbyte-agent-sdk and ours
    function: Any = None,
    *,
    entities: Iterable[str] | None = None,
    allow_writes: bool = False,
    mode: str | None = None,
    version: str | None = None,
    update_docstring: bool = True,
    max_output_chars: int | None = DEFAULT_CAP,
    framework: str | None = None,
    internal_retries: int = 0,
    should_internal_retry: RetryTest | None = None,
    exhausted_runtime_failure_message: FinalMessage | None = None,
) -> Any:
    """Turn a function ``(entity, action, params)`` into a tool of an agent.

    Appends the entities and actions to the docstring, in at most 4,000 characters, and handles the
    action ``describe`` of each entity with the parameters. Converts a returned DataFrame to
    ``{"records": [...], "meta": {...}}`` and limits its JSON. Converts errors of this package to
    the exception by which the agent's framework reports an error to the model.

    Args:
        function: The function, async or plain; if omitted, a decorator with these settings is
            returned.
        entities: Entities to describe (default: all). Fewer leave room for their parameters.
        allow_writes: Describe write actions, too. The connector's own ``allow_writes`` decides
            whether they run.
        mode: ``direct`` or ``hosted``: describe only what this mode supports. ``c.tool_utils``
            sets it.
        version: An API version: describe only what it has. ``c.tool_utils`` sets it.
        update_docstring: Whether to describe the operations in the docstring.
        max_output_chars: Maximum length of the JSON, in characters; None for no limit.
        framework: One of FRAMEWORKS (default: the one that is already imported).
        internal_retries: Further attempts after a transient error, besides the connector's own.
        should_internal_retry: ``(error, args, kwargs) -> bool``, to restrict these attempts.
        exhausted_runtime_failure_message: ``(error, args, kwargs) -> str | None``, the text for
            the model if they fail.

    Raises ConfigurationError if the function is a generator or already a tool, or if the framework
    is unknown.

    >>> @tool_utils(entities=["teams"])
    ... async def intercom(entity: str, action: str, params: dict | None = None):
    ...     "Query Intercom."
    >>> print(intercom.__doc__.splitlines()[0])
    Query Intercom.
    """
    policy = ToolPolicy(
        max_output_chars=max_output_chars,
        framework=framework,
        internal_retries=internal_retries,
        should_internal_retry=should_internal_retry,
        exhausted_runtime_failure_message=exhausted_runtime_failure_message,
    )
    known: dict[str, Any] = {"allow_writes": allow_writes, "mode": mode, "version": version}
    described = describe_tool(entities=entities, **known)

    def decorate(target: Any) -> Any:
        doc = described if update_docstring else ""
        return make_tool(target, policy, doc, functools.partial(describe_section, **known))

    return decorate if function is None else decorate(function)


def make_tool(
    target: Any,
    policy: ToolPolicy,
    description: str,
    describe: Callable[[str], str] | None = None,
) -> Any:
    """Wrap a function as a tool: plain results, reported errors, a docstring for the model.

    ``describe`` handles the action ``describe`` if the function takes an entity and an action.
    """
    _check_function(target)
    signature = inspect.signature(target)
    if not {"entity", "action"} <= signature.parameters.keys():
        describe = None

    def details(args: Any, kwargs: Any) -> str | None:
        if describe is None:
            return None
        given = signature.bind_partial(*args, **kwargs).arguments
        if given.get("action") != DESCRIBE:
            return None
        params = given.get("params")
        action = params.get("action") if isinstance(params, dict) else None
        return describe(f"{given.get('entity')}.{action}" if action else str(given.get("entity")))

    make = _async_tool if inspect.iscoroutinefunction(target) else _plain_tool
    wrapper = make(target, policy, details)
    wrapper.__doc__ = _joined(target.__doc__, description)
    wrapper.__signature__ = _without_frame(signature)
    setattr(wrapper, _MARK, True)
    return wrapper


def _joined(own: str | None, description: str) -> str:
    """Append the description to the function's own docstring, without blank lines."""
    text = inspect.cleandoc(own or "Query the customer's Intercom workspace.")
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join([*lines, *([description] if description else [])])


_Details = Callable[[Any, Any], str | None]


# Not a Retrier: the caller's test decides, without a wait, and a plain function has no loop.


def _async_tool(target: Any, policy: ToolPolicy, details: _Details) -> Any:
    @functools.wraps(target)
    async def tool(*args: Any, **kwargs: Any) -> Any:
        attempt = 0
        while True:
            try:
                text = details(args, kwargs)
                result = await target(*args, **kwargs) if text is None else text
                return to_plain(result, policy.max_output_chars)
            except IntercomError as error:
                if not policy.retries(error, attempt, args, kwargs):
                    return policy.report(error, args, kwargs)
                attempt += 1

    return tool


def _plain_tool(target: Any, policy: ToolPolicy, details: _Details) -> Any:
    @functools.wraps(target)
    def tool(*args: Any, **kwargs: Any) -> Any:
        attempt = 0
        while True:
            try:
                text = details(args, kwargs)
                result = target(*args, **kwargs) if text is None else text
                return to_plain(result, policy.max_output_chars)
            except IntercomError as error:
                if not policy.retries(error, attempt, args, kwargs):
                    return policy.report(error, args, kwargs)
                attempt += 1

    return tool


def _check_function(target: Any) -> None:
    name = getattr(target, "__name__", repr(target))
    if not callable(target) or isinstance(target, type):
        raise ConfigurationError(f"tool_utils decorates functions; {name} is not a function.")
    if inspect.isgeneratorfunction(target) or inspect.isasyncgenfunction(target):
        raise ConfigurationError(f"{name} is a generator; a tool must return its result at once.")
    if getattr(target, _MARK, False):
        raise ConfigurationError(f"{name} is already decorated by tool_utils.")


def _without_frame(signature: inspect.Signature) -> inspect.Signature:
    """Return the signature without a DataFrame as its result: the tool returns plain objects."""
    if "DataFrame" in str(signature.return_annotation):
        return signature.replace(return_annotation=inspect.Signature.empty)
    return signature
