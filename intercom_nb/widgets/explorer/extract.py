"""Extraction of a whole entity to a folder from the explorer: progress, stop, resume."""

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
from ..channel import REPORT_SECONDS, Channel
from ..connection import Connection

if TYPE_CHECKING:
    from ...dataset import Dataset
    from ...extract.progress import ExtractProgress

_CANCELLED: dict[str, Any] = {
    "status": "cancelled",
    "text": "Everything downloaded so far is kept. Download to the same folder to resume.",
}


@dataclasses.dataclass
class _ExtractJob:
    """An extraction in progress."""

    connector: IntercomConnector
    entity: str
    to: str
    with_parts: bool
    reported: float = 0.0
    has_started: bool = False
    future: Future[None] | None = None

    @property
    def options(self) -> dict[str, Any]:
        return {"with_parts": True} if self.with_parts else {}

    @property
    def code(self) -> str:
        """The Python that starts or resumes the same extraction."""
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        lines = ["import intercom_nb as inb", ""]
        lines += [*Connection.of(self.connector).code(writes=False), ""]
        lines.append(f"ds = await c.extract({self.entity!r}, to={self.to!r}{options})")
        return "\n".join(lines)


class ExtractionRunner:
    """Extracts one entity at a time; the form stays usable meanwhile."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._job: _ExtractJob | None = None

    def send(self) -> None:
        """Send a newly opened view the extraction in progress."""
        if self._job is not None:
            self._send(self._job, "running")

    def start(self, connector: IntercomConnector, content: Mapping[str, Any]) -> None:
        """Start an extraction, or resume the one in the folder."""
        if self._job is not None:
            return
        entity, to = str(content["entity"]), str(content.get("to") or "").strip()
        job = _ExtractJob(connector, entity, to, content.get("with_parts") is True)
        if not to:
            self._send(job, "error", text="Enter a folder, such as acme/.")
            return
        self._job = job
        self._send(job, "running")
        job.future = portal.submit(self._extract(job))

    def cancel(self) -> None:
        """Stop the extraction; it reports its end once it has released the folder."""
        job = self._job
        if job is not None and job.future is not None:
            job.future.cancel()
            portal.submit(self._finish_unstarted(job))

    async def _extract(self, job: _ExtractJob) -> None:
        """Extract on the portal; the forms' thread gets the outcome."""
        job.has_started = True
        outcome: dict[str, Any] = {}
        try:
            dataset = await job.connector.extract(
                job.entity,
                job.to,
                progress=lambda progress: self._report(job, progress),
                **job.options,
            )
            outcome = {"status": "done", "tables": table_sizes(dataset)}
        except asyncio.CancelledError:
            outcome = _CANCELLED
            raise
        except (IntercomError, OSError, ImportError) as error:
            outcome = {"status": "error", "text": str(error)}
        finally:
            self._channel.run_on_form_thread(self._finish, job, outcome)

    async def _finish_unstarted(self, job: _ExtractJob) -> None:
        # Submitted after the job: by now that has either taken its first step or never will.
        if not job.has_started:
            self._channel.run_on_form_thread(self._finish, job, _CANCELLED)

    def _finish(self, job: _ExtractJob, outcome: Mapping[str, Any]) -> None:
        self._job = None
        self._send(job, **outcome)

    def _report(self, job: _ExtractJob, progress: ExtractProgress) -> None:
        """Forward a progress report from the portal's thread, at most ten per second."""
        now = time.monotonic()
        if now - job.reported >= REPORT_SECONDS:
            job.reported = now
            self._send(job, "running", progress=describe_progress(progress))

    def _send(self, job: _ExtractJob, status: str, **more: Any) -> None:
        about: dict[str, Any] = {"entity": job.entity, "to": job.to, "code": job.code}
        self._channel.send("extraction", status=status, **about, **more)


def describe_progress(progress: ExtractProgress) -> dict[str, Any]:
    """Return the numbers of a report: rows, rows/s, requests/s, seconds left.

    ``left`` is None while the total number of rows is unknown.
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


def table_sizes(dataset: Dataset) -> list[list[Any]]:
    """Return [table, rows] for each table of a dataset."""
    tables = dataset.describe().frame
    return [[name, int(rows)] for name, rows in zip(tables["table"], tables["rows"], strict=True)]
