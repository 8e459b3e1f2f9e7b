"""Files that are not Parquet, and paths that are not paths: refused by a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

import intercom_nb as inb
from intercom_nb.errors import InvalidParameterError


@pytest.mark.parametrize("content", [b"", b"id\n5\n", b"<html>" * 1000], ids=range(3))
def test_read_parquet_names_the_file_when_it_is_not_parquet(tmp_path: Path, content: bytes):
    file = tmp_path / "bad.parquet"
    file.write_bytes(content)
    with pytest.raises(InvalidParameterError, match=r"bad\.parquet is not a readable Parquet file"):
        inb.read_parquet(file)


def test_read_parquet_refuses_a_path_when_it_is_a_number():
    with pytest.raises(InvalidParameterError, match="5 is not a readable Parquet file"):
        inb.read_parquet(5)


def test_read_parquet_names_the_file_when_it_is_missing(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"none\.parquet"):
        inb.read_parquet(tmp_path / "none.parquet")
