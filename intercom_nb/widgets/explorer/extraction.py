"""The explorer's part for a whole entity: into a folder, with progress, to be gone on with."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from ...connector.connector import IntercomConnector
from ...errors import IntercomError
from ...runtime.portal import portal
from ..connection import Connection

if TYPE_CHECKING:
    from ...dataset import Dataset
    from ...extract.progress import ExtractProgress
    from .explorer import Explorer

_REPORT_SECONDS = 0.2
_CANCELLED: dict[str, Any] = {
    "status": "cancelled",
    "text": "Stopped. What had arrived is kept: extract to the same folder to go on.",
}


@dataclasses.dataclass
class _Work:
    """An extraction under way."""

    entity: str
    to: str
    with_parts: bool
    connector: IntercomConnector
    reported: float = 0.0
    begun: bool = False
    future: Future[None] | None = None

    @property
    def options(self) -> dict[str, Any]:
        return {"with_parts": True} if self.with_parts else {}

    @property
    def code(self) -> str:
        """The Python that does the same, and goes on where it was stopped."""
        written = "".join(f", {name}={value!r}" for name, value in self.options.items())
        lines = ["import intercom_nb as inb", ""]
        lines += [*Connection.of(self.connector).code(writes=False), ""]
        lines.append(f"ds = await c.extract({self.entity!r}, to={self.to!r}{written})")
        return "\n".join(lines)


class Extraction:
    """Extracts one entity at a time; the form stays free for questions meanwhile."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._work: _Work | None = None

    def tell(self) -> None:
        """Say to a page that is opened later what is under way."""
        if self._work is not None:
            self._say(self._work, "running")

    def start(self, content: Mapping[str, Any]) -> None:
        """Begin, or go on with what is in the folder."""
        connector = self._explorer.connector
        if self._work is not None or connector is None:
            return
        entity, to = str(content["entity"]), str(content.get("to") or "").strip()
        work = _Work(entity, to, content.get("with_parts") is True, connector)
        if not to:
            self._say(work, "error", text="A folder is needed: name one, such as acme/.")
            return
        self._work = work
        self._say(work, "running")
        work.future = portal.submit(self._run(work))

    def cancel(self, _: Mapping[str, Any]) -> None:
        """Stop; what is stopped says so itself, when it has let go of the folder."""
        work = self._work
        if work is not None and work.future is not None:
            work.future.cancel()
            portal.submit(self._end_what_never_began(work))

    async def _run(self, work: _Work) -> None:
        """Extract on the portal, and hand over to the forms' thread how it ended."""
        work.begun = True
        outcome: dict[str, Any] = {}
        try:
            dataset = await work.connector.extract(
                work.entity,
                work.to,
                progress=lambda progress: self._progress(work, progress),
                **work.options,
            )
            outcome = {"status": "done", "text": _tables(dataset, work.entity)}
        except asyncio.CancelledError:
            outcome = _CANCELLED
            raise
        except (IntercomError, OSError, ImportError) as error:
            outcome = {"status": "error", "text": str(error)}
        finally:
            self._explorer.later(self._ended, work, outcome)

    async def _end_what_never_began(self, work: _Work) -> None:
        # Submitted after the work: by now that has either taken its first step or never will.
        if not work.begun:
            self._explorer.later(self._ended, work, _CANCELLED)

    def _ended(self, work: _Work, outcome: Mapping[str, Any]) -> None:
        self._work = None
        self._say(work, **outcome)

    def _progress(self, work: _Work, progress: ExtractProgress) -> None:
        """Pass a report on from the portal's thread, not more often than eyes can follow."""
        now = time.monotonic()
        if now - work.reported >= _REPORT_SECONDS:
            work.reported = now
            self._say(work, "running", progress=describe_progress(progress))

    def _say(self, work: _Work, status: str, **more: Any) -> None:
        about: dict[str, Any] = {"entity": work.entity, "to": work.to, "code": work.code}
        self._explorer.tell("extraction", status=status, **about, **more)


def describe_progress(progress: ExtractProgress) -> dict[str, Any]:
    """Give the numbers of a report: rows, rows and requests per second, seconds to go.

    ``left`` is None until the number of rows is known.
    """
    speed = progress.rows / progress.seconds if progress.seconds > 0 else 0.0
    left = None
    if progress.total is not None and speed > 0:
        left = round(max(progress.total - progress.rows, 0) / speed)
    return {
        "stage": progress.stage,
        "rows": progress.rows,
        "total": progress.total,
        "rows_per_second": round(speed),
        "requests_per_second": round(progress.rate, 1),
        "allowed": progress.allowed,
        "left": left,
    }


def _tables(dataset: Dataset, entity: str) -> str:
    """Say how many rows there are of an entity and in the tables of what is inside it."""
    tables = dataset.describe().frame
    rows = dict(zip(tables["table"], tables["rows"], strict=True))
    first = [f"{entity}: {rows.pop(entity, 0):,} rows"]
    return "; ".join([*first, *(f"{table}: {count:,}" for table, count in rows.items())])
