"""Masked copies of a dataset: numbers, texts that stay in part, and copies that fail."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from intercom_nb.errors import IntercomError
from tests.dataset.harness import conversation, write_dataset


def test_mask_drops_numbers_when_the_column_is_of_phones(tmp_path: Path) -> None:
    ds = write_dataset(
        tmp_path / "ds", [[conversation(k, {"phone": 4912345678, "seats": 5}) for k in (1, 2)]]
    )
    left = ds.mask(tmp_path / "copy", "key")
    copy = pq.read_table(tmp_path / "copy" / "conversations.parquet")
    assert copy.schema.equals(ds.arrow("conversations").schema.remove_metadata())
    assert copy["custom_attributes.phone"].to_pylist() == [None, None]
    assert copy["custom_attributes.seats"].to_pylist() == [5, 5]
    assert "custom_attributes.phone" not in left["column"].tolist()


def test_mask_lists_a_column_when_only_some_of_its_texts_changed(tmp_path: Path) -> None:
    notes = ["Anna Smith, diabetic", "a@b.example"]
    ds = write_dataset(
        tmp_path / "ds", [[conversation(k, {"note": note}) for k, note in enumerate(notes)]]
    )
    left = ds.mask(tmp_path / "copy", "key")
    assert "custom_attributes.note" in left["column"].tolist()


@pytest.mark.parametrize("is_new", [True, False])
def test_mask_leaves_the_folder_as_it_was_when_a_table_is_damaged(
    tmp_path: Path, is_new: bool
) -> None:
    tags = {"tags": {"tags": [{"type": "tag", "id": "t", "name": "billing"}]}}
    ds = write_dataset(tmp_path / "ds", [[{**conversation(1, {}), **tags}]])
    copy = tmp_path / "copy"
    if not is_new:
        ds.mask(copy, "an older key")
        (copy / "notes.txt").write_text("mine")
    before = {file.name: file.read_bytes() for file in copy.iterdir()} if not is_new else None
    assert ds.tables == ["conversation_tags", "conversations"]
    [damaged] = (tmp_path / "ds" / "conversations").rglob("*.parquet")
    damaged.write_bytes(b"PAR1 nothing")
    with pytest.raises(IntercomError, match=damaged.name):
        ds.mask(copy, "key")
    after = {file.name: file.read_bytes() for file in copy.iterdir()} if copy.exists() else None
    assert after == before


def test_mask_keeps_other_files_when_the_folder_exists(tmp_path: Path) -> None:
    ds = write_dataset(tmp_path / "ds", [[conversation(1, {})]])
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "notes.txt").write_text("mine")
    ds.mask(tmp_path / "copy", "key")
    names = {file.name for file in (tmp_path / "copy").iterdir()}
    assert names == {"notes.txt", *(f"{table}.parquet" for table in ds.tables)}
