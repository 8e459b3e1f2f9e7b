"""Composite methods of entities: several operations behind one call, such as bulk writes."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from .. import catalog
from ..bulk import runner
from ..bulk.sync_records import sync_rows
from ..exports import jobs

_Work = Callable[..., Coroutine[Any, Any, Any]]
_BULK: dict[str, tuple[str, _Work]] = {
    "create_many": ("create", runner.write_rows),
    "update_many": ("update", runner.write_rows),
    "delete_many": ("delete", runner.write_rows),
    "tag_many": ("attach_tag", runner.tag_rows),
    "untag_many": ("detach_tag", runner.tag_rows),
}
_JOBS: dict[str, tuple[str, _Work]] = {
    "content_data_exports": ("run", jobs.run_content_export),
    "reporting_data_exports": ("run", jobs.run_reporting_export),
    "jobs": ("wait", jobs.wait_for_job),
}


@dataclasses.dataclass(frozen=True)
class CompositeMethod:
    """A method made of several operations; ``work`` gets the connector as its first argument."""

    entity: str
    name: str
    doc: str
    work: _Work
    returns: str = "pd.DataFrame"

    @property
    def signature(self) -> inspect.Signature:
        """The signature of the method: that of ``work``, without the connector."""
        whole = inspect.signature(self.work)
        return whole.replace(parameters=list(whole.parameters.values())[1:])

    @property
    def writes(self) -> bool:
        """Whether it changes the workspace."""
        return "allow_writes=True" in self.doc


@functools.cache
def composite_methods(entity: str) -> tuple[CompositeMethod, ...]:
    """Return the methods that an entity has besides its operations.

    >>> [method.name for method in composite_methods("tags")]
    ['create_many', 'delete_many']
    """
    methods = []
    for name, (action, work) in _BULK.items():
        if action in catalog.actions(entity):
            operation = catalog.operation(entity, action)
            doc = runner.docstring(operation, tagging=work is runner.tag_rows)
            method = CompositeMethod(entity, name, doc, functools.partial(work, operation))
            methods.append(method)
    if catalog.entities()[entity].matched_by:
        doc = inspect.getdoc(sync_rows) or ""
        methods.append(CompositeMethod(entity, "sync", doc, functools.partial(sync_rows, entity)))
    if entity in _JOBS:
        name, job = _JOBS[entity]
        methods.append(CompositeMethod(entity, name, inspect.getdoc(job) or "", job))
    return tuple(methods)
