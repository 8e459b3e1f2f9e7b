"""Background requests of the explorer: which workspace it is, counts, custom attributes.

They run once per connector; the form does not wait for them. Direct execution only: a hosted call
takes seconds and is billed by Airbyte, and its responses have no counts.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from ... import catalog
from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...errors import (
    APIError,
    AuthenticationError,
    IntercomError,
    NotFoundError,
    PermissionDeniedError,
)
from ...frames import KEY
from ...runtime.concurrency import run_parallel
from ...runtime.portal import portal
from ..channel import Channel
from ..connection import Connection
from .query.form_schema import offered_forms
from .result.display import Display, short_entities

_MONTH = pd.Timedelta(days=30)  # the filter with which the form of a search starts
_PARALLEL = 3  # leaves most of the rate limit to the user's own requests
# No permission, or a feature that the workspace lacks.
_REFUSALS = (AuthenticationError, PermissionDeniedError, NotFoundError)
_EVERYTHING = {"query": {"created_at__gt": 0}}  # a search requires a filter
_HOSTED = "Counts are not shown in hosted mode: each would be a billed call."

OnChecked = Callable[[IntercomConnector, str], None]
Learn = Callable[[Mapping[str, Mapping[str, Any]]], Any]


class WorkspaceFacts:
    """Loads facts about the workspace and sends them to the form.

    ``on_checked`` is called with the connector and the time zone once its credential works.
    """

    def __init__(self, channel: Channel, on_checked: OnChecked = lambda *_: None) -> None:
        self._channel = channel
        self._on_checked = on_checked
        self._connector: IntercomConnector | None = None
        self._check: Check | None = None
        self._work: list[Future[Any]] = []
        self.facts: dict[str, Any] = _no_facts()
        self.display = Display()

    def send(self, connector: IntercomConnector | None, check: Check | None = None) -> None:
        """Send what is known; a connector that is new starts the requests.

        ``check`` is the outcome of its credential check if that was made already.
        """
        is_new = connector is not self._connector
        if is_new:
            self._connector, self._check, self.facts = connector, check, _no_facts()
            self.display = Display()
        self._send_connection()
        if connector is None:
            return
        if is_new:
            self._load(connector)
        self._channel.send("facts", **self.facts)

    def _load(self, connector: IntercomConnector) -> None:
        for work in self._work:
            work.cancel()
        self._work = []
        if self._check is None:
            future = self._submit(connector.check())
            future.add_done_callback(
                lambda done: (
                    done.cancelled()
                    or self._channel.run_on_form_thread(self._learn_check, connector, done)
                )
            )
        if connector.mode == "hosted":
            self.facts["hints"] = {"*": _HOSTED}
            return
        learn = functools.partial(self._channel.run_on_form_thread, self._learn, connector)
        self._submit(load_facts(connector, learn))

    def _submit(self, work: Any) -> Future[Any]:
        future = portal.submit(work)
        self._work.append(future)
        return future

    def _learn_check(self, connector: IntercomConnector, future: Future[Check]) -> None:
        if connector is self._connector:
            self._check = future.result()
            self._send_connection()

    def _learn(self, connector: IntercomConnector, facts: Mapping[str, Mapping[str, Any]]) -> None:
        if connector is self._connector:
            self.display.names |= facts.get("names", {})
            for kind, found in facts.items():
                if kind != "names":
                    self.facts[kind] |= found
            self._channel.send("facts", **self.facts)
            if "names" in facts:
                self._channel.send("display", zone=self.display.zone)

    @property
    def workspace_id(self) -> str | None:
        """The workspace's id, which links to its records need; None if it is unknown."""
        found = self._check.workspace.get("workspace_id") if self._check else None
        return found if isinstance(found, str) else None

    def _send_connection(self) -> None:
        connector, check = self._connector, self._check
        if connector is None:
            self._channel.send("connection", connection=None, entities=[])
            return
        description = Connection.of(connector).describe(check.workspace if check else None)
        problem = check.message if check is not None and not check else None
        if check is not None:
            self.display.zone = _time_zone(check)
            self._channel.send("display", zone=self.display.zone)
        self._channel.send(
            "connection",
            connection={**description, "problem": problem},
            entities=offered_forms(connector),
        )
        if check:
            self._on_checked(connector, self.display.zone)


def _time_zone(check: Check) -> str:
    """Return the workspace's time zone, UTC if it is unknown."""
    name = str(check.workspace.get("timezone") or "UTC")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, malformed, a folder of zones
        return "UTC"
    return name


def _no_facts() -> dict[str, Any]:
    return {"counts": {}, "hints": {}, "attributes": {}, "since": {}}


