"""A dataset's folder from somebody else: nothing of it becomes SQL or reaches beyond the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intercom_nb.dataset import Dataset
from intercom_nb.dataset.state import Commit
from intercom_nb.dataset.store import DatasetFolder, EntityStore
from intercom_nb.errors import DatasetError, InvalidParameterError

OUTSIDE = [
    "../keep-me.parquet",
    "../../keep-me.parquet",
    "tags/../../keep-me.parquet",
    "/tmp/keep-me.parquet",
    "//server/share/keep-me.parquet",
    "C:/keep-me.parquet",
    "C:keep-me.parquet",
    "..\\keep-me.parquet",
    "tags\\..\\..\\keep-me.parquet",
    "\\\\server\\share\\keep-me.parquet",
    "~/keep-me.parquet",
    "file:///keep-me.parquet",
    "s3://bucket/keep-me.parquet",
    "tags/./../../keep-me.parquet",
    "tags/*.parquet",
    "tags/keep-me.parquet\n",
    "tags/\x00.parquet",
    "tags/keep-me.txt",
    "_intercom_nb/dataset.json",
    "_intercom_nb/lock",
    "",
    ".",
]
TABLES = [
    'tags" as select 1 as a; create view "not_ours',
    "tags'; --",
    'a"b',
    "a;b",
    "a b",
    "a/b",
    "../a",
    "<b>",
    "a\n",
    "",
]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a dataset of one table, beside files that are not its own."""
    folder = tmp_path / "acme"
    (folder / "_intercom_nb" / "tags" / "journal").mkdir(parents=True)
    marker = {"format": "intercom_nb dataset", "version": 1}
    (folder / "_intercom_nb" / "dataset.json").write_text(json.dumps(marker))
    (folder / "tags").mkdir()
    pq.write_table(pa.table({"id": ["1", "2"]}), folder / "tags" / "000003-1.parquet")
    pq.write_table(pa.table({"id": ["secret"]}), tmp_path / "keep-me.parquet")
    _state(folder)
    return folder


def _state(folder: Path, table: str = "tags", path: str = "tags/000003-1.parquet") -> None:
    state = {"files": [{"table": table, "path": path, "rows": 2}], "sequence": 3}
    (folder / "_intercom_nb" / "tags" / "state.json").write_text(json.dumps(state))


def _journal(folder: Path, **entry: Any) -> None:
    path = folder / "_intercom_nb" / "tags" / "journal" / "00000004.json"
    path.write_text(json.dumps({"sequence": 4, **entry}))


def _write(folder: Path) -> None:
    with DatasetFolder(folder).writer():
        pass


def _link(at: Path, to: Path, is_folder: bool = False) -> None:
    try:
        at.symlink_to(to, target_is_directory=is_folder)
    except OSError:  # Windows, without the right to make links
        pytest.skip("no links here")


def test_sql_returns_rows_when_the_folder_is_intact(home: Path) -> None:
    assert Dataset(home).sql("select count(*) as n from tags")["n"].tolist() == [2]
    _write(home)


@pytest.mark.parametrize("table", TABLES)
def test_dataset_raises_when_a_table_name_is_not_valid(home: Path, table: str) -> None:
    _state(home, table=table)
    with pytest.raises(DatasetError, match=r"state\.json.*not a valid table name"):
        Dataset(home).sql("select 1")
    _journal(home, put=None, state={"files": [{"table": table, "path": "a/b.parquet", "rows": 1}]})
    _state(home)
    with pytest.raises(DatasetError, match=r"00000004\.json.*not a valid table name"):
        Dataset(home).sql("select 1")


@pytest.mark.parametrize("path", OUTSIDE)
def test_dataset_raises_when_a_path_of_its_state_is_not_a_data_file(home: Path, path: str) -> None:
    _state(home, path=path)
    for use in (lambda d: d.sql("select 1"), lambda d: d.pandas("tags"), lambda d: d.describe()):
        with pytest.raises(DatasetError, match=r"state\.json.*not a valid path of a data file"):
            use(Dataset(home))


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize("change", ["removes", "from", "to"])
def test_writer_changes_nothing_when_a_path_of_the_journal_is_not_a_data_file(
    home: Path, path: str, change: str
) -> None:
    inside = "tags/000003-1.parquet"
    _journal(
        home,
        removes=[inside, path] if change == "removes" else [],
        moves={"from": [[path, "tags/new.parquet"]], "to": [[inside, path]]}.get(change, []),
    )
    before = _files(home.parent)
    with pytest.raises(DatasetError, match=r"00000004\.json.*not a valid path of a data file"):
        _write(home)
    assert {k: v for k, v in _files(home.parent).items() if k.name != "lock"} == before


