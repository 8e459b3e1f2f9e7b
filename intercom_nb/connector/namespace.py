"""Namespaces: ``c.contacts.list(...)``, one per entity with a callable per action."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from .. import catalog
from ..catalog.model import Operation
from ..catalog.signatures import docstring, signature
from ..errors import InvalidParameterError, UnknownAttributeError, did_you_mean
from ..runtime.portal import portal
from .base import BaseConnector, unknown_attribute, warn_if_incomplete
from .composite import CompositeMethod, composite_methods
from .describe import describe

_T = TypeVar("_T")
Wait = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine: awaits it, or blocks until it is done."""


class Namespace:
    """The actions of one entity; each is built when it is first used.

    >>> import intercom_nb
    >>> intercom_nb.connect("demo").teams
    <teams: list, get, get_metrics, update, context_store_search>
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
            made = self.__dict__[name] = Namespace(name, self, wait_for_result)
            return made


async def wait_for_result(work: Coroutine[Any, Any, _T]) -> _T:
    """Await a call on the portal; warn at the caller's line if its result is incomplete."""
    return warn_if_incomplete(await portal.wait(work), stacklevel=3)


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
        return self._wait(self._connector.run_operation(self.operation, args, kwargs))

    def __repr__(self) -> str:
        return f"<{self.operation.name}{self.__signature__}>"

    def _repr_html_(self) -> str:
        known = self._connector.operations()
        return describe(known, self.operation.entity, self.operation.action).html


class BoundComposite:
    """A composite method of one connector as a callable."""

    def __init__(self, method: CompositeMethod, connector: BaseConnector, wait: Wait) -> None:
        self._method = method
        self._connector = connector
        self._wait = wait
        self.__name__ = method.name
        self.__qualname__ = f"{method.entity}.{method.name}"
        self.__doc__ = method.doc
        self.__signature__ = method.signature

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the method; see its docstring and signature."""
        try:
            self.__signature__.bind(*args, **kwargs)
        except TypeError as error:
            raise InvalidParameterError(f"{self.__qualname__}: {error}.") from None
        return self._wait(self._connector.run_composite(self._method.work, args, kwargs))

    def __repr__(self) -> str:
        return f"<{self.__qualname__}{self.__signature__}>"

    def _repr_html_(self) -> str:
        return describe((), self._method.entity, self._method.name).html
