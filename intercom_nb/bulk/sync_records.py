"""Sync of records with a DataFrame: compare first, then send only what differs."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .. import catalog
from ..calls.operation_runner import OperationRunner
from ..catalog.model import Operation
from ..errors import InvalidParameterError, NotFoundError
from ..frames import KEY, ResultInfo
from ..runtime.concurrency import run_parallel
from ..runtime.progress import ProgressCallback
from .rows import Rows, as_frame, plain_value, rows_of
from .runner import BulkWrite

# Where a record has what a parameter sets, if not under the parameter's own name.
_COLUMNS = {"avatar": "avatar.image_url", "companies.plan": "plan.name"}
_WORKERS = 8  # lookups in parallel; the rate limiter paces them
_COMPARED = ["key", "id", "change", "field", "old", "new"]


async def sync_rows(  # noqa: D417, PLR0913 - the docstring is that of c.contacts.sync
    entity: str,
    connector: OperationRunner,
    rows: Rows,
    *,
    key: str | None = None,
    dry_run: bool = True,
    progress: ProgressCallback | bool | None = None,
    resume: str | Path | pd.DataFrame | None = None,
    retry_in_doubt: bool = False,
) -> pd.DataFrame:
    """Create and update records so that they have the values of rows; send only what differs.

    Args:
        rows: A DataFrame or dicts with parameters as columns; ``custom_attributes.plan`` sets a key
            of an object. Empty cells change nothing.
        key: The column that identifies a record (contacts: external_id, email or id; companies:
            company_id or id; default: the first).
        dry_run: Return the differences and send no write (default); False sends them.
        progress: Show a bar: None = only for long calls, True = always, False = never; or a
            function that is called with a Progress.
        resume: A journal file (created if missing), or the outcome of an earlier call: rows that
            are done are skipped, and so are rows whose outcome is unknown.
        retry_in_doubt: Also send the rows whose outcome is unknown; they may then be written twice.

    Returns:
        Dry run: a DataFrame with a row for each field that differs: key, id, change (create or
        update), field, old, new. Otherwise one row for each write, with the index of rows:
        change, id, ok, error, in_doubt, request_id. attrs['intercom'] has the numbers of created,
        updated and unchanged records.

    Changes the workspace: requires allow_writes=True.
    """
    frame = as_frame(rows)
    key = _checked_key(entity, frame, key)
    plan = _Plan.of(entity, connector, frame, key, await _existing(entity, connector, frame, key))
    writes = [BulkWrite.of(op, connector, todo) for op, todo in plan.writes() if todo]
    for write in writes:
        write.check_rows()
    if dry_run or connector.dry_run:
        return plan.differences()
    for operation, _ in plan.writes():  # also if nothing differs: the permission is the caller's
        connector.check_allowed(operation)
    outcomes = []
    for write in writes:
        outcome = await write.run(progress, resume, retry_in_doubt)
        outcome.insert(0, "change", write.operation.action)
        outcomes.append(outcome)
    found = pd.concat(outcomes) if outcomes else pd.DataFrame(columns=_OUTCOME)
    found.attrs[KEY] = plan.info(
        ok=int(found["ok"].sum()), failed=int((~found["ok"].astype(bool)).sum())
    )
    return found


_OUTCOME = ["change", "id", "ok", "error", "in_doubt", "request_id"]


def _checked_key(entity: str, frame: pd.DataFrame, key: str | None) -> str:
    """Return the key; raise InvalidParameterError if it does not identify each row."""
    known = catalog.entities()[entity].matched_by
    key = known[0] if key is None else key
    if key not in known:
        raise InvalidParameterError(
            f"{entity}.sync: key must be one of {', '.join(known)}, not {key!r}."
        )
    if key not in frame.columns:
        raise InvalidParameterError(
            f"{entity}.sync: the rows have no column {key!r}, which identifies a record. Add it, "
            "or pass another key=."
        )
    values = [_identity(key, value) for value in frame[key]]
    empty = [label for label, value in zip(frame.index, values, strict=True) if value is None]
    if empty:
        raise InvalidParameterError(
            f"{entity}.sync: {key} is empty in row {empty[0]!r} ({len(empty)} in all). Fill it in "
            "or leave the rows out. Nothing was sent."
        )
    repeated = pd.Series(values, dtype=object)
    repeated = repeated[repeated.duplicated()]
    if len(repeated):
        raise InvalidParameterError(
            f"{entity}.sync: {key} {repeated.iloc[0]!r} is in several rows ({len(repeated)} "
            "repetitions in all). Keep one row for each. Nothing was sent."
        )
    return key


def _identity(key: str, value: Any) -> str | None:
    """Return the value by which records are matched: text, email addresses in lower case."""
    plain = plain_value(value)
    if plain is None or plain == "":
        return None
    return str(plain).strip().lower() if key == "email" else str(plain)


async def _existing(
    entity: str, connector: OperationRunner, frame: pd.DataFrame, key: str
) -> dict[str, dict[str, Any]]:
    """Return the records of the workspace that rows may be about, by key."""
    wanted = [str(_identity(key, value)) for value in frame[key]]
    if not wanted:
        return {}
    if entity == "contacts":
        search = connector.resolve_operation(catalog.operation("contacts", "search"))
        given: dict[str, Any] = {f"{key}__in": wanted, "limit": None, "progress": False}
        return _by_key(entity, key, [await connector.run_operation(search, (), given)])
    listing = connector.resolve_operation(catalog.operation(entity, "list"))
    listed = await connector.run_operation(listing, (), {"limit": None, "progress": False})
    # The API does not list companies without contacts, but finds each by its id.
    known = set(_by_key(entity, key, [listed]))
    single = listing if key != "id" else catalog.operation(entity, "get")
    missing = iter([value for value in wanted if value not in known])
    found = [listed]

    async def work() -> None:
        for value in missing:
            with contextlib.suppress(NotFoundError):
                found.append(await connector.run_operation(single, (), {key: value}))

    await run_parallel(work() for _ in range(_WORKERS))
    return _by_key(entity, key, found)


def _by_key(entity: str, key: str, frames: list[pd.DataFrame]) -> dict[str, dict[str, Any]]:
    """Return records by key; raises InvalidParameterError if several have the same."""
    records: dict[str, dict[str, Any]] = {}
    for frame in frames:
        names = [str(name) for name in frame.columns]
        for values in frame.itertuples(index=False, name=None):
            record = {name: plain_value(value) for name, value in zip(names, values, strict=True)}
            identity = _identity(key, record.get(key))
            if identity in records and records[identity]["id"] != record["id"]:
                raise InvalidParameterError(
                    f"{entity}.sync: several records have the {key} {identity!r} "
                    f"({records[identity]['id']}, {record['id']}). Use key='id'. Nothing was sent."
                )
            if identity is not None:
                records[identity] = record
    return records


@dataclasses.dataclass(frozen=True)
class _Change:
    """Changes by one row: (field, old, new) of each value that differs."""

    label: Any
    key: str
    id: str | None
    params: dict[str, Any]
    fields: list[tuple[str, Any, Any]]


@dataclasses.dataclass(frozen=True)
class _Plan:
    """The differences between rows and records."""

    entity: str
    create: Operation
    update: Operation
    created: list[_Change]
    updated: list[_Change]
    unchanged: int

    @classmethod
    def of(
        cls,
        entity: str,
        connector: OperationRunner,
        frame: pd.DataFrame,
        key: str,
        records: Mapping[str, dict[str, Any]],
    ) -> _Plan:
        """Compare each row with its record."""
        create, update = (
            connector.resolve_operation(catalog.operation(entity, action))
            for action in ("create", "update")
        )
        identities = [_identity(key, value) for value in frame[key]]
        known = [identity in records for identity in identities]
        missing = [i for i, is_known in zip(identities, known, strict=True) if not is_known]
        if key == "id" and missing:
            raise InvalidParameterError(
                f"{entity}.sync: no record has the id {missing[0]!r} ({len(missing)} in all). "
                "Leave these rows out, or pass another key=: new records have no id yet. "
                "Nothing was sent."
            )
        created = [
            _Change(label, str(params[key]), None, params, _differences(entity, params, {}, create))
            for label, params in rows_of(create, frame[[not k for k in known]])
        ]
        old = frame[known].copy()
        ids = [records[i]["id"] for i, k in zip(identities, known, strict=True) if k and i]
        if key != "id":  # the key is the same already
            old = old.drop(columns=[key, *({"id"} & set(old.columns))])
            old.insert(0, "id", ids)
        matched = [records[i] for i, k in zip(identities, known, strict=True) if k and i]
        changes = []
        for (label, params), record in zip(rows_of(update, old), matched, strict=True):
            fields = _differences(entity, params, record, update)
            if fields:
                sent = {"id": record["id"], **_changed(params, fields)}
                changes.append(_Change(label, str(record[key]), record["id"], sent, fields))
        return cls(entity, create, update, created, changes, len(matched) - len(changes))

    def writes(self) -> list[tuple[Operation, list[tuple[Any, dict[str, Any]]]]]:
        """Return the operations with their (label, parameters)."""
        return [
            (self.create, [(c.label, c.params) for c in self.created]),
            (self.update, [(c.label, c.params) for c in self.updated]),
        ]

    def differences(self) -> pd.DataFrame:
        """Return one row for each value that differs."""
        rows = [
            (c.key, c.id, change, field, old, new)
            for change, changes in (("create", self.created), ("update", self.updated))
            for c in changes
            for field, old, new in c.fields
        ]
        frame = pd.DataFrame(rows, columns=_COMPARED, dtype=object)
        frame.attrs[KEY] = self.info(dry_run=True)
        return frame

    def info(self, **more: Any) -> ResultInfo:
        """Return the metadata of the result."""
        counts = {
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": self.unchanged,
        }
        return ResultInfo(
            {"entity": self.entity, "action": "sync", "bulk": True, **counts, **more}, {}
        )


def _differences(
    entity: str, params: Mapping[str, Any], record: Mapping[str, Any], operation: Operation
) -> list[tuple[str, Any, Any]]:
    body = {p.name for p in operation.params if p.location == "body"}
    found = []
    for name, new in params.items():
        values = (
            {f"{name}.{k}": v for k, v in new.items()} if isinstance(new, dict) else {name: new}
        )
        for field, value in values.items():
            column = _COLUMNS.get(f"{entity}.{field}", _COLUMNS.get(field, field))
            old = record.get(column)
            if name in body and not _is_same(old, value):
                found.append((field, old, value))
    return found


def _is_same(old: Any, new: Any) -> bool:
    """Return whether a record has a value: ids and numbers may be text on one side."""
    if isinstance(old, bool) or isinstance(new, bool) or old is None:
        return bool(old == new)
    return bool(old == new) or str(old) == str(new)


def _changed(params: Mapping[str, Any], fields: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Return the parameters that differ, of objects only the keys that differ."""
    names = {field for field, _, _ in fields}
    sent: dict[str, Any] = {}
    for name, value in params.items():
        if name in names:
            sent[name] = value
        elif isinstance(value, dict):
            inside = {k: v for k, v in value.items() if f"{name}.{k}" in names}
            if inside:
                sent[name] = inside
    return sent
