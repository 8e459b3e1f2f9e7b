"""The folder of a dataset: foreign files in it, disks that refuse, file systems without locks."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import intercom_nb as inb
from intercom_nb.cli.main import main
from intercom_nb.dataset import open_dataset
from intercom_nb.dataset.compaction.parquet_file import ParquetPart
from intercom_nb.dataset.lock import BusyError
from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.errors import DatasetError, IntercomError, InvalidParameterError
from tests.dataset.harness import conversation, write_dataset
from tests.extract.harness import held

URLS = [
    "s3://bucket/acme",
    "gs://bucket/acme",
    "file:///tmp/acme",
    "abfs://c@a.dfs.core.windows.net/x",
    "HTTPS://host/x",
    Path("s3://bucket/acme"),
]
FOREIGN = [".DS_Store", "._state.json", ".ipynb_checkpoints/", ".~lock.state.json#"]


@pytest.mark.parametrize("url", URLS, ids=str)
def test_extract_sends_nothing_when_the_folder_is_a_url(bench, url: Any) -> None:
    b = bench(conversations=5)
    b.folder = url
    with pytest.raises(InvalidParameterError, match="is a URL"):
        b.extract()
    assert b.transport.requests == 0
    with pytest.raises(InvalidParameterError, match="is a URL"):
        open_dataset(url)


def test_extract_sends_nothing_when_the_path_has_a_null_character() -> None:
    with pytest.raises(InvalidParameterError, match="null character"):
        inb.connect("demo").sync.extract("teams", "acme\0")


def test_extract_all_sends_nothing_when_the_folder_is_a_url() -> None:
    c = inb.connect("demo")
    with pytest.raises(InvalidParameterError, match="is a URL"):
        c.sync.extract_all("s3://bucket/acme")


def test_extract_command_fails_when_the_folder_is_a_url(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["extract", "teams", "--to", "s3://bucket/acme", "--demo"]) != 0
    assert "is a URL" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def _put(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.mkdir(exist_ok=True) if name.endswith("/") else path.write_bytes(b"\x00\x05\x16\x07")


@pytest.mark.parametrize("name", FOREIGN)
def test_dataset_is_created_when_the_folder_has_only_hidden_files(
    tmp_path: Path, name: str
) -> None:
    _put(tmp_path / "d", name)
    ds = write_dataset(tmp_path / "d", [[conversation(1, {})]])
    assert ds.pandas("conversations")["id"].tolist() == ["1"]


@pytest.mark.parametrize("name", [*FOREIGN, "._00000002.json", "00000002.json.icloud"])
def test_dataset_is_read_and_written_when_foreign_files_are_in_its_folders(
    tmp_path: Path, name: str
) -> None:
    folder, home = tmp_path / "d", tmp_path / "d" / "_intercom_nb" / "conversations"
    write_dataset(folder, [[conversation(1, {})]])
    for place in (folder, home.parent, home, home / "journal", folder / "conversations"):
        _put(place, name)
    ds = write_dataset(folder, [[conversation(2, {})]])
    assert ds.pandas("conversations")["id"].tolist() == ["1", "2"]
    assert ds.sql("select count(*) as n from conversations")["n"].tolist() == [2]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS])
def test_writer_raises_when_the_file_system_has_no_locks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)
    writer = DatasetFolder(tmp_path / "d").writer()
    with pytest.raises(DatasetError, match="cannot be locked") as caught, writer:
        pass
    assert not isinstance(caught.value, BusyError)
    assert "local disk" in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("step", ["stage", "merge", "commit"])
def test_extract_resumes_when_the_disk_failed_in_a_step(
    bench, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    b = bench(conversations=40, contacts=0)
    owner, name = {
        "stage": (pa.ipc, "new_file"),
        "merge": (ParquetPart, "write"),
        "commit": (os, "fsync"),
    }[step]
    work, steps = getattr(owner, name), []

    def refusing(*args: Any, **options: Any) -> Any:
        steps.append(name)
        if len(steps) == 3:
            raise OSError(number, os.strerror(number))
        return work(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, refusing)
        with pytest.raises(DatasetError, match="resume") as caught:
            b.extract()
    assert str(b.folder) in str(caught.value)
    assert os.strerror(number) in str(caught.value)
    assert held(b.extract(), "conversations") == b.workspace.truth("conversations")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the right to write is not ours")
def test_extract_names_the_folder_when_it_is_read_only(bench) -> None:
    b = bench(conversations=5, contacts=0)
    b.folder.mkdir(mode=0o500)
    with pytest.raises(DatasetError, match="Permission denied"):
        b.extract()


def test_extract_raises_dataset_error_when_the_folder_is_removed_meanwhile(bench) -> None:
    b = bench(conversations=200, contacts=0)

    def remove(now: Any) -> None:
        if now.rows > 50:
            shutil.rmtree(b.folder, ignore_errors=True)

    with pytest.raises(DatasetError):
        b.extract(progress=remove)


def test_extract_raises_when_the_folder_is_a_file(bench) -> None:
    b = bench(conversations=5, contacts=0)
    b.folder.write_text("mine")
    with pytest.raises(IntercomError):
        b.extract()
    b.folder = b.folder / "below"
    with pytest.raises(IntercomError):
        b.extract()
