"""``c.extract(...)`` and ``c.extract_all(...)``: entities of a workspace into one folder."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
import warnings
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from .. import catalog
from ..errors import NotFoundError, PermissionDeniedError
from ..executors import Executor
from .dataset import Dataset
from .folder import Folder
from .progress import Report, bar
from .run import Extraction, identify
from .source import extractable


class NotExtractedWarning(UserWarning):
    """An entity was left out, because the token or the plan does not allow to read it."""


async def extract(
    executor: Executor,
    entities: Sequence[str],
    to: str | os.PathLike[str],
    *,
    progress: bool | Report = True,
    skip_refused: bool = False,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    **options: Any,
) -> Dataset:
    """Extract entities into a folder; see ``IntercomConnector.extract`` for the options."""
    folder = Folder(to)
    folder.exists()  # refuse a foreign folder before anything is sent
    workspace, zone = await identify(executor)
    with contextlib.ExitStack() as stack:
        report: Report | None = None
        if progress is True:
            report = stack.enter_context(bar())
        elif progress is not False:
            report = progress
        stack.enter_context(folder.writer(workspace))
        timing: dict[str, Any] = {"clock": clock, "sleep": sleep, "zone": zone, "report": report}
        for entity in entities:
            work = Extraction(executor, folder, entity, **timing, **options)
            try:
                await work.run()
            except (PermissionDeniedError, NotFoundError) as error:
                if not skip_refused:
                    raise
                warnings.warn(f"Not extracted: {error}", NotExtractedWarning, stacklevel=2)
    return Dataset(to)


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
    for entity in extractable(executor):
        own: dict[str, Any] = {
            "with_parts": with_parts and entity == "conversations",
            "complete": complete and entity == "contacts",
        }
        if catalog.search_fields(entity) is not None:
            own |= {"since": since, "until": until}
        await extract(executor, [entity], to, skip_refused=True, **own, **options)
    return Dataset(to)
