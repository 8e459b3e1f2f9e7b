"""Composite methods of one connector as callables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import InvalidParameterError
from .base_connector import BaseConnector
from .composite import CompositeMethod
from .describe import describe


class BoundComposite:
    """A composite method of one connector as a callable."""

    def __init__(
        self, method: CompositeMethod, connector: BaseConnector, wait: Callable[..., Any]
    ) -> None:
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
        work = self._connector.run_composite(self._method.work, args, kwargs)
        return self._wait(work, self.__qualname__)

    def __repr__(self) -> str:
        return f"<{self.__qualname__}{self.__signature__}>"

    def _repr_html_(self) -> str:
        return describe((), self._method.entity, self._method.name).html
