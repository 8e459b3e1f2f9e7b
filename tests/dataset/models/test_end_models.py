"""End models: every column documented, numbers by hand, missing tables named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intercom_nb.dataset.models.end_models import EndModels, model_views
from intercom_nb.dataset.models.model_sql import MODELS, SOURCES
from intercom_nb.dataset.sql import run_sql, write_sql
from intercom_nb.errors import UnknownNameError

pytest.importorskip("duckdb")


def at(minute: float) -> pd.Timestamp:
    """A time so many minutes after the conversation began."""
    return pd.Timestamp("2026-10-01 10:00", tz="UTC") + pd.Timedelta(minutes=minute)


def part(number: int, kind: str, author: str, key: str, minute: float, **more: Any) -> Any:
    return {
        "conversation_id": "1",
        "id": str(number),
        "part_type": kind,
        "author.type": author,
        "author.id": key,
        "created_at": at(minute),
        **more,
    }


PARTS = [
    part(9, "assignment", "bot", "b", 1, **{"assigned_to.type": "team", "assigned_to.id": "t1"}),
    part(11, "note", "admin", "a2", 2, body="internal"),
    part(12, "comment", "admin", "a1", 5.5, body="hello"),
    part(13, "comment", "user", "u1", 10, body="thanks"),
    part(14, "close", "bot", "b", 20),
    part(15, "open", "user", "u2", 30),
    part(
        16, "assignment", "admin", "a1", 31, **{"assigned_to.type": "team", "assigned_to.id": "t2"}
    ),
    part(17, "close", "admin", "a2", 40),
    # In one second: the larger id is the later one, also if it is longer.
    part(99, "close", "admin", "a3", 70),
    part(100, "close", "admin", "a1", 70),
]
ROWS: dict[str, list[dict[str, Any]]] = {
    "conversations": [
        {
            "id": "1",
            "created_at": at(0),
            "state": "closed",
            "admin_assignee_id": "a1",
            "team_assignee_id": "t2",
            "conversation_rating.rating": "4",
            "read": True,
        },
        # The rating is odd, and a column that the model reads is missing.
        {
            "id": "2",
            "created_at": at(0),
            "state": "open",
            "admin_assignee_id": "0",
            "conversation_rating.rating": "n/a",
        },
    ],
    "conversation_parts": PARTS,
    "conversation_tags": [
        {"conversation_id": "1", "id": id_, "name": name} for id_, name in (("8", "b"), ("7", "a"))
    ],
    "contacts": [{"id": "u1", "name": "Ada", "role": "user", "created_at": at(0)}],
    "contact_companies": [{"contact_id": "u1", "id": "c1"}, {"contact_id": "u1", "id": "c2"}],
    "companies": [{"id": "c1", "name": "Acme"}, {"id": "c2", "name": "Birch"}],
    "teams": [
        {"id": "t1", "name": "Billing", "admin_ids": ["a1"]},
        {"id": "t2", "name": "Sales", "admin_ids": ["a1", "a2"]},
    ],
    "admins": [{"id": "a1", "name": "Ben"}, {"id": "a3", "name": "Cy"}],
    "articles": [{"id": "5", "title": "Start", "parent_id": "k2", "parent_type": "collection"}],
    "help_center_collections": [
        {"id": "k1", "name": "Guides"},
        {"id": "k2", "name": "First steps", "parent_id": "k1"},
    ],
}  # fmt: skip


def models_of(folder: Path, rows: dict[str, list[dict[str, Any]]]) -> EndModels:
    """The models of tables that hold these rows."""
    files = {}
    for table, records in rows.items():
        files[table] = [folder / f"{table}.parquet"]
        pq.write_table(pa.Table.from_pandas(pd.DataFrame(records)), files[table][0])
    return EndModels(
        lambda: list(files),
        lambda query: run_sql(files, query, views=model_views(query)),
        lambda query, file: write_sql(files, query, file, model_views(query)),
    )


@pytest.fixture(scope="module")
def frames(models: EndModels) -> dict[str, pd.DataFrame]:
    """Every model, computed once."""
    return {name: models[name] for name in MODELS}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> EndModels:
    return models_of(tmp_path_factory.mktemp("models"), ROWS)


Frames = dict[str, pd.DataFrame]


@pytest.mark.slow  # about 0.3 s for each of seven models, for the tests below as well
@pytest.mark.parametrize("name", MODELS)
def test_end_model_has_exactly_the_documented_columns(frames: Frames, name: str) -> None:
    assert list(frames[name].columns) == list(MODELS[name].columns)
    assert all(text.endswith(".") for text in MODELS[name].columns.values())
    assert {*MODELS[name].required} <= {*SOURCES}


@pytest.mark.slow
def test_conversation_metrics_equal_a_calculation_by_hand_when_parts_are_there(
    frames: Frames,
) -> None:
    row = frames["intercom__conversation_metrics"].set_index("conversation_id").loc["1"]
    expected = {
        "conversation_assignee_type": "admin",
        "is_assignee_admin": True,
        "conversation_rating": 4,
        "all_conversation_tags": "a, b",
        "all_contact_company_names": "Acme, Birch",
        "all_conversation_admins": "a1, a2, a3",
        "all_conversation_contacts": "u1, u2",
        "first_contact_author_id": "u1",
        "last_contact_author_id": "u2",
        "first_team_name": "Billing",
        "last_team_name": "Sales",
        "first_close_at": at(20),
        "first_close_by_author_id": "b",
        "first_admin_close_at": at(40),
        "first_close_by_admin_id": "a2",
        "last_close_at": at(70),
        "last_close_by_admin_id": "a1",
        "count_total_parts": 10,
        "count_assignments": 2,
        "count_reopens": 1,
        "first_reopen_at": at(30),
        "first_contact_reply_at": at(10),
        # The note is no response; the times leave out no office hours.
        "first_admin_response_at": at(5.5),
        "time_to_first_response_minutes": 5.5,
        "time_to_first_assignment_minutes": 1.0,
        "time_to_first_close_minutes": 10.0,
        "time_to_admin_first_close_minutes": 30.0,
        "time_to_last_close_minutes": 60.0,
    }
    assert {name: row[name] for name in expected} == expected


@pytest.mark.slow
def test_conversation_metrics_count_zero_when_there_are_no_parts(frames: Frames) -> None:
    row = frames["intercom__conversation_metrics"].set_index("conversation_id").loc["2"]
    assert (row["count_total_parts"], row["count_reopens"]) == (0, 0)
    assert row["conversation_assignee_type"] == "unassigned"
    assert row[["first_close_at", "conversation_rating", "is_read"]].isna().all()


@pytest.mark.slow
def test_admin_and_company_metrics_equal_a_count_by_hand(
    frames: Frames,
) -> None:
    admins = frames["intercom__admin_metrics"]
    assert admins[["admin_name", "team_name"]].values.tolist()[:2] == [
        ["Ben", "Billing"],
        ["Ben", "Sales"],
    ]
    assert admins["total_conversations_closed"].tolist()[:2] == [1, 1]
    assert (
        admins.set_index("admin_id")
        .loc["a3", ["team_id", "average_conversation_parts"]]
        .isna()
        .all()
    )
    companies = frames["intercom__company_metrics"].set_index("company_name")
    assert companies.loc["Birch", "total_conversations_closed"] == 1
    assert companies.loc["Acme", "average_conversation_rating"] == 4.0
    assert companies.loc["Acme", "median_time_to_last_close_minutes"] == 60.0


@pytest.mark.slow
def test_article_enhanced_has_the_parent_when_its_collection_is_nested(frames: Frames) -> None:
    row = frames["intercom__article_enhanced"].iloc[0]
    assert (row["collection_name"], row["parent_collection_name"]) == ("First steps", "Guides")
    assert bool(row["is_in_nested_section"])
    assert not row["is_published"]


def test_end_models_name_the_entity_to_extract_when_a_table_is_missing(tmp_path: Path) -> None:
    models = models_of(tmp_path, {"conversations": ROWS["conversations"]})
    assert list(models) == ["intercom__conversation_enhanced"]
    assert models["intercom__conversation_enhanced"]["first_close_at"].isna().all()
    with pytest.raises(UnknownNameError, match=r"extract conversations with with_parts=True\."):
        models["intercom__conversation_metrics"]
    with pytest.raises(UnknownNameError, match="intercom__conversation_metrics"):
        models["intercom__conversation_metric"]
    assert any("columns from conversation_parts" in note for note in models.notes)
    assert "intercom__contact_enhanced is missing: extract contacts." in models.notes


@pytest.mark.slow
def test_to_parquet_replaces_the_files_when_it_is_repeated(
    models: EndModels, tmp_path: Path
) -> None:
    for _ in range(2):  # a second run replaces the files
        paths = models.to_parquet(tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(p.name for p in paths)
    table = pq.read_table(tmp_path / "out" / "intercom__conversation_metrics.parquet")
    assert table.num_rows == 2
    assert table.column_names == list(MODELS["intercom__conversation_metrics"].columns)
    assert len(models.columns) == sum(len(MODELS[name].columns) for name in models)
