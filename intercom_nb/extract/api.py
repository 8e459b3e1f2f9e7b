"""Extraction of entities into one folder: ``c.extract(...)`` and ``c.extract_all(...)``."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import time
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Any

from .. import catalog
from ..catalog.coerce import is_bool
from ..dataset.dataset import Dataset
from ..dataset.lock import BusyError
from ..dataset.store import DatasetFolder
from ..errors import DatasetError, InvalidParameterError, NotFoundError, PermissionDeniedError
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from ..runtime.progress_bars import progress_bars
from .extraction import Extraction
from .fetcher import GONE
from .progress import ExtractCallback, draw
from .request import ExtractRequest
from .source import extractable
from .workspace import WorkspaceInfo, request_workspace

# An interrupted run may need a moment to release its folder: 2 s in all.
_LOCK_ATTEMPTS, _LOCK_WAIT = 20, 0.1


class NotExtractedWarning(UserWarning):
    """An entity or a record was left out, because it could not be read."""


async def extract(  # noqa: PLR0913 - tests pass their own clock and sleep
    executor: Executor,
    entity: str,
    to: str | os.PathLike[str],
    *,
    workspace: WorkspaceInfo | None = None,
    latest: float | None = None,
    progress: bool | ExtractCallback | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    **options: Any,
) -> Dataset:
    """Extract an entity into a folder; see ``IntercomConnector.extract`` for the options.

    ``workspace`` is its identity, if it is known already. A ``since`` after ``latest`` (Unix
    seconds, default: now) is refused.
    """
    # Refuse impossible options before anything is sent or written.
    _check_progress(progress)
    latest = clock() if latest is None else latest
    folder, request = DatasetFolder(to), ExtractRequest.checked(entity, options, latest)
    with _disk_errors_named(folder):
        folder.exists()
    request.source(executor)
    request.options()
    with _disk_errors_named(folder), contextlib.ExitStack() as stack:
        if callable(progress):
            report = progress
        else:
            bars = stack.enter_context(progress_bars(progress, " rows", unit_scale=True))
            report = functools.partial(draw, bars)
        await _become_writer(stack, folder, sleep)
        extraction = Extraction(executor, folder, request, report=report, clock=clock, sleep=sleep)
        if workspace is None:
            work: list[Coroutine[Any, Any, Any]] = [
                request_workspace(executor),
                extraction.prepare(),
            ]
            workspace, _ = await run_parallel(work)
            folder.bind_workspace(*workspace)
        else:
            folder.bind_workspace(*workspace)
            await extraction.prepare()
        await extraction.run(workspace.time_zone)
        _warn_of_problems(folder.state(entity).all_problems(), entity)
    return Dataset(to)


def _check_progress(progress: Any) -> None:
    if not (progress is None or is_bool(progress) or callable(progress)):
        raise InvalidParameterError(
            f"progress must be True, False, None or a function, not {progress!r}."
        )


def _warn_of_problems(problems: Mapping[str, str], entity: str) -> None:
    lasting = {key: problem for key, problem in problems.items() if problem != GONE}
    if lasting:
        first = min(lasting)
        warnings.warn(
            f"{entity}: {len(lasting)} records could not be fetched, for example {first} "
            f"({lasting[first]}). See ds.problems. The next run requests them again.",
            NotExtractedWarning,
            stacklevel=3,
        )


@contextlib.contextmanager
def _disk_errors_named(folder: DatasetFolder) -> Iterator[None]:
    """Raise DatasetError for what a disk refuses: full, read-only, removed meanwhile."""
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"Extraction to {folder.path} stopped: {error}. Completed slices are kept. Check free "
            "space and permissions, then run extract() with the same folder to resume."
        ) from error


async def _become_writer(
    stack: contextlib.ExitStack,
    folder: DatasetFolder,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    # Not a Retrier: the lock is another process's, which gives no sign, so waits stay the same.
    for _ in range(_LOCK_ATTEMPTS):
        try:
            stack.enter_context(folder.writer())
            return
        except BusyError:
            await sleep(_LOCK_WAIT)
    stack.enter_context(folder.writer())


def _has_truncated_lists(entity: str) -> bool:
    reads = {"list", "search"}.intersection(catalog.actions(entity))
    return any(catalog.truncated_lists(catalog.operation(entity, action)) for action in reads)


async def extract_all(
    executor: Executor,
    to: str | os.PathLike[str],
    *,
    latest: float,
    progress: bool | ExtractCallback | None = None,
    **options: Any,
) -> Dataset:
    """Extract every entity that can be listed; warn of what the token cannot read.

    ``since`` and ``until`` select contacts, conversations and tickets. Of the lists that give
    these their names (teams, tags, companies, ...) everything is extracted. A ``since`` after
    ``latest`` (Unix seconds) is refused.
    """
    _check_progress(progress)
    folder, request = DatasetFolder(to), ExtractRequest.checked("all", options, latest)
    if request.where:
        raise InvalidParameterError("where selects records of one entity: use it with extract().")
    with _disk_errors_named(folder):
        folder.exists()
    workspace = await request_workspace(executor)
    for entity in extractable(executor):
        own: dict[str, Any] = {
            "with_parts": request.with_parts and catalog.entities()[entity].detail is not None,
            "complete": request.complete and _has_truncated_lists(entity),
            "concurrency": request.concurrency,
            "latest": latest,
            "progress": progress,
        }
        if catalog.search_fields(entity) is not None:
            own |= {"since": request.since, "until": request.until}
        try:
            await extract(executor, entity, to, workspace=workspace, **own)
        except (PermissionDeniedError, NotFoundError) as error:
            warnings.warn(f"Not extracted: {error}", NotExtractedWarning, stacklevel=2)
    return Dataset(to)
