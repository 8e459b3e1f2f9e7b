"""Masked copies of a dataset: numbers, texts that stay in part, and copies that fail."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

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
