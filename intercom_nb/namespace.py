"""``c.contacts.list(...)``: a namespace per entity, a callable per action, from the catalogue."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from . import catalog
from .catalog.model import Operation, Parameter
from .errors import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    Asker = Callable[..., Coroutine[Any, Any, pd.DataFrame]]
    Runner = Callable[[Coroutine[Any, Any, pd.DataFrame]], Any]

_ANNOTATIONS: dict[str, Any] = {
    "id": str,
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict,
    "time": "str | datetime | int",
}
DEFAULT_LIMIT = 1_000


class Namespace:
    """The actions of one entity, as callables with signatures and docs from the catalogue."""

    def __init__(self, entity: str, ask: Asker, run: Runner) -> None:
        self._entity = entity
        for action in catalog.actions(entity):
            operation = catalog.operation(entity, action)
            setattr(self, action, BoundOperation(operation, ask, run))

    def __getattr__(self, name: str) -> BoundOperation:
        if name.startswith("_"):  # also asked of an instance that is still being made
            raise AttributeError(name)
        known = catalog.actions(self._entity)
        raise AttributeError(f"{self._entity} has no action {name!r}.{did_you_mean(name, known)}")

    def __repr__(self) -> str:
        return f"<{self._entity}: {', '.join(catalog.actions(self._entity))}>"


class BoundOperation:
    """An operation of one connector, ready to be called."""

    def __init__(self, operation: Operation, ask: Asker, run: Runner) -> None:
        self.operation = operation
        self._ask = ask
        self._run = run
        self.__name__ = operation.action
        self.__qualname__ = operation.name
        self.__doc__ = docstring(operation)
        self.__signature__ = signature(operation)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the operation; its own docstring and signature say what it takes."""
        return self._run(self._ask(self.operation, args, kwargs))

    def __repr__(self) -> str:
        return f"<{self.operation.name}{self.__signature__}>"


def positional_name(operation: Operation) -> str | None:
    """Name the parameter that may be given without its name: the id, or a search's query."""
    if operation.paging.style == "cursor_body":
        return "query"
    return next((p.name for p in operation.params if p.place == "path"), None)


def signature(operation: Operation) -> inspect.Signature:
    """Make the signature that Shift-Tab shows."""
    first = positional_name(operation)
    params = sorted(operation.params, key=lambda p: (p.name != first, not p.required))
    shown = [_shown(p, positional=p.name == first) for p in params if p.name.isidentifier()]
    if operation.paging.style != "none":
        keyword = inspect.Parameter.KEYWORD_ONLY
        shown.append(inspect.Parameter("limit", keyword, default=DEFAULT_LIMIT))
        shown.append(inspect.Parameter("progress", keyword, default=None))
    if operation.paging.style == "cursor_body":
        shown.append(inspect.Parameter("filters", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(shown)


def _shown(param: Parameter, *, positional: bool) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if positional else inspect.Parameter.KEYWORD_ONLY
    needed = param.required and param.name != "query"  # a search's query may come as filters
    default = inspect.Parameter.empty if needed else None
    return inspect.Parameter(
        param.name if param.name != "from" else "from_",
        kind,
        default=default,
        annotation=_ANNOTATIONS.get(param.type, Any),
    )


def docstring(operation: Operation) -> str:
    """Write the docstring of an operation."""
    lines = [operation.description, ""]
    if operation.params:
        lines.append("Args:")
        lines += [f"    {_described(p)}" for p in operation.params]
    if operation.paging.style != "none":
        lines += [
            f"    limit: Records at most; {DEFAULT_LIMIT:,} unless told, None for all of them.",
            "    progress: A function called with a Progress after each page; False for no bar.",
        ]
    if operation.paging.style == "cursor_body":
        lines += ["    **filters: field__op=value, like state='open' or created_at__gt='7d'."]
    shape = "one row per record" if operation.records is not None else "one row"
    lines += ["", f"Returns:\n    A DataFrame, {shape}; its attrs['intercom'] say how it came."]
    if operation.writes:
        lines += ["", "This changes the workspace: it needs allow_writes=True."]
    lines += ["", f"Source: developers.intercom.com, {operation.method} {operation.path}"]
    return "\n".join(lines)


def _described(param: Parameter) -> str:
    need = "required" if param.required else "optional"
    return f"{param.name} ({param.hint}; {need}): {param.description}"
