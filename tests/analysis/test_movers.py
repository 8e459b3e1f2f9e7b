"""What changed: nothing on shuffled dates, exact tests, intervals, and the sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis.stats import (
    benjamini_hochberg,
    binomial_test,
    fisher_exact,
    median_interval,
    median_test,
)

from .frames import conversation, frame


@pytest.mark.parametrize(
    ("hits", "totals", "expected"),
    [
        ((8, 2), (10, 10), 0.02301),  # R: fisher.test(matrix(c(8, 2, 2, 8), 2))
        ((3, 1), (4, 4), 0.48571),  # the lady tasting tea, two-sided
        ((0, 5), (5, 5), 0.00794),
        ((5, 5), (10, 10), 1.0),
    ],
)
def test_fisher_exact_equals_r(
    hits: tuple[int, int], totals: tuple[int, int], expected: float
) -> None:
    assert fisher_exact(hits, totals) == pytest.approx(expected, abs=1e-5)


def test_binomial_test_equals_the_sum_of_unlikely_outcomes() -> None:
    # 8 of 10 with a half: outcomes 0, 1, 2, 8, 9, 10 have 112 of 1,024.
    assert binomial_test(8, 10, 0.5) == pytest.approx(112 / 1024)
    assert binomial_test(0, 0, 0.5) == 1.0


def test_median_test_counts_values_above_the_common_median() -> None:
    before, after = np.arange(10.0), np.arange(10.0) + 6
    assert median_test(before, after) == pytest.approx(fisher_exact((2, 8), (10, 10)))
    assert median_interval(np.arange(9.0))[0] < 4 < median_interval(np.arange(9.0))[1]


def test_benjamini_hochberg_adjusts_for_the_number_of_tests() -> None:
    adjusted = benjamini_hochberg(np.array([0.04, 0.01, 0.03, 0.5]))
    assert adjusted.tolist() == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])
    assert benjamini_hochberg(np.array([])).size == 0


@pytest.mark.slow
def test_movers_name_no_change_when_dates_are_shuffled() -> None:
    """At most one run of ten names a change, with every dimension compared."""
    df = inb.connect("demo").sync.conversations.list(limit=None)
    random = np.random.default_rng(7)
    runs = 20
    named = 0
    for _ in range(runs):
        mixed = df.assign(created_at=random.permutation(df["created_at"].to_numpy()))
        mixed["created_at"] = pd.to_datetime(mixed["created_at"], utc=True)
        named += int(analysis.movers(mixed, "2026-10")["significant"].any())
    print(f"shuffles that named a change: {named} of {runs}")
    assert named <= runs / 10


def rated(month: str, good: int, bad: int) -> list[dict[str, object]]:
    return [
        conversation(
            f"2026-{month}-{1 + i % 28:02}",
            team_assignee_id=1,
            conversation_rating={"rating": 5 if i < good else 1},
        )
        for i in range(good + bad)
    ]


def test_movers_find_a_change_of_few_ratings_by_the_exact_test() -> None:
    result = analysis.movers(frame(*rated("09", 10, 0), *rated("10", 2, 8)), "2026-10")
    row = result[result["measure"] == "csat"].iloc[0]
    assert row["p_value"] == pytest.approx(fisher_exact((10, 2), (10, 10)))
    assert row["change"] == pytest.approx(-0.8)
    assert row["change_low"] < -0.8 < row["change_high"] < 0
    assert row["significant"]
    compared = result.metric.counts["compared"]
    assert f"{compared} comparisons" in result.metric.finding
    assert "CSAT of 1 down from 100% to 20%" in result.metric.finding


def test_movers_say_how_many_were_compared_when_nothing_changed() -> None:
    result = analysis.movers(frame(*rated("09", 9, 9), *rated("10", 9, 10)), "2026-10")
    assert result.metric.finding == "No change beyond chance since September 2026 (3 comparisons)"
