"""Credit and thread length from the messages: by hand, from a result and from a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.catalog import record_columns
from intercom_nb.errors import UnsupportedError
from intercom_nb.frames import build_frame
from tests.dataset.harness import write_dataset

from .frames import conversation, frame, seconds

NAMES = {"teammate": {"1": "Ada", "2": "Ben", "3": "Cy"}}


def part(kind: str, author: str, key: str, minute: int, body: str | None = "text") -> Any:
    at = seconds("2026-10-01 10:00") + 60 * minute
    person = {"type": author, "id": key}
    return {
        "type": "conversation_part",
        "part_type": kind,
        "body": body,
        "created_at": at,
        "author": person,
    }


def talk(number: int, *parts: Any, **values: Any) -> dict[str, Any]:
    numbered = [{"id": f"{number}{i:02}", **p} for i, p in enumerate(parts)]
    source = {"type": "email", "delivered_as": "customer_initiated"}
    return {
        "id": str(number),
        **conversation("2026-10-01 10:00"),
        "source": {**source, "author": {"type": "user", "id": "u"}},
        "conversation_parts": {"conversation_parts": numbered, "total_count": len(numbered)},
        **values,
    }


TALKS = [
    talk(
        1,
        part("assignment", "admin", "3", 1, None),  # no text: no reply
        part("note", "admin", "3", 2),  # the customer does not see it
        part("comment", "bot", "9", 3),
        part("comment", "admin", "1", 4),
        part("comment", "user", "u", 5),
        part("close", "admin", "2", 6),  # closed with a text
        admin_assignee_id=3,
        statistics={
            "count_conversation_parts": 6,
            "last_closed_by_id": 3,
            "time_to_admin_reply": 240,
        },
        conversation_rating={"rating": 5, "teammate": {"type": "admin", "id": 1}},
    ),
    # The parts are not in order of time.
    talk(
        2,
        part("comment", "admin", "2", 9),
        part("comment", "admin", "1", 8),
        admin_assignee_id=1,
        statistics={"count_conversation_parts": 2, "time_to_admin_reply": 480},
    ),
    talk(3, part("comment", "lead", "v", 1), statistics={"count_conversation_parts": 1}),
    talk(4, source={"type": "push", "author": {"type": "bot", "id": "9"}}),
]
CREDITED = {
    "assigned": {"Ada": 1, "Cy": 1, "(none)": 2},
    "first_reply": {"Ada": 2, "(none)": 2},
    "last_reply": {"Ben": 2, "(none)": 2},
    "closed": {"Cy": 1, "(none)": 3},
    "rated": {"Ada": 1, "(none)": 3},
}


@pytest.fixture(scope="module", params=["result", "dataset"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if request.param == "dataset":
        pytest.importorskip("duckdb")
        return write_dataset(tmp_path_factory.mktemp("talks") / "ds", [TALKS])
    columns = record_columns("conversation")
    return build_frame(TALKS, columns, "conversation", {"entity": "conversations"})


def counts(result: pd.DataFrame) -> dict[str, int]:
    return dict(zip(result["teammate"], result["conversations"].tolist(), strict=True))


def credit_of(*parts: Any, source: str = "first_reply") -> str:
    columns = record_columns("conversation")
    df = build_frame([talk(1, *parts)], columns, "conversation", {"entity": "conversations"})
    return analysis.csat(df, by="teammate", credit=source, names=NAMES)["teammate"].item()


@pytest.mark.parametrize(
    "kind", ["close", "open", "assignment", "snoozed", "assign_and_reopen", "assign_and_unsnooze"]
)
@pytest.mark.parametrize(("body", "credited"), [("text", "Ada"), ("", "Ben"), (None, "Ben")])
def test_credit_counts_a_change_of_state_as_a_reply_when_it_has_a_text(
    kind: str, body: str | None, credited: str
) -> None:
    changed, later = part(kind, "admin", "1", 1, body), part("comment", "admin", "2", 2)
    assert credit_of(changed, later) == credited
    columns = record_columns("conversation")
    df = build_frame([talk(1, changed)], columns, "conversation", {"entity": "conversations"})
    messages = 2.0 if credited == "Ada" else 1.0  # with the customer's first one
    assert analysis.thread_length(df, of="messages")["longest"].item() == messages


@pytest.mark.parametrize("kind", ["note", "note_and_reopen", "away_mode_assignment", "unsnoozed"])
def test_credit_skips_a_part_when_the_customer_does_not_see_it(kind: str) -> None:
    assert credit_of(part(kind, "admin", "1", 1), part("comment", "admin", "2", 2)) == "Ben"
    assert credit_of(part(kind, "admin", "1", 1)) == "(none)"


def test_credit_counts_a_comment_when_it_is_only_an_attachment() -> None:
    file = {"type": "upload", "name": "photo.png", "url": "https://example.com/photo.png"}
    alone = part("comment", "admin", "1", 1, None) | {"attachments": [file]}
    assert credit_of(alone, part("comment", "admin", "2", 2)) == "Ada"
    assert credit_of(part("comment", "admin", "2", 0), alone, source="last_reply") == "Ada"


@pytest.mark.slow  # a dataset is read for each credit
@pytest.mark.parametrize("credit", CREDITED)
@pytest.mark.parametrize(
    "metric", [analysis.time_to_close, analysis.csat, analysis.reopens, analysis.handovers]
)
def test_credit_equals_a_count_by_hand_when_messages_are_there(
    source: Any, credit: str, metric: Any
) -> None:
    result = metric(source, by="teammate", credit=credit, names=NAMES)
    assert counts(result) == CREDITED[credit]


def test_first_reply_belongs_to_the_replier_when_credit_is_first_reply(source: Any) -> None:
    result = analysis.first_reply(source, by="teammate", credit="first_reply", names=NAMES)
    assert result.set_index("teammate").loc["Ada", "median"] == (240 + 480) / 2


@pytest.mark.parametrize("credit", ["first_reply", "last_reply"])
def test_credit_raises_with_advice_when_messages_are_missing(credit: str) -> None:
    with pytest.raises(UnsupportedError, match="with_parts=True"):
        analysis.csat(frame(conversation("2026-10-01")), by="teammate", credit=credit)


def test_thread_length_counts_messages_of_people_when_parts_are_there(source: Any) -> None:
    result = analysis.thread_length(source, by="teammate", credit="first_reply", names=NAMES)
    row = result.set_index("teammate").loc["Ada"]
    # First message, two comments, a close with a text; first message, two comments.
    assert row[["measured", "median", "longest"]].tolist() == [2, 3.5, 4.0]
    other = result.set_index("teammate").loc["(none)"]
    assert other[["median", "longest"]].tolist() == [1.0, 2.0]  # a bot's first message is none
    assert "messages per conversation" in result.metric.finding
    parts = analysis.thread_length(source, of="parts")
    assert parts["longest"].item() == 6.0


def test_thread_length_notes_that_it_counts_parts_when_messages_are_missing() -> None:
    df = frame(conversation("2026-10-01"))
    result = analysis.thread_length(df)
    assert result["median"].item() == 3.0
    assert "Parts are counted, not messages. Extract" in result.metric.notes[0]
    assert analysis.thread_length(df, of="parts").metric.notes == []
    with pytest.raises(UnsupportedError, match="with_parts=True"):
        analysis.thread_length(df, of="messages")


@pytest.mark.slow
def test_summary_returns_a_column_per_measure_when_all_are_requested(
    source: Any, tmp_path: Path
) -> None:
    from intercom_nb.analysis.metrics.summary import MEASURES

    result = analysis.summary(source, by="state", measures=list(MEASURES))
    assert list(result.columns) == ["state", *MEASURES]
    assert result["longest_messages"].tolist() == [4.0]
    assert result["longest_parts"].tolist() == [6.0]
    assert result["sla_missed"].tolist() == [0]
