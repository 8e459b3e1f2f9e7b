"""Methods of an entity that are made of several operations."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from ..catalog.model import Operation

Ask = Callable[[Operation, tuple[Any, ...], Mapping[str, Any]], Coroutine[Any, Any, Any]]
"""Runs one operation of a connector, as a call of its method does."""


@dataclasses.dataclass(frozen=True)
class Extra:
    """A method beyond the operations: its name, and the work, which is given ``ask`` first."""

    entity: str
    name: str
    doc: str
    work: Callable[..., Coroutine[Any, Any, Any]]
    returns: str = "pd.DataFrame"

    @property
    def signature(self) -> inspect.Signature:
        """The signature of the method: the work's own, without ``ask``."""
        whole = inspect.signature(self.work)
        return whole.replace(parameters=list(whole.parameters.values())[1:])
