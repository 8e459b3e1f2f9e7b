"""Extractions from a test workspace, in virtual time, with everything on one thread."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

from intercom_nb.catalog.model import DEFAULT_VERSION
from intercom_nb.dataset import Dataset
from intercom_nb.executors.direct import DirectExecutor
from intercom_nb.extract.api import extract
from intercom_nb.secret import Secret
from intercom_nb.transport.client import BearerAuth
from intercom_nb.transport.client import Transport as Client
from tests.extract.workspace import NOW, Transport, Workspace
from tests.transport.virtual import VirtualLoop


@dataclasses.dataclass
class Bench:
    """A workspace and a folder; ``extract`` runs one extraction, as a process would."""

    workspace: Workspace
    folder: Path
    transport: Transport = dataclasses.field(init=False)
    time: float = NOW + 60.0
    version: str = DEFAULT_VERSION
    skew: float = 0.0  # of our clock, in seconds ahead of the workspace's

    def __post_init__(self) -> None:
        self.transport = Transport(self.workspace)

    def extract(self, entity: str = "conversations", **options: Any) -> Dataset:
        loop = VirtualLoop()
        began, skew = self.time, self.skew
        self.workspace.clock = lambda: began + loop.virtual.now

        def clock() -> float:
            return self.workspace.clock() + skew

        async def work() -> Dataset:
            client = Client(
                "http://127.0.0.1:9", BearerAuth(Secret("t")), http=self.transport, clock=clock
            )
            options.setdefault("progress", False)
            try:
                return await extract(
                    DirectExecutor(client, self.version),
                    entity,
                    self.folder,
                    clock=clock,
                    **options,
                )
            finally:
                await client.aclose()

        try:
            return loop.run_until_complete(work())
        finally:
            self.time = self.workspace.clock() + 30.0
            pending = asyncio.all_tasks(loop)
            for task in pending:
                task.cancel()
            if pending:
                loop.run_until_complete(asyncio.wait(pending))
            loop.close()


async def inline(threads: object, work: Any, *args: Any) -> Any:
    """Instead of on a thread, whose pace nobody can foresee."""
    return work(*args)


def held(ds: Dataset, entity: str) -> dict[str, tuple[Any, ...]]:
    """Give what a dataset holds, in the form of ``Workspace.truth``; every id once."""
    rows = ds.pandas(entity)
    assert rows["id"].is_unique
    plans, created = rows["custom_attributes.plan"], rows["created_at"].dt.as_unit("s")
    updated = rows["updated_at"].dt.as_unit("s")
    return {
        key: (int(c.timestamp()), int(u.timestamp()), plan, tuple(tags))
        for key, c, u, plan, tags in zip(
            rows["id"], created, updated, plans, rows["tags"], strict=True
        )
    }


def held_parts(ds: Dataset) -> set[tuple[str, str, str]]:
    rows = ds.pandas("conversation_parts", ["conversation_id", "id", "body"])
    found = list(rows.itertuples(index=False, name=None))
    assert len(found) == len(set(found))
    return set(found)
