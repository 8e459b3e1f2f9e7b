"""The truth that `make soak` compares with: what odd values become, by the documented rules."""

from __future__ import annotations

import pytest

from benchmarks.truth import expected

AT = 1_760_000_000


@pytest.mark.parametrize(
    ("received", "seconds"),
    [(AT * 1000, AT), (AT + 0.5, AT), ("2025-10-09T08:53:20+00:00", AT), ("soon", None)],
)
def test_truth_has_whole_seconds_when_a_time_is_odd(received, seconds) -> None:
    [row] = expected("conversations", [{"id": "1", "waiting_since": received}])["conversations"]
    assert row.get("waiting_since") == seconds


def test_truth_omits_empty_values_when_lists_and_assignees_are_odd() -> None:
    listed = {"conversation_parts": [None, {"id": "p", "body": "cut \ud83d"}, {}]}
    odd = {"id": "1", "admin_assignee_id": 0, "team_assignee_id": "0", "conversation_parts": listed}
    tables = expected("conversations", [odd])
    assert tables["conversations"] == [{"id": "1", "conversation_parts": ["p"]}]
    [part] = tables["conversation_parts"]
    assert (part["id"], part["body"]) == ("p", "cut \ufffd")


def test_truth_keeps_both_when_names_differ_by_case_and_numbers_clash() -> None:
    attributes = {"Depot": "North", "depot": 2**53 + 1, "frame": 0.25}
    [row] = expected("contacts", [{"id": "1", "custom_attributes": attributes}])["contacts"]
    values = [row[f"custom_attributes.{name}"] for name in attributes]
    assert values == ["North", "9007199254740993", "0.25"]
