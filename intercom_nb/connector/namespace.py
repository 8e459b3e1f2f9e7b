"""Namespaces: ``c.contacts.list(...)``, one per entity with a callable per action."""

from __future__ import annotations

import inspect
import linecache
import re
import sys
import warnings
from collections.abc import Callable, Coroutine, Generator
from typing import TYPE_CHECKING, Any, TypeVar

from .. import catalog
from ..catalog.model import Operation
from ..catalog.signatures import docstring, signature
from ..errors import UnknownAttributeError, did_you_mean
from ..runtime.portal import portal
from .base_connector import BaseConnector, unknown_attribute
from .bound_composite import BoundComposite
from .calling import warn_if_incomplete
from .composite import composite_methods
from .describe import describe

_T = TypeVar("_T")
Wait = Callable[[Coroutine[Any, Any, Any], str], Any]
"""Runs a coroutine of a call with this name: when it is awaited, or blocking until it is done."""
# Refused where a loop runs already, with an error that says enough.
_RUN = re.compile(r"asyncio\.run\(|run_until_complete\(")


class Namespace:
    """The actions of one entity; each is built when it is first used.

    >>> import intercom_nb
    >>> intercom_nb.connect("demo").away_status_reasons
    <away_status_reasons: list>
    """

    def __init__(self, entity: str, connector: BaseConnector, wait: Wait) -> None:
        self._entity = entity
        self._connector = connector
        self._wait = wait

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # also looked up on an instance that is being built
            raise AttributeError(name)
        if name in catalog.actions(self._entity):
            operation = self._connector.resolve_operation(catalog.operation(self._entity, name))
            method: Any = OperationMethod(operation, self._connector, self._wait)
        else:
            known = {method.name: method for method in composite_methods(self._entity)}
            if name not in known:
                near = did_you_mean(name, [*catalog.actions(self._entity), *known])
                raise UnknownAttributeError(f"{self._entity} has no action {name!r}.{near}")
            method = BoundComposite(known[name], self._connector, self._wait)
        setattr(self, name, method)
        return method

    def __dir__(self) -> list[str]:
        composites = (method.name for method in composite_methods(self._entity))
        return sorted({*super().__dir__(), *catalog.actions(self._entity), *composites})

    def __repr__(self) -> str:
        entity = self.__dict__.get("_entity")
        if entity is None:  # debuggers show objects before __init__ has run
            return "<Namespace: not initialized>"
        return f"<{entity}: {', '.join(catalog.actions(entity))}>"

    def _repr_html_(self) -> str:
        return describe(self._connector.operations(), self._entity, None).html


class EntityAttributes(BaseConnector):
    """A connector with each entity as an attribute; its calls are awaited."""

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    if not TYPE_CHECKING:  # for a type checker, misspelled entities would be attributes too

        def __getattr__(self, name: str) -> Namespace:
            if name.startswith("_") or name not in catalog.entities():
                raise unknown_attribute(name, dir(self))
            # Stored on the connector, where later lookups find it.
            made = self.__dict__[name] = Namespace(name, self, PendingCall)
            return made


async def wait_for_result(work: Coroutine[Any, Any, _T]) -> _T:
    """Await a call on the portal; warn at the caller's line if its result is incomplete."""
    return warn_if_incomplete(await portal.wait(work), stacklevel=3)


class PendingCall(Coroutine[Any, Any, Any]):
    """A call that starts when it is awaited, and warns if it never is.

    A bare coroutine would warn twice, without the name of the call, and also after the error of
    ``asyncio.run(...)`` in a notebook, where a loop runs already.
    """

    def __init__(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        self._name, self._work = name, work
        self._started: Coroutine[Any, Any, Any] | None = None
        caller = sys._getframe(2)
        self._caller = caller.f_code.co_filename, caller.f_lineno

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._start().__await__()

    def send(self, value: Any) -> Any:
        """Continue the call, as event loops do."""
        return self._start().send(value)

    def throw(self, *error: Any) -> Any:
        """Raise an error inside the call, as cancellation does."""
        self._started = self._started or self._work  # cancelled before its first step
        return self._started.throw(*error)

    def close(self) -> None:
        """End the call; one that has not started never will."""
        self._started = self._started or self._work
        self._started.close()

    def _start(self) -> Coroutine[Any, Any, Any]:
        self._started = self._started or wait_for_result(self._work)
        return self._started

    def __repr__(self) -> str:
        return f"<{self._name}: await it for its result>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise UnknownAttributeError(f"{self._name} has no {name!r} before it is awaited.")

    def __del__(self) -> None:
        if self.__dict__.get("_caller") and self._started is None:
            self._work.close()
            if not _RUN.search(linecache.getline(*self._caller)):
                text = f"{self._name} was not run. Write `await` before it, or use `c.sync`."
                warnings.warn_explicit(text, RuntimeWarning, *self._caller)


class OperationMethod:
    """An operation of one connector as a callable."""

    def __init__(self, operation: Operation, connector: BaseConnector, wait: Wait) -> None:
        self.operation = operation
        self._connector = connector
        self._wait = wait
        self.__name__ = operation.action
        self.__qualname__ = operation.name

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        return docstring(self.operation)

    @property
    def __signature__(self) -> inspect.Signature:
        return signature(self.operation)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the operation; see its docstring and signature."""
        work = self._connector.run_operation(self.operation, args, kwargs)
        return self._wait(work, self.__qualname__)

    def __repr__(self) -> str:
        return f"<{self.operation.name}{self.__signature__}>"

    def _repr_html_(self) -> str:
        known = self._connector.operations()
        return describe(known, self.operation.entity, self.operation.action).html
