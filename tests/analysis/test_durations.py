from __future__ import annotations

import pytest

from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError, UnknownNameError

from .frames import HOUR, conversation, frame, seconds


def answered(created: str, wait: int, **values: object) -> dict[str, object]:
    at = seconds(created) + wait
    return conversation(
        created,
        statistics={"time_to_admin_reply": wait, "first_admin_reply_at": at},
        **values,
    )


def test_first_reply_equals_a_calculation_by_hand_when_split_by_team() -> None:
    df = frame(
        answered("2026-10-05 10:00", 100, team_assignee_id=1),
        answered("2026-10-05 11:00", 200, team_assignee_id=1),
        answered("2026-10-06 10:00", 400, team_assignee_id=1),
        answered("2026-10-06 11:00", 1_000, team_assignee_id=2),
        conversation("2026-10-07 10:00", team_assignee_id=1),  # nobody answered yet
        conversation("2026-10-07 11:00", team_assignee_id=1, statistics=None),  # no statistics
        answered(
            "2026-10-07 12:00", 5, source={"type": "email", "delivered_as": "admin_initiated"}
        ),
        conversation("2026-10-08 10:00"),  # no team, no answer
    )
    result = analysis.first_reply(df, by="team", names={"1": "Billing"})
    rows = result.set_index("team_id", drop=False)
    billing = rows.loc["1"]
    # Of 100, 200, 400: the middle one; a quarter and a tenth of the way down from the last.
    assert [billing["median"], billing["p75"], billing["p90"]] == [200.0, 300.0, 360.0]
    assert [billing[c] for c in ("conversations", "measured", "no_reply", "no_statistics")] == [
        5,
        3,
        1,
        1,
    ]
    assert result["team"].tolist() == ["Billing", "(none)", "2"]
    assert rows.loc["2", "median"] == 1_000.0
    assert result.metric.counts == {
        "conversations": 8,
        "measured": 4,
        "no_reply": 2,
        "no_statistics": 1,
        "not_started_by_customer": 1,
    }
    counted = result.metric.counts
    assert counted["conversations"] == sum(v for k, v in counted.items() if k != "conversations")


def test_first_reply_counts_working_time_when_office_hours_are_given() -> None:
    # Friday 16:00 to Monday 10:00 in Berlin, in summer and over the end of it.
    df = frame(
        answered("2026-09-18 14:00", 66 * HOUR),
        answered("2026-10-23 14:00", 67 * HOUR),
    )
    hours = analysis.OfficeHours({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
    result = analysis.first_reply(df, by="month", office_hours=hours)
    assert result["median"].tolist() == [2 * HOUR, 2 * HOUR]
    plain = analysis.first_reply(df, office_hours=analysis.OfficeHours.around_the_clock())
    assert plain["median"].item() == 66.5 * HOUR
    assert "office hours" in result.metric.finding


def test_first_reply_has_empty_weeks_of_the_zone_when_split_by_week() -> None:
    # Sunday evening in New York is Monday in UTC.
    df = frame(answered("2026-10-05 02:00", 60), answered("2026-10-20 12:00", 120))
    utc = analysis.first_reply(df, by="week")
    assert utc["week"].dt.strftime("%m-%d").tolist() == ["10-05", "10-12", "10-19"]
    assert utc["measured"].tolist() == [1, 0, 1]
    assert utc["median"].isna().tolist() == [False, True, False]
    new_york = analysis.first_reply(df, by="week", zone="America/New_York")
    assert new_york["week"].dt.strftime("%m-%d").tolist()[0] == "09-28"


def test_first_reply_excludes_the_end_when_a_period_is_given() -> None:
    df = frame(
        answered("2026-09-30 23:59:59", 1),
        answered("2026-10-01 00:00:00", 2),
        answered("2026-10-31 23:59:59", 4),
        answered("2026-11-01 00:00:00", 8),
    )
    assert analysis.first_reply(df, period="2026-10")["median"].item() == 3.0


def test_time_to_close_uses_the_last_close_when_requested() -> None:
    df = frame(
        conversation(
            "2026-10-05 10:00", statistics={"time_to_first_close": 60, "time_to_last_close": 600}
        ),
        conversation(
            "2026-10-05 11:00", statistics={"time_to_first_close": 120, "time_to_last_close": 120}
        ),
        conversation("2026-10-05 12:00"),
        conversation("2026-10-05 13:00", statistics=None),
    )
    first = analysis.time_to_close(df)
    assert first["median"].item() == 90.0
    assert analysis.time_to_close(df, close="last")["median"].item() == 360.0
    assert first.metric.counts == {
        "conversations": 4,
        "measured": 2,
        "not_closed": 1,
        "no_statistics": 1,
    }


def test_metric_returns_a_result_when_there_are_no_rows() -> None:
    result = analysis.first_reply(frame(), by="team")
    assert len(result) == 0
    assert result.metric.counts["conversations"] == 0
    assert "No conversation" in result.metric.finding
    assert len(analysis.first_reply(frame(), by="week")) == 0


def test_first_reply_raises_when_columns_dimensions_or_tables_are_wrong() -> None:
    df = frame(answered("2026-10-05 10:00", 1))
    with pytest.raises(UnknownNameError, match="time_to_admin_reply"):
        analysis.first_reply(df.drop(columns="statistics.time_to_admin_reply"))
    with pytest.raises(UnknownNameError, match="teem"):
        analysis.first_reply(df, by="teem")
    with pytest.raises(InvalidParameterError, match="not a table"):
        analysis.first_reply([1, 2])


def test_metric_attrs_are_json_and_have_the_definition() -> None:
    import json

    result = analysis.first_reply(frame(answered("2026-10-05 10:00", 1)), by="week")
    json.dumps(result.attrs)
    assert "statistics.time_to_admin_reply" in result.metric.definition
    with pytest.raises(AttributeError, match="not the result of a metric"):
        frame().metric  # noqa: B018
