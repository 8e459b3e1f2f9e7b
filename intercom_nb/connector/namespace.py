"""``c.contacts.list(...)``: a namespace per entity, a callable per action, from the catalog."""

from __future__ import annotations

import functools
import inspect
import keyword
import re
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, NoReturn

from .. import catalog
from ..bulk.runner import bulk_extras
from ..calls.files import FILES
from ..calls.options import OPTIONS
from ..catalog.model import Operation, Parameter
from ..errors import InvalidParameterError, did_you_mean
from ..exports.jobs import job_extras
from .composite import Extra

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
    "date": "str | date",
    "object|array<object>": "dict | list[dict]",
}


class Namespace:
    """The actions of one entity, as callables with signatures and docs from the catalog."""

    def __init__(
        self,
        entity: str,
        ask: Asker,
        run: Runner,
        shown: Callable[[Operation], Operation] = lambda operation: operation,
    ) -> None:
        self._entity = entity
        for action in catalog.actions(entity):
            operation = shown(catalog.operation(entity, action))
            setattr(self, action, BoundOperation(operation, ask, run))
        for extra in extras(entity):
            setattr(self, extra.name, BoundExtra(extra, ask, run))

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # also asked of an instance that is still being made
            raise AttributeError(name)
        known = [*catalog.actions(self._entity), *(e.name for e in extras(self._entity))]
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


class BoundExtra:
    """A method of an entity that is made of several operations, ready to be called."""

    def __init__(self, extra: Extra, ask: Asker, run: Runner) -> None:
        self._extra = extra
        self._ask = ask
        self._run = run
        self.__name__ = extra.name
        self.__qualname__ = f"{extra.entity}.{extra.name}"
        self.__doc__ = extra.doc
        self.__signature__ = extra.signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the work; its own docstring and signature say what it takes."""
        try:
            self.__signature__.bind(*args, **kwargs)
        except TypeError as error:
            raise InvalidParameterError(f"{self.__qualname__}: {error}.") from None
        return self._run(self._extra.work(self._ask, *args, **kwargs))

    def __repr__(self) -> str:
        return f"<{self.__qualname__}{self.__signature__}>"


@functools.cache
def extras(entity: str) -> tuple[Extra, ...]:
    """Give the methods that an entity has beyond its operations."""
    return (*bulk_extras(entity), *job_extras(entity))


def positional_names(operation: Operation) -> tuple[str, ...]:
    """Name the parameters that may be given without their names, in their order.

    A search's query; else what stands in the path, and then the id of what is put on it.

    >>> positional_names(catalog.operation("contacts", "attach_tag"))
    ('contact_id', 'id')
    """
    if operation.paging.style == "cursor_body":
        return ("query",)
    places = {p.wire_name: p.name for p in operation.params if p.place == "path"}
    in_path = tuple(places[wire] for wire in re.findall(r"{(\w+)}", operation.path))
    put_on = tuple(p.name for p in operation.params if p.place == "body" and p.name == "id")
    return in_path + (put_on if in_path else ())


def signature(operation: Operation) -> inspect.Signature:
    """Make the signature that Shift-Tab shows."""
    first = positional_names(operation)
    places = {name: place for place, name in enumerate(first)}
    params = sorted(operation.params, key=lambda p: (places.get(p.name, 99), not p.required))
    shown = [_shown(p, positional=p.name in places) for p in params if p.name.isidentifier()]
    shown += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option.default)
        for name, option in OPTIONS.items()
        if option.fits(operation)
    ]
    if operation.paging.style == "cursor_body":
        shown.append(inspect.Parameter("filters", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(shown)


def python_name(param: Parameter) -> str:
    """Give the name of a parameter in Python, which has words of its own.

    >>> python_name(catalog.operation("conversations", "create").params[0])
    'from_'
    """
    return f"{param.name}_" if keyword.iskeyword(param.name) else param.name


def is_needed(param: Parameter) -> bool:
    """Tell whether a call cannot do without a parameter; a search's query may come as filters."""
    return param.required and param.name != "query"


def _shown(param: Parameter, *, positional: bool) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if positional else inspect.Parameter.KEYWORD_ONLY
    default = inspect.Parameter.empty if is_needed(param) else None
    annotation = list if param.type.startswith("array") else _ANNOTATIONS.get(param.type, Any)
    return inspect.Parameter(python_name(param), kind, default=default, annotation=annotation)


def docstring(operation: Operation) -> str:
    """Write the docstring of an operation."""
    lines = [operation.description, "", "Args:"]
    lines += [f"    {_described(p)}" for p in operation.params]
    lines += [f"    {name}: {o.doc}" for name, o in OPTIONS.items() if o.fits(operation)]
    if operation.paging.style == "cursor_body":
        lines += ["    **filters: field__op=value, like state='open' or created_at__gt='7d'."]
    if lines[-1] == "Args:":
        del lines[-2:]
    if operation.one_of:
        needs = "; ".join(", ".join(group) for group in operation.one_of)
        lines += ["", f"At least one is needed of: {needs}."]
    lines += ["", f"Returns:\n    {_returned(operation)}"]
    if operation.writes:
        lines += ["", "This changes the workspace: it needs allow_writes=True."]
    since = f", since version {operation.since}" if operation.since else ""
    source = f"developers.intercom.com, {operation.method} {operation.path}{since}"
    if operation.where or operation.hosted_only:
        source = "docs.airbyte.com, the Intercom connector"
    lines += ["", f"Source: {source}"]
    return "\n".join(lines)


def _returned(operation: Operation) -> str:
    if operation.answer == "text":
        return "Text (a str), with save() to write it to a file."
    if operation.answer in FILES:
        return "Bytes, with save() to write them to a file."
    shape = "one row per record" if operation.records is not None else "one row"
    return f"A DataFrame, {shape}; its attrs['intercom'] say how it came."


def _described(param: Parameter) -> str:
    need = "required" if param.required else "optional"
    if param.required_when:
        when = " or ".join(
            f"{k} is {', '.join(map(str, v))}" for k, v in param.required_when.items()
        )
        need += f", required when {when}"
    if param.since:
        need += f", since version {param.since}"
    return f"{param.name} ({param.hint}; {need}): {param.description}"
