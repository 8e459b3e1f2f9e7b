"""Small datasets, written without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from intercom_nb.dataset import Dataset
from intercom_nb.dataset.compaction.compact import compact
from intercom_nb.dataset.state import Interval, Slice
from intercom_nb.dataset.store import DatasetFolder, EntityStore
from intercom_nb.extract.slices.writer import SliceWriter, StagedSlice


def write_dataset(folder: Path, batches: Sequence[list[dict[str, Any]] | None]) -> Dataset:
    """Write batches of conversations as slices; None compacts what is there so far."""
    dataset_folder = DatasetFolder(folder)
    with dataset_folder.writer():
        dataset_folder.bind_workspace("w")
        store = EntityStore(dataset_folder, "conversations")
        writer = SliceWriter(store, "conversation")

        async def write(records: list[dict[str, Any]]) -> None:
            interval = Interval(records[0]["created_at"], records[-1]["created_at"] + 1)
            staged = StagedSlice(interval)
            await writer.write(staged, [msgspec.Raw(msgspec.json.encode(r)) for r in records])
            count = len(records)
            found = Slice(
                interval=interval,
                counted=count,
                arrived=count,
                kept=count,
                read_at=0.0,
                status="complete",
                is_pending=True,
            )
            await writer.commit(staged, found)

        for records in [*batches, None]:
            if records is None:
                store.commit(compact(store, "conversation", by_month=True))
            else:
                asyncio.run(write(records))
        writer.close()
    return Dataset(folder)


def conversation(key: int, attributes: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(key), "created_at": key, "custom_attributes": attributes}
