"""The sentences of a report, recomputed from raw records by plain Python."""

from __future__ import annotations

import datetime as dt
import random
import statistics
from typing import Any

import pytest

import intercom_nb as inb
from tests.analysis.frames import conversation, frame, seconds

pytestmark = pytest.mark.slow


def records(seed: int) -> list[dict[str, Any]]:
    """Two months of conversations: some unanswered, rated, closed, or taken by the AI agent."""
    dice = random.Random(seed)
    made = []
    for _ in range(260):
        day = dt.date(2026, 9, 1) + dt.timedelta(days=dice.randrange(61))
        created = f"{day} {dice.randrange(24):02}:{dice.randrange(60):02}"
        wait = dice.randrange(60, 90_000) if dice.random() < 0.7 else None
        closed = dice.random() < 0.6
        numbers: dict[str, Any] = {"first_contact_reply_at": seconds(created)}
        if wait:
            numbers |= {
                "time_to_admin_reply": wait,
                "first_admin_reply_at": seconds(created) + wait,
            }
        if closed:
            numbers["last_close_at"] = seconds(created) + dice.randrange(3_600, 900_000)
        agent = dice.random() < 0.4
        state = dice.choice(["assumed_resolution", "escalated", "negative_feedback", None])
        rating = dice.choice([1, 3, 4, 5, 5]) if dice.random() < 0.3 else None
        made.append(
            conversation(
                created,
                state="closed" if closed else "open",
                statistics=numbers,
                conversation_rating={"rating": rating} if rating else None,
                ai_agent_participated=agent,
                ai_agent={"resolution_state": state} if agent else None,
            )
        )
    return made


def between(rows: list[dict[str, Any]], start: str, end: str) -> list[dict[str, Any]]:
    return [row for row in rows if seconds(start) <= row["created_at"] < seconds(end)]


def open_at(rows: list[dict[str, Any]], time: str) -> int:
    limit = seconds(time)
    return sum(
        row["created_at"] < limit
        and not (row["state"] == "closed" and row["statistics"]["last_close_at"] < limit)
        for row in rows
    )


def minutes(value: float) -> str:
    hours, rest = divmod(round(value / 60), 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


@pytest.mark.parametrize("seed", [1, 2])
def test_report_sentences_are_exact_when_they_are_recomputed(seed: int) -> None:
    rows = records(seed)
    october = between(rows, "2026-10-01", "2026-11-01")
    september = between(rows, "2026-09-01", "2026-10-01")
    text = " ".join(inb.report(frame(*rows), "2026-10", zone="UTC").sentences)
    way = "up" if len(october) > len(september) else "down"
    assert f"{len(october)} new conversations in October 2026, {way} from {len(september)}" in text
    waits = [row["statistics"].get("time_to_admin_reply") for row in october]
    replied = sorted(wait for wait in waits if wait is not None)
    assert f"Median first reply {minutes(statistics.median(replied))}," in text
    counted = f"({len(replied)} of {len(october)} customer-started conversations were replied to"
    assert counted in text
    half = statistics.median([wait if wait is not None else 1e9 for wait in waits])
    assert f"counting unanswered ones, the median is {minutes(half)})" in text
    ratings = [
        row["conversation_rating"]["rating"] for row in october if row["conversation_rating"]
    ]
    good = sum(rating >= 4 for rating in ratings)
    assert f"({good} of {len(ratings)}; 95% interval" in text
    with_agent = [row for row in october if row["ai_agent_participated"]]
    resolved = [
        row for row in with_agent if row["ai_agent"]["resolution_state"] == "assumed_resolution"
    ]
    share = f"{len(with_agent) / len(october):.0%} of conversations with a customer message "
    assert f"{share}({len(with_agent)} of {len(october)})" in text
    rate = f"{len(resolved) / len(with_agent):.0%}"
    assert f"resolved {rate} of those ({len(resolved)})." in text
    opened = open_at(rows, "2026-11-01")
    assert f"{opened} conversations were open at the end of October 2026" in text


def test_sentences_agree_in_number_when_there_is_one_conversation() -> None:
    made = inb.report(frame(conversation("2026-10-05 10:00")), "2026-10", zone="UTC")
    assert made.sentences[0].startswith("1 new conversation in October 2026")
    assert made.sentences[-1].startswith("1 conversation was open at the end of October 2026")
