"""``c.extract(...)`` and ``c.extract_all(...)``: entities of a workspace into one folder."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import time
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from .. import catalog
from ..dataset.dataset import Dataset
from ..dataset.lock import BusyError
from ..dataset.store import DatasetFolder
from ..errors import NotFoundError, PermissionDeniedError
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from ..runtime.progress import progress_bars
from .extraction import Extraction
from .progress import Report, draw
from .source import Source, extractable
from .workspace import Workspace, workspace_of

_TRIES, _TRY_AGAIN_AFTER = 20, 0.1
_OF_SOURCE = {"where", "with_parts", "complete"}


class NotExtractedWarning(UserWarning):
    """An entity was left out, because the token or the plan does not allow to read it."""


async def extract(
    executor: Executor,
    entity: str,
    to: str | os.PathLike[str],
    *,
    workspace: Workspace | None = None,
    progress: bool | Report | None = None,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    **options: Any,
) -> Dataset:
    """Extract an entity into a folder; see ``IntercomConnector.extract`` for the options.

    ``workspace`` is which one it is, where that is known already.
    """
    folder = DatasetFolder(to)
    # What can't be is refused before anything is sent or written.
    folder.exists()
    Source(executor, entity, **{k: v for k, v in options.items() if k in _OF_SOURCE})
    with contextlib.ExitStack() as stack:
        if callable(progress):
            report = progress
        else:
            bars = stack.enter_context(progress_bars(progress, " rows", unit_scale=True))
            report = functools.partial(draw, bars)
        await _enter(stack, folder, sleep)
        timing: dict[str, Any] = {"clock": clock, "sleep": sleep, "report": report}
        work = Extraction(executor, folder, entity, **timing, **options)
        if workspace is None:
            first: list[Coroutine[Any, Any, Any]] = [workspace_of(executor), work.look()]
            workspace, _ = await run_parallel(first)
            folder.bind_workspace(workspace.id)
        else:
            folder.bind_workspace(workspace.id)
            await work.look()
        await work.run(workspace.zone)
    return Dataset(to)


async def _enter(
    stack: contextlib.ExitStack,
    folder: DatasetFolder,
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Become the writer of a folder; a run that was just interrupted has a moment to end."""
    for _ in range(_TRIES):
        try:
            stack.enter_context(folder.writer())
            return
        except BusyError:
            await sleep(_TRY_AGAIN_AFTER)
    stack.enter_context(folder.writer())


async def extract_all(
    executor: Executor,
    to: str | os.PathLike[str],
    *,
    with_parts: bool = False,
    complete: bool = False,
    since: Any = None,
    until: Any = None,
    **options: Any,
) -> Dataset:
    """Extract every entity that can be listed; what the token may not read is warned of.

    ``since`` and ``until`` choose contacts, conversations and tickets; of the lists that give these
    their names (teams, tags, companies, ...) all is kept.
    """
    workspace = await workspace_of(executor)
    for entity in extractable(executor):
        own: dict[str, Any] = {
            "with_parts": with_parts and entity == "conversations",
            "complete": complete and entity == "contacts",
        }
        if catalog.search_fields(entity) is not None:
            own |= {"since": since, "until": until}
        try:
            await extract(executor, entity, to, workspace=workspace, **own, **options)
        except (PermissionDeniedError, NotFoundError) as error:
            warnings.warn(f"Not extracted: {error}", NotExtractedWarning, stacklevel=2)
    return Dataset(to)
