"""Export jobs and other background jobs: start, poll, download, parse."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pandas as pd

from .. import catalog
from ..calls.operation_runner import OperationRunner
from ..errors import APIError, InvalidParameterError, JobFailedError
from ..frames import KEY, ResultInfo
from ..runtime.progress import Progress, ProgressCallback, show_progress
from .csv import unpack_csv

_DONE = frozenset({"completed", "complete", "success", "no_data"})
_PENDING = frozenset(
    {"pending", "in_progress", "queued", "scheduled", "started", "running", "processing"}
)
_EMPTY = "no_data"


async def run_content_export(  # noqa: D417 - the docstring of a public method, without the connector
    connector: OperationRunner,
    *,
    created_at_after: Any,
    created_at_before: Any,
    poll_seconds: float = 5.0,
    progress: ProgressCallback | bool | None = None,
) -> pd.DataFrame:
    """Export who received and opened outbound messages, as one DataFrame.

    Args:
        created_at_after: Earliest creation time of the messages.
        created_at_before: Latest creation time of the messages.
        poll_seconds: Seconds between two status requests.
        progress: Show a bar: None = only for long calls, True = always, False = never; or a
            function that is called with a Progress (requests so far).

    Returns:
        One DataFrame with a row per row of the export; times are UTC, ids are text.

    An interrupt ends the waiting and cancels the job. Raises JobFailedError if the job fails.
    Starts a job: requires allow_writes=True.
    """
    call = functools.partial(_call, connector, "content_data_exports")
    started = await call(
        "create", created_at_after=created_at_after, created_at_before=created_at_before
    )
    if connector.dry_run:
        return cast(pd.DataFrame, started)
    job = _value(started, "job_identifier")
    named = {"job_identifier": job}
    try:
        state = await _poll(lambda: call("get", id=job), job, poll_seconds, progress)
    except asyncio.CancelledError:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(asyncio.ensure_future(call("cancel", **named)))
        raise
    status = _value(state, "status")
    content = b"" if status == _EMPTY else await call("download", **named)
    return _result("content_data_exports", unpack_csv(content), job)


async def run_reporting_export(  # noqa: D417, PLR0913 - the docstring and keywords of a public method
    connector: OperationRunner,
    *,
    dataset_id: str,
    start_time: Any,
    end_time: Any,
    attribute_ids: Any = None,
    app_id: str | None = None,
    client_id: str | None = None,
    poll_seconds: float = 5.0,
    progress: ProgressCallback | bool | None = None,
) -> pd.DataFrame:
    """Export a dataset of the reports, as one DataFrame.

    Args:
        dataset_id: Id of the dataset, from list_datasets.
        start_time: Start of the period.
        end_time: End of the period.
        attribute_ids: Ids of the attributes to export (default: all).
        app_id: Id of the workspace (default: looked up).
        client_id: Id of the API client (default: the workspace's id).
        poll_seconds: Seconds between two status requests.
        progress: Show a bar: None = only for long calls, True = always, False = never; or a
            function that is called with a Progress (requests so far).

    Returns:
        One DataFrame with a row per row of the export; times are UTC, ids are text.

    An interrupt ends the waiting. Raises JobFailedError if the job fails.
    Starts a job: requires allow_writes=True.
    """
    call = functools.partial(_call, connector, "reporting_data_exports")
    if app_id is None:
        app_id = _value(await _call(connector, "admins", "identify"), "app.id_code")
    if attribute_ids is None:
        attribute_ids = await _all_attributes(await call("list_datasets"), dataset_id)
    started = await call(
        "create",
        dataset_id=dataset_id,
        attribute_ids=attribute_ids,
        start_time=start_time,
        end_time=end_time,
    )
    if connector.dry_run:
        return cast(pd.DataFrame, started)
    job = _value(started, "job_identifier")
    state = await _poll(
        lambda: call("get", id=job, app_id=app_id, client_id=client_id or app_id),
        job,
        poll_seconds,
        progress,
    )
    if _value(state, "status") == _EMPTY:
        return _result("reporting_data_exports", pd.DataFrame(), job)
    content = await call("download", job_identifier=job, app_id=app_id)
    return _result("reporting_data_exports", unpack_csv(content), job)


async def wait_for_job(  # noqa: D417 - the docstring of a public method, without the connector
    connector: OperationRunner,
    job_id: str,
    *,
    poll_seconds: float = 5.0,
    progress: ProgressCallback | bool | None = None,
) -> pd.DataFrame:
    """Wait for a background job to end and return its last state.

    Args:
        job_id: Id of the job, from tickets.enqueue_create.
        poll_seconds: Seconds between two status requests.
        progress: Show a bar: None = only for long calls, True = always, False = never; or a
            function that is called with a Progress (requests so far).

    Raises JobFailedError if the job fails.
    """
    return await _poll(
        lambda: _call(connector, "jobs", "get", id=job_id), job_id, poll_seconds, progress
    )


async def _poll(
    get: Callable[[], Awaitable[pd.DataFrame]],
    job: str,
    poll_seconds: float,
    progress: ProgressCallback | bool | None,
) -> pd.DataFrame:
    """Poll a job until it ends; raise JobFailedError unless it succeeds."""
    polls = 0
    # Not a Retrier: it repeats responses, not errors, and as long as the job runs.
    with show_progress(f"job {job}", progress) as report:
        while True:
            try:
                state = await get()
            except APIError as error:
                if error.code == "job_failed":
                    raise JobFailedError(f"Job {job} failed: {error}") from None
                raise
            polls += 1
            status = _value(state, "status")
            report(Progress(0, None, polls))
            if status in _DONE:
                return state
            if status not in _PENDING:
                raise JobFailedError(f"Job {job} ended with status {status!r}. Start it again.")
            await asyncio.sleep(poll_seconds)


async def _call(connector: OperationRunner, entity: str, action: str, **params: Any) -> Any:
    return await connector.run_operation(catalog.operation(entity, action), (), params)


async def _all_attributes(datasets: pd.DataFrame, dataset_id: str) -> list[str]:
    known = [str(name) for name in datasets["id"]]
    if dataset_id not in known:
        raise InvalidParameterError(
            f"Unknown dataset {dataset_id!r}. Valid datasets: {', '.join(known)}."
        )
    attributes = datasets["attributes"].iloc[known.index(dataset_id)]
    return [str(attribute) for attribute in attributes]


def _value(frame: pd.DataFrame, column: str) -> str:
    value = frame[column].iloc[0] if column in frame and len(frame) else None
    if not isinstance(value, str) or not value:
        raise JobFailedError(f"The response has no {column}, so the job cannot be followed.")
    return value


def _result(entity: str, frame: pd.DataFrame, job: str) -> pd.DataFrame:
    info = {"entity": entity, "action": "run", "job_identifier": job, "rows": len(frame)}
    frame.attrs[KEY] = ResultInfo(info, {})
    return frame
