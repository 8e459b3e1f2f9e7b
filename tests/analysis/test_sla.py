from __future__ import annotations

import datetime as dt

import pytest

from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError

from .frames import HOUR, conversation, frame, seconds

NOW = "2026-10-05 18:00"


def replied(created: str, wait: int) -> dict[str, object]:
    at = seconds(created) + wait
    return conversation(
        created, statistics={"time_to_admin_reply": wait, "first_admin_reply_at": at}
    )


DF = frame(
    replied("2026-10-05 09:00", HOUR),  # exactly at the target: met
    replied("2026-10-05 09:00", HOUR + 1),  # a second late
    conversation("2026-10-05 16:59"),  # no reply, and the target has passed
    conversation("2026-10-05 17:30"),  # no reply, and still half an hour to go
    conversation("2026-10-05 10:00", state="closed"),  # closed without a reply
    conversation("2026-10-05 10:00", statistics=None),
    conversation("2026-10-05 10:00", source={"type": "email", "delivered_as": "admin_initiated"}),
)


def test_sla_counts_each_conversation_in_one_status() -> None:
    row = analysis.sla(DF, first_reply="1h", as_of=NOW).iloc[0]
    statuses = ["met", "breach", "pending", "closed_unanswered", "no_statistics"]
    assert [row[s] for s in statuses] == [1, 2, 1, 1, 1]
    assert row["conversations"] == 6
    assert row["breach_share"] == pytest.approx(2 / 3)
    # Wilson, 2 of 3, z = 1.96: (0.6667 + 0.6402 -+ ...) / 2.2805
    assert [row["low"], row["high"]] == pytest.approx([0.2077, 0.9385], abs=1e-4)


def test_sla_counts_pending_as_breach_when_as_of_is_later() -> None:
    later = analysis.sla(DF, first_reply=dt.timedelta(hours=1), as_of="2026-10-06").iloc[0]
    assert [later["breach"], later["pending"]] == [3, 0]


def test_sla_counts_working_time_when_office_hours_are_given() -> None:
    hours = analysis.OfficeHours({"mon-fri": "09:00-17:00"})
    row = analysis.sla(DF, first_reply="1h", as_of="2026-10-06 09:30", office_hours=hours).iloc[0]
    # From 16:59 to the next morning 09:30 are 31 working minutes, from 17:30 they are 30.
    assert [row["breach"], row["pending"]] == [1, 2]


def test_sla_returns_rows_per_target_when_there_are_two() -> None:
    result = analysis.sla(DF, first_reply="30min", close="2d", by="state", as_of=NOW)
    assert result.groupby("target")["conversations"].sum().to_dict() == {
        "close": 7,
        "first_reply": 6,
    }


def test_sla_uses_the_newest_time_of_the_data_when_as_of_is_not_given() -> None:
    assert (
        analysis.sla(DF, first_reply="1h").attrs["metric"]["as_of"].startswith("2026-10-05T17:30")
    )


@pytest.mark.parametrize("wrong", ["soon", "1 fortnight", "-1h", "0h", 5])
def test_sla_raises_when_a_target_is_not_a_duration(wrong: object) -> None:
    with pytest.raises(InvalidParameterError):
        analysis.sla(DF, first_reply=wrong)  # type: ignore[arg-type]


def test_sla_raises_when_there_is_no_target() -> None:
    with pytest.raises(InvalidParameterError, match="target"):
        analysis.sla(DF)


def test_sla_judges_at_the_end_of_the_data_when_a_period_is_given() -> None:
    df = frame(conversation("2026-09-30 23:50"), conversation("2026-10-20"))
    row = analysis.sla(df, first_reply="1h", period="2026-09").iloc[0]
    # Without a reply for weeks, as by="month" counts it too.
    assert [row["breach"], row["pending"]] == [1, 0]
