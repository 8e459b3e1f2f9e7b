"""What the explorer asks of a workspace by itself: whose it is, counts, custom attributes.

In the background, once for each connector; the form does not wait for it. Direct execution only:
a hosted call takes seconds and is paid for at Airbyte, and its answers have no counts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pandas as pd

from ... import catalog
from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...errors import APIError, IntercomError
from ...frames import KEY
from ...runtime.concurrency import run_parallel
from ...runtime.portal import portal
from ..connection import Connection
from .query.form_schema import offered_forms

if TYPE_CHECKING:
    from .explorer import Explorer

_AT_ONCE = 3
_REFUSED = {401, 403, 404}
_EVERYTHING = {"query": {"created_at__gt": 0}}
_MODELS = {"contact": "contacts", "conversation": "conversations"}
_HOSTED = "Counts are left out in hosted execution: each would be a call at Airbyte."

Tell = Callable[[Mapping[str, Mapping[str, Any]]], Any]


class Workspace:
    """Tells the page where it is connected to, and what the workspace has."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._check: Check | None = None
        self._asked: IntercomConnector | None = None
        self._work: list[Future[Any]] = []
        self.facts: dict[str, Any] = {"counts": {}, "hints": {}, "attributes": {}}

    def tell(self) -> None:
        """Tell a page that opens; the first one starts the asking."""
        self._tell_connection()
        connector = self._explorer.connector
        if connector is None:
            return
        if connector is not self._asked:
            self._ask(connector)
        self._explorer.tell("facts", **self.facts)

    def connected(self, check: Check) -> None:
        """Begin anew with another connector, whose credential was checked."""
        self._check = check
        self.tell()

    def _ask(self, connector: IntercomConnector) -> None:
        for work in self._work:
            work.cancel()
        self._asked, self._work = connector, []
        self.facts = {"counts": {}, "hints": {}, "attributes": {}}
        if self._check is None:
            self._later(connector, connector.check(), self._told_who)
        if connector.mode == "hosted":
            self.facts["hints"] = {"*": _HOSTED}
            return
        learn = functools.partial(self._explorer.later, self._learn, connector)
        self._later(connector, look_around(connector, learn), None)

    def _later(self, connector: IntercomConnector, work: Any, then: Any) -> None:
        future = portal.submit(work)
        self._work.append(future)
        if then is not None:
            future.add_done_callback(
                lambda done: done.cancelled() or self._explorer.later(then, connector, done)
            )

    def _told_who(self, connector: IntercomConnector, future: Future[Check]) -> None:
        if connector is self._explorer.connector:
            self._check = future.result()
            self._tell_connection()

    def _learn(self, connector: IntercomConnector, facts: Mapping[str, Mapping[str, Any]]) -> None:
        if connector is self._explorer.connector:
            for kind, found in facts.items():
                self.facts[kind] |= found
            self._explorer.tell("facts", **self.facts)

    def _tell_connection(self) -> None:
        connector = self._explorer.connector
        if connector is None:
            self._explorer.tell("connection", connection=None, entities=[])
            return
        check = self._check
        words = Connection.of(connector).words(check.workspace if check else None)
        problem = check.message if check is not None and not check else None
        self._explorer.tell(
            "connection",
            connection={**words, "problem": problem},
            entities=offered_forms(connector),
        )


async def look_around(connector: IntercomConnector, learn: Tell) -> None:
    """Ask for the custom attributes and then for counts, a few at a time; ``learn`` is told.

    What may not be read is left out, with a hint in words; another failure ends the asking.
    """

    async def count(operation: Operation) -> None:
        learn(await _count(connector, operation))

    try:
        learn(await _attributes(connector))
        await run_parallel((count(operation) for operation in countable()), limit=_AT_ONCE)
    except IntercomError as error:
        learn({"hints": {"*": f"Counts and attributes could not be fetched: {error}"}})


@functools.cache
def countable() -> tuple[Operation, ...]:
    """Give the operation of each entity whose page of one record tells how many there are.

    >>> [op.name for op in countable()][:2]
    ['contacts.list', 'conversations.list']
    """
    found = []
    for entity in catalog.entities():
        known = [op for op in catalog.operations() if op.entity == entity and _counts(op)]
        found += sorted(known, key=lambda op: op.action)[:1]
    return tuple(found)


def _counts(operation: Operation) -> bool:
    if operation.since or operation.hosted_only or operation.paging.size is None:
        return False
    if operation.action == "search":
        return operation.paging.style == "cursor_body"
    return operation.action == "list" and not operation.required and not operation.one_of


async def _count(connector: IntercomConnector, operation: Operation) -> dict[str, Any]:
    ask = getattr(getattr(connector, operation.entity), operation.action)
    query = _EVERYTHING if operation.action == "search" else {}
    try:
        frame = await ask(**query, limit=1, progress=False)
    except APIError as error:
        return {"hints": {operation.entity: f"No count: {_refused(error)}"}}
    total = frame.attrs[KEY]["total_count"]
    return {"counts": {operation.entity: total}} if isinstance(total, int) else {}


async def _attributes(connector: IntercomConnector) -> dict[str, Any]:
    """Give the custom attributes by entity; those that are archived cannot be searched by."""
    try:
        frame = await connector.data_attributes.list()
    except APIError as error:
        hint = f"The workspace's custom attributes are not listed: {_refused(error)}"
        return {"hints": {"attributes": hint}}
    return {"attributes": custom_attributes(frame)}


def custom_attributes(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Give the custom attributes that a search may ask for, by entity: name, type, values."""
    found: dict[str, list[dict[str, Any]]] = {entity: [] for entity in _MODELS.values()}
    columns = ["model", "name", "data_type", "options"]
    custom = frame["custom"].eq(True).fillna(value=False)
    live = frame[custom & frame["archived"].ne(True).fillna(value=True)]
    for model, name, kind, options in zip(*(live[c].array for c in columns), strict=True):
        if model in _MODELS and isinstance(name, str):
            values = [str(v) for v in options] if isinstance(options, list) else []
            field = {"name": f"custom_attributes.{name}", "type": str(kind), "values": values}
            found[_MODELS[model]].append(field)
    return found


def _refused(error: APIError) -> str:
    """Say why something is not there; raises what is no refusal."""
    if error.status not in _REFUSED:
        raise error
    return f"the credential may not read it ({error.status})."