def _files(root: Path) -> dict[Path, bytes]:
    return {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize("suffix", ["../../../x", "aa", "g", "a\n", "/"])
def test_dataset_raises_when_an_interval_names_another_folder(home: Path, suffix: str) -> None:
    span = {"start": 0, "end": 1, "suffix": suffix}
    _journal(home, state={"roots": [{"span": span, "counted": 1}]})
    with pytest.raises(DatasetError, match=r"00000004\.json.*suffix"):
        DatasetFolder(home).state("tags")


@pytest.mark.parametrize(
    "at",
    [
        "tags/000003-1.parquet",
        "_intercom_nb/tags/state.json",
        "_intercom_nb/tags/state.tmp",
        "_intercom_nb/dataset.tmp",
        "_intercom_nb/lock",
    ],
)
def test_dataset_raises_when_a_file_is_a_link(home: Path, at: str) -> None:
    target = home.parent / "keep-me.parquet"
    (home / at).unlink(missing_ok=True)
    _link(home / at, target)
    before = target.read_bytes()
    for use in (lambda: Dataset(home).pandas("tags"), lambda: _write(home)):
        if at.startswith("tags/"):
            _journal(home, removes=[at])
        with pytest.raises(DatasetError, match="is a link"):
            use()
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    "at",
    ["tags", "_intercom_nb", "_intercom_nb/tags"]
    + [f"_intercom_nb/tags/{name}" for name in ("journal", "staged", "slices")],
)
def test_writer_changes_nothing_when_a_folder_is_a_link(home: Path, at: str) -> None:
    moved = home.parent / "elsewhere"
    (home / at).rename(moved) if (home / at).exists() else moved.mkdir()
    for name in ("000003-1.parquet", "00000004.tmp", "note.json"):
        if not (moved / name).exists():
            (moved / name).write_text("{}")
    _link(home / at, moved, is_folder=True)
    if at == "tags":
        _journal(home, removes=["tags/000003-1.parquet"])
    before = _files(moved)
    with pytest.raises(DatasetError, match="is a link"):
        _write(home)
    assert {k: v for k, v in _files(moved).items() if k.name != "lock"} == before


def test_commit_moves_nothing_when_its_target_is_behind_a_link(home: Path) -> None:
    folder, elsewhere = DatasetFolder(home), home.parent / "elsewhere"
    elsewhere.mkdir()
    store = EntityStore(folder, "tags")
    (home / "_intercom_nb" / "tags" / "slices").mkdir()
    _link(home / "_intercom_nb" / "tags" / "slices" / "00000004", elsewhere, is_folder=True)
    staged = store.stage("one") / "tags-1.arrow"
    staged.write_bytes(b"x")
    move = (folder.relative(staged), f"{store.slice_path(4)}/tags-1.arrow")
    with pytest.raises(DatasetError, match="is a link"):
        store.commit(Commit(sequence=4, moves=[move]))
    assert not list(elsewhere.iterdir())


def test_dataset_opens_when_its_own_folder_is_a_link(home: Path) -> None:
    _link(home.parent / "link", home, is_folder=True)
    assert len(Dataset(home.parent / "link").sql("select * from tags")) == 2
    _write(home.parent / "link")


def test_store_does_not_follow_the_link_when_a_temporary_file_is_one(home: Path) -> None:
    target = home.parent / "keep-me.parquet"
    before = target.read_bytes()
    store = EntityStore(DatasetFolder(home), "tags")
    _link(home / "_intercom_nb" / "tags" / "journal" / "00000004.tmp", target)
    store.update(finished_at=1.0)
    assert target.read_bytes() == before


def test_sql_numbers_tables_when_they_differ_by_case_only(home: Path) -> None:
    files = [{"table": t, "path": "tags/000003-1.parquet", "rows": 2} for t in ("tags", "Tags")]
    state = {"files": files, "sequence": 3}
    (home / "_intercom_nb" / "tags" / "state.json").write_text(json.dumps(state))
    with pytest.raises(InvalidParameterError, match=r"Tables: tags_1, Tags_2"):
        Dataset(home).sql("select * from tags")
    assert len(Dataset(home).sql("select * from Tags_2")) == 2
    assert len(Dataset(home).pandas("Tags")) == 2


def test_sql_raises_dataset_error_when_a_file_is_damaged(home: Path) -> None:
    (home / "tags" / "000003-1.parquet").write_bytes(b"PAR1")
    with pytest.raises(DatasetError, match=r"000003-1\.parquet is damaged"):
        Dataset(home).sql("select * from tags")
