"""Comparison with Intercom's reporting export: numbers and reasons computed by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError, UnknownNameError

from .frames import HOUR, conversation, frame, seconds

# Created Mon 5 Oct 08:00, the customer wrote at 08:10, the first reply came at 10:10; the office
# opens at 09:00, so Intercom's own figure is 1 h 10 min = 4,200 s.
CREATED = "2026-10-05 08:00"
STATISTICS = {
    "first_contact_reply_at": seconds("2026-10-05 08:10"),
    "first_admin_reply_at": seconds("2026-10-05 10:10"),
    "time_to_admin_reply": 4_200,
    "first_close_at": seconds("2026-10-05 12:10"),
    "time_to_first_close": 3 * HOUR + 600,
    "last_close_at": seconds("2026-10-06 12:10"),
    "time_to_last_close": 12 * HOUR,
}


def compared(column: str, theirs: Any, **values: Any) -> Any:
    df = frame(conversation(CREATED, statistics=STATISTICS | values))
    export = pd.DataFrame({"conversation_id": ["0"], column: [theirs]})
    return analysis.compare_with_intercom(export, df).iloc[0]


@pytest.mark.parametrize(
    ("theirs", "difference", "reason"),
    [
        (4_200, 0, "equal"),
        (4_201, 1, "equal"),
        (7_200, 3_000, "all hours instead of office hours"),
        (7_800, 3_600, "all hours since the creation"),
        (70, -4_130, "same definition, in minutes"),
        (120, -4_080, "all hours instead of office hours, in minutes"),
        (4_200_000, 4_195_800, "same definition, in milliseconds"),
        (9_999, 5_799, "unknown"),
    ],
)
def test_compare_names_the_definition_when_first_replies_differ(
    theirs: float, difference: float, reason: str
) -> None:
    row = compared("standard.first_response_time", theirs)
    assert (row.metric, row.ours, row.theirs) == ("first_reply", 4_200, theirs)
    assert (row.difference, row.reason) == (difference, reason)


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        (4 * HOUR, "all hours instead of office hours"),
        (12 * HOUR, "last close instead of the first"),
        (28 * HOUR, "last close, all hours"),
    ],
)
def test_compare_names_the_close_when_a_conversation_was_reopened(
    theirs: float, reason: str
) -> None:
    assert compared("Time to close (seconds)", theirs).reason == reason


def test_compare_returns_the_reason_when_a_conversation_is_on_one_side() -> None:
    df = frame(
        conversation(CREATED, statistics=STATISTICS),
        conversation(CREATED, statistics={"time_to_admin_reply": 60}),
        conversation(CREATED, statistics=None),
    )
    export = pd.DataFrame({"conversation_id": ["2", "9"], "first_response_time": [30, 40]})
    table = analysis.compare_with_intercom(export, df).set_index("conversation_id")
    assert table.reason["0"] == "not in the export"
    assert table.reason["1"].startswith("not in the export: the customer did not reply")
    assert table.reason["2"] == "your conversation has no statistics"
    assert table.reason["9"] == "not in your conversations"
    assert len(table) == 4


def test_compare_matches_ids_when_pandas_read_them_as_numbers() -> None:
    df = frame(conversation(CREATED, conversation_rating={"rating": 5}))
    export = pd.DataFrame({"Conversation ID": [0.0, None], "CSAT": [4, 3]})
    table = analysis.compare_with_intercom(export, df, columns={"rating": "CSAT"})
    assert table[["conversation_id", "ours", "theirs", "difference", "reason"]].values.tolist() == [
        ["0", 5.0, 4.0, -1.0, "unknown"]
    ]


def test_compare_notes_the_columns_when_it_does_not_know_them() -> None:
    df = frame(conversation(CREATED, conversation_rating={"rating": 5}))
    export = pd.DataFrame(
        {"conversation_id": ["0"], "rating": [5], "FRT (s)": [60], "Country": ["FR"]}
    )
    result = analysis.compare_with_intercom(export, df)
    assert result.metric.notes == [
        "2 columns of the export are not compared: FRT (s), Country. Pass columns={metric: column} "
        "for one that holds a metric."
    ]
    given = analysis.compare_with_intercom(export, df, columns={"first_reply": "FRT (s)"})
    assert given.metric.notes[0].startswith("1 column of the export is not compared: Country. ")
    assert (
        analysis.compare_with_intercom(export[["conversation_id", "rating"]], df).metric.notes == []
    )


def test_compare_finding_names_the_most_frequent_reason_when_numbers_differ() -> None:
    waits = [{"time_to_admin_reply": wait} for wait in (60, 60, 60, 120)]
    df = frame(*(conversation(CREATED, statistics=STATISTICS | wait) for wait in waits))
    export = pd.DataFrame({"conversation_id": list("0123"), "first_response_time": [60, 1, 1, 2]})
    result = analysis.compare_with_intercom(export, df)
    assert result.metric.counts == {"numbers": 4, "equal": 1, "on_one_side": 0}
    assert result.metric.finding == (
        "1 of 4 numbers is equal; the most frequent reason is "
        "\u201csame definition, in minutes\u201d (3)"
    )
    labels = [text.get_text() for text in result.metric.plot().axes[0].get_yticklabels()]
    assert labels == ["equal", "same definition, in minutes"]
    assert "leads from one number to the other" in result.metric.definition


def test_compare_excludes_conversations_when_they_are_outside_the_period() -> None:
    df = frame(
        conversation(CREATED, conversation_rating={"rating": 5}),
        conversation("2026-09-05 08:00", conversation_rating={"rating": 5}),
    )
    export = pd.DataFrame({"conversation_id": ["0"], "rating": [5]})
    table = analysis.compare_with_intercom(export, df, period="2026-10")
    assert table.reason.tolist() == ["equal"]


@pytest.mark.parametrize(
    ("export", "columns", "error", "text"),
    [
        ({"id": ["0"]}, None, UnknownNameError, "no column of a conversation_id"),
        ({"conversation_id": ["0"], "x": [1]}, None, UnknownNameError, "known metric"),
        ({"conversation_id": ["0"]}, {"rating": "x"}, UnknownNameError, "no column 'x'"),
        ({"conversation_id": ["0"]}, {"ratings": "x"}, UnknownNameError, "Did you mean rating"),
        (
            {"conversation_id": ["0", "0"], "rating": [1, 2]},
            None,
            InvalidParameterError,
            "several rows for conversation 0",
        ),
    ],
)
def test_compare_raises_when_the_export_does_not_fit(
    export: dict[str, Any], columns: Any, error: type[Exception], text: str
) -> None:
    df = frame(conversation(CREATED))
    with pytest.raises(error, match=text):
        analysis.compare_with_intercom(pd.DataFrame(export), df, columns=columns)
