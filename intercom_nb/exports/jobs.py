"""Exports and other work that the API does in the background: start, wait, download, unpack."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pandas as pd

from .. import catalog
from ..connector.composite import Ask, Extra
from ..errors import InvalidParameterError, JobFailedError
from ..frames.info import KEY, ResultInfo
from ..runtime.progress import Progress, ProgressCallback, show_progress
from .csv import unpack_csv

_DONE = frozenset({"completed", "complete", "success"})
_ENDED = frozenset({"failed", "canceled", "cancelled", "error"})
_EMPTY = "no_data"

_WAITING = """    poll_seconds: How long to wait between two looks at the job.
    progress: A function that is called with a Progress (requests so far), or True or False for a
        bar; None shows one where somebody looks.
"""
_RETURNS = """
Returns:
    One DataFrame with a row per row of the export; times are UTC, ids are text.

An interrupt ends the waiting{cancel}. Raises JobFailedError when the job fails.
This starts a job: it needs allow_writes=True."""
_CONTENT = f"""Export who received and opened outbound messages, as one DataFrame.

Args:
    created_at_after: Only messages created from then on.
    created_at_before: Only messages created until then.
{_WAITING}{_RETURNS.format(cancel=" and cancels the job")}"""
_REPORTING = f"""Export a dataset of the reports, as one DataFrame.

Args:
    dataset_id: Id of the dataset, as list_datasets names it.
    start_time: Start of the stretch of time.
    end_time: End of the stretch of time.
    attribute_ids: Ids of the attributes wanted; all of them where not given.
    app_id: Id of the workspace; looked up where not given.
    client_id: Id of the client that asks; the workspace's where not given.
{_WAITING}{_RETURNS.format(cancel="")}"""
_WAIT = f"""Wait for a background job to end, and give its last state.

Args:
    job_id: Id of the job, as tickets.enqueue_create answers it.
{_WAITING}
Raises JobFailedError when the job fails."""


def job_extras(entity: str) -> tuple[Extra, ...]:
    """Give the methods of an entity that wait for jobs."""
    known = {
        "content_data_exports": Extra("content_data_exports", "run", _CONTENT, _run_content),
        "reporting_data_exports": Extra("reporting_data_exports", "run", _REPORTING, _run_report),
        "jobs": Extra("jobs", "wait", _WAIT, _wait_for_job),
    }
    return (known[entity],) if entity in known else ()


async def _run_content(
    ask: Ask,
    *,
    created_at_after: Any,
    created_at_before: Any,
    poll_seconds: float = 5.0,
    progress: ProgressCallback | bool | None = None,
) -> pd.DataFrame:
    call = functools.partial(_call, ask, "content_data_exports")
    started = await call(
        "create", created_at_after=created_at_after, created_at_before=created_at_before
    )
    job = _value(started, "job_identifier")
    named = {"job_identifier": job}
    try:
        state = await _wait(lambda: call("get", id=job), job, poll_seconds, progress)
    except asyncio.CancelledError:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(asyncio.ensure_future(call("cancel", **named)))
        raise
    status = _value(state, "status")
    content = b"" if status == _EMPTY else await call("download", **named)
    return _result("content_data_exports", unpack_csv(content), job)


async def _run_report(
    ask: Ask,
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
    call = functools.partial(_call, ask, "reporting_data_exports")
    if app_id is None:
        app_id = _value(await _call(ask, "admins", "identify"), "app.id_code")
    if attribute_ids is None:
        attribute_ids = await _all_attributes(await call("list_datasets"), dataset_id)
    started = await call(
        "create",
        dataset_id=dataset_id,
        attribute_ids=attribute_ids,
        start_time=start_time,
        end_time=end_time,
    )
    job = _value(started, "job_identifier")
    state = await _wait(
        lambda: call("get", id=job, app_id=app_id, client_id=client_id or app_id),
        job,
        poll_seconds,
        progress,
    )
    if _value(state, "status") == _EMPTY:
        return _result("reporting_data_exports", pd.DataFrame(), job)
    content = await call("download", job_identifier=job, app_id=app_id)
    return _result("reporting_data_exports", unpack_csv(content), job)


async def _wait_for_job(
    ask: Ask,
    job_id: str,
    *,
    poll_seconds: float = 5.0,
    progress: ProgressCallback | bool | None = None,
) -> pd.DataFrame:
    return await _wait(lambda: _call(ask, "jobs", "get", id=job_id), job_id, poll_seconds, progress)


async def _wait(
    look: Callable[[], Awaitable[pd.DataFrame]],
    job: str,
    poll_seconds: float,
    progress: ProgressCallback | bool | None,
) -> pd.DataFrame:
    """Look at a job until it has ended; raises JobFailedError unless it has ended well."""
    looks = 0
    with show_progress(f"job {job}", progress) as report:
        while True:
            state = await look()
            looks += 1
            status = _value(state, "status")
            report(Progress(0, None, looks))
            if status in _DONE or status == _EMPTY:
                return state
            if status in _ENDED:
                raise JobFailedError(f"The job {job} ended as {status!r}; start it again.")
            await asyncio.sleep(poll_seconds)


async def _call(ask: Ask, entity: str, action: str, **params: Any) -> Any:
    return await ask(catalog.operation(entity, action), (), params)


async def _all_attributes(datasets: pd.DataFrame, dataset_id: str) -> list[str]:
    known = [str(name) for name in datasets["id"]]
    if dataset_id not in known:
        raise InvalidParameterError(
            f"There is no dataset {dataset_id!r}. There is: {', '.join(known)}."
        )
    attributes = datasets["attributes"].iloc[known.index(dataset_id)]
    return [str(attribute) for attribute in attributes]


def _value(frame: pd.DataFrame, column: str) -> str:
    value = frame[column].iloc[0] if column in frame and len(frame) else None
    if not isinstance(value, str) or not value:
        raise JobFailedError(f"The answer has no {column}, so the job cannot be followed.")
    return value


def _result(entity: str, frame: pd.DataFrame, job: str) -> pd.DataFrame:
    info: Mapping[str, Any] = {"entity": entity, "action": "run", "job_identifier": job}
    frame.attrs[KEY] = ResultInfo({**info, "rows": len(frame)}, {})
    return frame
