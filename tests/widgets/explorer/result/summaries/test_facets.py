"""Facets: their values stay, their counts follow the filters on other columns."""

from __future__ import annotations

import pandas as pd

from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.summaries.facets import Facets

CONVERSATIONS = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "state": ["open", "closed", "closed", "closed"],
        "team_assignee_id": ["7", "7", "8", None],
        "tags": [["a", "b"], ["b"], [], None],
    }
)


def counts(facets: Facets) -> dict[str, dict[str, int]]:
    return {
        facet["column"]: {label: n for label, n, *_ in facet["bars"]} for facet in facets.describe()
    }


def test_facets_count_the_rows_that_a_click_would_show_when_others_are_filtered():
    view = FrameView(CONVERSATIONS)
    view.display = Display(names={"teams": {"7": "Billing", "8": "Sales"}})
    facets = Facets(view, [])
    assert counts(facets) == {
        "state": {"closed": 3, "open": 1},
        "team_assignee_id": {"Billing": 2, "Sales": 1, "no team": 1},
        "tags": {"b": 2, "a": 1, "no tag": 2},
    }
    view.arrange(conditions=[("team_assignee_id", "in", "7")])
    assert counts(facets) == {
        "state": {"closed": 1, "open": 1},
        "team_assignee_id": {"Billing": 2, "Sales": 1, "no team": 1},
        "tags": {"b": 2, "a": 1, "no tag": 0},
    }
    for facet in facets.describe():
        for label, n, pairs, _ in facet["bars"]:
            given = [("team_assignee_id", "in", "7")] * (facet["column"] != "team_assignee_id")
            view.arrange(conditions=[*given, *((facet["column"], op, v) for op, v in pairs)])
            assert len(view.order) == n, label
        view.arrange(conditions=[("team_assignee_id", "in", "7")])


def test_facets_count_matching_rows_when_a_search_is_typed():
    view = FrameView(CONVERSATIONS)
    view.arrange(search="open")
    assert counts(Facets(view, []))["state"] == {"closed": 0, "open": 1}


def test_facets_offer_columns_of_few_values_when_the_frame_has_no_conversations():
    frame = pd.DataFrame(
        {
            "id": [str(i) for i in range(40)],
            "role": ["user", "lead"] * 20,
            "kind": ["contact"] * 40,
            "seats": range(40),
            "paying": pd.array([True, False] * 20, "boolean"),
        }
    )
    found = counts(Facets(FrameView(frame), list(frame)))
    assert found == {"role": {"lead": 20, "user": 20}, "paying": {"no": 20, "yes": 20}}


def test_facets_are_empty_when_there_are_no_rows():
    assert Facets(FrameView(CONVERSATIONS.iloc[:0]), ["state"]).describe() == []
