"""Many writes from one DataFrame: checked first, sent side by side, each with its own outcome."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from .. import catalog
from ..catalog.model import Operation
from ..connector.composite import Ask, Extra
from ..errors import AuthenticationError, ConfigurationError, IntercomError, RequestValidationError
from ..frames.info import KEY, ResultInfo
from ..runtime.concurrency import run_parallel
from ..runtime.progress import Progress, ProgressCallback, show_progress
from .journal import Journal, Outcome, in_doubt_error
from .rows import Rows, rows_of

# More than this in flight gains nothing: the governor hands out the permits.
_WORKERS = 32
_VERBS = {"create_many": "create", "update_many": "update", "delete_many": "delete"}
_TAGS = {"tag_many": "attach_tag", "untag_many": "detach_tag"}


def bulk_extras(entity: str) -> tuple[Extra, ...]:
    """Give the bulk methods of an entity: one for each action that can be done in bulk."""
    known = catalog.actions(entity)
    plain = [
        Extra(entity, name, _doc(entity, name, action), functools.partial(_verb, entity, action))
        for name, action in _VERBS.items()
        if action in known
    ]
    tagging = [
        Extra(entity, name, _doc(entity, name, action), functools.partial(_tag, entity, action))
        for name, action in _TAGS.items()
        if action in known
    ]
    return (*plain, *tagging)


async def _verb(
    entity: str,
    action: str,
    ask: Ask,
    rows: Rows,
    *,
    progress: ProgressCallback | bool | None = None,
    dry_run: bool = False,
    resume: str | Path | pd.DataFrame | None = None,
    retry_in_doubt: bool = False,
) -> pd.DataFrame:
    operation = catalog.operation(entity, action)
    path = [p.name for p in operation.params if p.place == "path"]
    if action == "delete" and isinstance(rows, pd.DataFrame) and set(path) <= set(rows.columns):
        rows = rows[path]  # what else is known of the records is not needed to delete them
    writes = rows_of(operation, rows)
    journal = Journal.open(operation, None if dry_run else resume, retry_in_doubt)
    record = None if action == "create" else path[-1] if path else "id"
    run = _Run(operation, record, ask, writes, journal)
    return await (run.show() if dry_run else run.carry_out(progress))


async def _tag(
    entity: str,
    action: str,
    ask: Ask,
    rows: Rows,
    tag_id: str,
    *,
    admin_id: str | None = None,
    progress: ProgressCallback | bool | None = None,
    dry_run: bool = False,
    resume: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    operation = catalog.operation(entity, action)
    record, *rest = (p.name for p in operation.params if p.place == "path")
    constant = {rest[0] if rest else "id": tag_id}
    if admin_id is not None:
        constant["admin_id"] = admin_id
    ids = rows["id"] if isinstance(rows, (pd.DataFrame, Mapping)) else pd.Series(list(rows))
    tagged = pd.DataFrame({record: ids, **constant})
    journal = Journal.open(operation, None if dry_run else resume, retry_in_doubt=True)
    run = _Run(operation, record, ask, rows_of(operation, tagged), journal)
    return await (run.show() if dry_run else run.carry_out(progress))


@dataclasses.dataclass
class _Run:
    """The writes of one call: label of the row -> checked parameters.

    ``record`` is the parameter that names the record of a row, None where the write makes one.
    """

    operation: Operation
    record: str | None
    ask: Ask
    writes: list[tuple[Any, dict[str, Any]]]
    journal: Journal
    stopped: IntercomError | None = None

    async def show(self) -> pd.DataFrame:
        """Give the requests, one row each, without sending any."""
        shown = [
            await self.ask(self.operation, (), {**params, "dry_run": True})
            for _, params in self.writes
        ]
        frame = pd.concat(shown) if shown else pd.DataFrame(columns=["method", "url", "body"])
        frame.index = pd.Index([label for label, _ in self.writes])
        frame.attrs[KEY] = self._info(dry_run=True)
        return frame

    async def carry_out(self, progress: ProgressCallback | bool | None) -> pd.DataFrame:
        """Send all that is not done yet, and give the outcome of each row."""
        outcomes: dict[int, Outcome] = {}
        todo: list[int] = []
        for place, (label, params) in enumerate(self.writes):
            known = self.journal.known(label, params)
            if known is None:
                todo.append(place)
            else:
                outcomes[place] = known
        total = len(self.writes)
        try:
            with show_progress(f"{self.operation.name} ({total:,} rows)", progress) as report:
                await self._send(todo, outcomes, report)
        finally:
            self.journal.close()
        return self._frame([outcomes[place] for place in range(total)])

    async def _send(
        self, todo: list[int], outcomes: dict[int, Outcome], report: ProgressCallback
    ) -> None:
        queue = iter(todo)
        total = len(self.writes)

        async def work(most: int | None = None) -> None:
            for place in itertools.islice(queue, most):
                outcomes[place] = await self._one(*self.writes[place])
                report(Progress(len(outcomes), total, len(outcomes)))

        await work(most=1)  # where writes are not allowed at all, this one says so
        await run_parallel(work() for _ in range(min(_WORKERS, len(todo))))

    async def _one(self, label: Any, params: dict[str, Any]) -> Outcome:
        if self.stopped is not None:
            return Outcome(error=f"Not sent: {self.stopped}")
        self.journal.start(label, params)
        try:
            frame = await self.ask(self.operation, (), params)
        except (RequestValidationError, ConfigurationError):
            raise  # nothing was sent, and none of the others can be
        except IntercomError as error:
            if isinstance(error, AuthenticationError):
                self.stopped = error
            outcome = in_doubt_error(error)
        else:
            answered = frame["id"].iloc[0] if "id" in frame and len(frame) else None
            key = answered if isinstance(answered, str) else None
            outcome = Outcome(True, key, None, frame.attrs[KEY].get("request_id"))
        self.journal.end(label, params, outcome)
        return outcome

    def _id(self, params: dict[str, Any], outcome: Outcome) -> str | None:
        """Give the id of the row's record; the answer to a tag on it has the tag's own."""
        named = params.get(self.record) if self.record is not None else None
        return outcome.id if named is None else str(named)

    def _frame(self, outcomes: list[Outcome]) -> pd.DataFrame:
        ids = [self._id(params, o) for (_, params), o in zip(self.writes, outcomes, strict=True)]
        frame = pd.DataFrame(
            {
                "id": pd.array(ids, dtype="string"),
                "ok": pd.array([o.ok for o in outcomes], dtype="boolean"),
                "error": pd.array([o.error for o in outcomes], dtype="string"),
                "in_doubt": pd.array([o.in_doubt for o in outcomes], dtype="boolean"),
                "request_id": pd.array([o.request_id for o in outcomes], dtype="string"),
            },
            index=pd.Index([label for label, _ in self.writes]),
        )
        frame.attrs[KEY] = self._info(
            ok=sum(o.ok for o in outcomes), failed=sum(not o.ok for o in outcomes)
        )
        return frame

    def _info(self, **more: Any) -> ResultInfo:
        what = {"entity": self.operation.entity, "action": self.operation.action, "bulk": True}
        return ResultInfo({**what, **more}, {})


def _doc(entity: str, name: str, action: str) -> str:
    operation = catalog.operation(entity, action)
    if name in _TAGS or name == "delete_many":
        rows = "A DataFrame with the column id, or ids."
    else:
        names = ", ".join(p.name for p in operation.params)
        rows = _ROWS.format(names=names)
    tag = _TAG_ARGS if name in _TAGS else ""
    return _DOC.format(what=operation.name, rows=rows, tag=tag)


_ROWS = """A DataFrame or dicts with parameters as columns ({names});
        what is inside an object is a column with a dot, like custom_attributes.plan. Empty cells
        are not sent."""
_TAG_ARGS = """    tag_id: Id of the tag.
    admin_id: Id of the teammate who acts, where the API needs one.
"""
_DOC = """Do {what} for each row, side by side; all rows are checked before the first is sent.

Args:
    rows: {rows}
{tag}    progress: A function, or True or False for a bar; None shows one where somebody looks.
    dry_run: Whether to show the requests and send nothing.
    resume: A file that remembers what is done (created where it is missing), or the outcome of
        an earlier call: rows that are done are skipped, and so are those of which nobody knows
        whether they were carried out.

Returns:
    A DataFrame with the index of rows: id (of the record that the row names, or that was made
    of it), ok, error, in_doubt, request_id.

This changes the workspace: it needs allow_writes=True."""
