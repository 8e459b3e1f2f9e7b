"""Text tables of results: what an analyst reads instead of seconds, fractions and timestamps."""

from __future__ import annotations

import pandas as pd
import pytest

from intercom_nb import analysis

from ..frames import conversation, frame


@pytest.fixture(scope="module")
def conversations() -> pd.DataFrame:
    """Two conversations of one team, replied to after 33 minutes and 2 days, and a third."""
    waits = [("2026-10-05 10:00", 1_980), ("2026-10-06 10:00", 172_800), ("2026-11-02 10:00", None)]
    return frame(
        *(
            conversation(
                created,
                team_assignee_id=7 if wait else None,
                statistics={"time_to_admin_reply": wait},
                conversation_rating={"rating": 5 if wait == 1_980 else 1} if wait else None,
            )
            for created, wait in waits
        )
    )


def test_text_table_shows_units_and_no_ids_when_names_are_known(
    conversations: pd.DataFrame,
) -> None:
    reply = analysis.first_reply(conversations, by="team", names={"team": {"7": "Billing"}})
    table = reply.metric.table.set_index("team")
    assert table.loc["Billing", "median"] == "1 d"
    assert table.loc["(none)", "median"] == "–"
    assert table.loc["Billing", "conversations"] == "2"
    assert "team_id" not in table


def test_text_table_shows_percentages_when_a_column_is_a_share(conversations: pd.DataFrame) -> None:
    assert analysis.csat(conversations).metric.table["share"].tolist() == ["50%"]


def test_text_table_shows_months_and_flags_as_words_when_split_by_month(
    conversations: pd.DataFrame,
) -> None:
    table = analysis.volume_trend(conversations, "month").metric.table
    assert table["month"].tolist() == ["Oct 2026", "Nov 2026"]
    assert set(table["complete"]) <= {"yes", "no"}


def test_text_table_shows_the_first_day_when_split_by_week(conversations: pd.DataFrame) -> None:
    table = analysis.volume_trend(conversations, "week").metric.table
    assert table["week"].iloc[0] == "5 Oct 2026"


def test_text_table_uses_the_unit_of_the_measure_when_rows_differ() -> None:
    rows = {"measure": ["conversations", "csat", "median_first_reply"], "before": [2.5, 0.4, 90.0]}
    changes = pd.DataFrame(rows)
    changes.attrs = {"metric": {"metric": "movers"}}
    assert changes.metric.table["before"].tolist() == ["2.50", "40%", "2 min"]


def test_text_table_keeps_ids_when_they_have_no_name() -> None:
    rows = {"conversation_id": ["9", "9"], "metric": ["first_reply", "reopens"], "ours": [90.0, 2]}
    compared = pd.DataFrame(rows)
    compared.attrs = {"metric": {"metric": "compare_with_intercom"}}
    table = compared.metric.table
    assert table["conversation_id"].tolist() == ["9", "9"]
    assert table["ours"].tolist() == ["2 min", "2"]
