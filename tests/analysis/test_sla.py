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


def test_every_conversation_has_one_status() -> None:
    row = analysis.sla(DF, first_reply="1h", as_of=NOW).iloc[0]
    statuses = ["met", "breach", "pending", "closed_unanswered", "no_statistics"]
    assert [row[s] for s in statuses] == [1, 2, 1, 1, 1]
    assert row["conversations"] == 6
    assert row["breach_share"] == pytest.approx(2 / 3)
    # Wilson, 2 of 3, z = 1.96: (0.6667 + 0.6402 -+ ...) / 2.2805
    assert [row["low"], row["high"]] == pytest.approx([0.2077, 0.9385], abs=1e-4)


def test_a_later_judge_turns_pending_into_breach() -> None:
    later = analysis.sla(DF, first_reply=dt.timedelta(hours=1), as_of="2026-10-06").iloc[0]
    assert [later["breach"], later["pending"]] == [3, 0]


def test_what_has_not_come_is_counted_in_office_hours_too() -> None:
    hours = analysis.OfficeHours({"mon-fri": "09:00-17:00"})
    row = analysis.sla(DF, first_reply="1h", as_of="2026-10-06 09:30", office_hours=hours).iloc[0]
    # From 16:59 to the next morning 09:30 are 31 working minutes, from 17:30 they are 30.
    assert [row["breach"], row["pending"]] == [1, 2]


def test_two_targets_are_two_sets_of_rows() -> None:
    result = analysis.sla(DF, first_reply="30min", close="2d", by="state", as_of=NOW)
    assert result.groupby("target")["conversations"].sum().to_dict() == {
        "close": 7,
        "first_reply": 6,
    }


def test_by_default_the_data_judges_itself() -> None:
    assert (
        analysis.sla(DF, first_reply="1h").attrs["metric"]["as_of"].startswith("2026-10-05T17:30")
    )


@pytest.mark.parametrize("wrong", ["soon", "1 fortnight", "-1h", "0h", 5])
def test_refuses_what_is_no_length_of_time(wrong: object) -> None:
    with pytest.raises(InvalidParameterError):
        analysis.sla(DF, first_reply=wrong)  # type: ignore[arg-type]


def test_needs_a_target() -> None:
    with pytest.raises(InvalidParameterError, match="target"):
        analysis.sla(DF)