async def load_facts(connector: IntercomConnector, learn: Learn) -> None:
    """Request custom attributes, names and counts, three in parallel; pass each to ``learn``.

    Facts that the credential cannot read are omitted, with a hint. Any other error ends it.
    """

    async def name(entity: str) -> None:
        learn(await _names(connector, entity))

    async def count(operation: Operation) -> None:
        learn(await _count(connector, operation))

    try:
        learn(await _attributes(connector))
        await run_parallel((name(entity) for entity in short_entities()), limit=_PARALLEL)
        await run_parallel((count(operation) for operation in countable()), limit=_PARALLEL)
    except IntercomError as error:
        learn({"hints": {"*": f"Could not load counts and custom attributes: {error}"}})


@functools.cache
def countable() -> tuple[Operation, ...]:
    """Return the operation of each entity whose one-record page includes the total count.

    >>> [op.name for op in countable()][:2]
    ['contacts.list', 'conversations.list']
    """
    found = []
    for entity in catalog.entities():
        known = [op for op in catalog.operations() if op.entity == entity and _has_count(op)]
        found += sorted(known, key=lambda op: op.action)[:1]
    return tuple(found)


def _has_count(operation: Operation) -> bool:
    if operation.since or operation.hosted_only or operation.paging.size is None:
        return False
    if operation.action == "search":
        return operation.paging.style == "cursor_body"
    return operation.action == "list" and not operation.required and not operation.one_of


async def _count(connector: IntercomConnector, operation: Operation) -> dict[str, Any]:
    read = getattr(getattr(connector, operation.entity), operation.action)
    query = _EVERYTHING if operation.action == "search" else {}
    try:
        frame = await read(**query, limit=1, progress=False)
    except APIError as error:
        return {"hints": {operation.entity: f"No count: {_refusal(error)}"}}
    total = frame.attrs[KEY]["total_count"]
    counts = {"counts": {operation.entity: total}} if isinstance(total, int) else {}
    since = default_since(frame, pd.Timestamp.now("UTC"))
    return counts if since is None else {**counts, "since": {operation.entity: since}}


def default_since(page: pd.DataFrame, now: pd.Timestamp) -> str | None:
    """Return the day from which a search starts unless it is changed; None for the last 30 days.

    In a workspace that has been quiet for longer, it is 30 days before a record of ``page``: a
    search never starts with an empty table.
    """
    times = page[page.columns.intersection(["created_at", "updated_at"])]
    if "created_at" not in times or times["created_at"].isna().all():
        return None
    if times.max().max() > now - _MONTH:
        return None
    return f"{times['created_at'].max() - _MONTH:%Y-%m-%d}"


async def _names(connector: IntercomConnector, entity: str) -> dict[str, Any]:
    """Return the names of an entity's records by id."""
    try:
        frame = await getattr(connector, entity).list()
    except APIError as error:
        return {"hints": {entity: f"No names: {_refusal(error)}"}}
    pairs = zip(frame["id"], frame["name"].fillna(""), strict=True)
    return {"names": {entity: {str(key): str(name) for key, name in pairs if name}}}


async def _attributes(connector: IntercomConnector) -> dict[str, Any]:
    """Return the custom attributes by entity, without archived ones (search rejects them)."""
    try:
        frame = await connector.data_attributes.list()
    except APIError as error:
        return {"hints": {"attributes": f"Custom attributes are not shown: {_refusal(error)}"}}
    return {"attributes": custom_attributes(frame)}


def custom_attributes(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the searchable custom attributes by entity: name, type, values."""
    # By the workspace's name for what has the attribute; tickets' attributes belong to their types.
    models = {
        catalog.singular(entity): entity
        for entity in catalog.entities()
        if (fields := catalog.search_fields(entity)) and fields.custom == "custom_attributes."
    }
    found: dict[str, list[dict[str, Any]]] = {entity: [] for entity in models.values()}
    columns = ["model", "name", "data_type", "options"]
    custom = frame["custom"].eq(True).fillna(value=False)
    live = frame[custom & frame["archived"].ne(True).fillna(value=True)]
    for model, name, kind, options in zip(*(live[c].array for c in columns), strict=True):
        if model in models and isinstance(name, str):
            values = [str(v) for v in options] if isinstance(options, list) else []
            field = {"name": f"custom_attributes.{name}", "type": str(kind), "values": values}
            found[models[model]].append(field)
    return found


def _refusal(error: APIError) -> str:
    """Explain why a fact could not be read; raises any error that is not a refusal."""
    if not isinstance(error, _REFUSALS):
        raise error
    return f"this token can't read them ({error.status})."
