"""What changed: nothing on shuffled dates, exact tests, intervals, and the sentence."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis.formatting import change
from intercom_nb.analysis.stats import (
    benjamini_hochberg,
    binomial_test,
    fisher_exact,
    median_interval,
    median_test,
    rate_interval,
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
def test_fisher_exact_equals_published_values(
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


def demo() -> pd.DataFrame:
    """A year of a workspace with four teams and a few common tags."""
    return inb.connect("demo").sync.conversations.list(limit=None)


def long_tailed() -> pd.DataFrame:
    """Two months of many small teams and rare tags, few ratings, and times in whole minutes."""
    dice = random.Random(1)
    tags = [[f"tag {int(dice.paretovariate(0.6)) % 60}" for _ in range(3)] for _ in range(900)]
    return frame(
        *(
            conversation(
                str(dt.date(2026, 9, 1) + dt.timedelta(days=dice.randrange(61))),
                team_assignee_id=1 + int(dice.paretovariate(0.7)) % 30,
                tags={"tags": [{"type": "tag", "id": tag, "name": tag} for tag in mine]},
                conversation_rating={"rating": dice.choice([1, 5, 5])} if len(mine) > 2 else None,
                statistics={"time_to_admin_reply": 60 * int(dice.lognormvariate(2, 1.5))},
            )
            for mine in ([*{*drawn[: dice.randrange(4)]}] for drawn in tags)
        )
    )


SHUFFLES = [
    pytest.param(workspace, 200, marks=pytest.mark.slow) for workspace in (demo, long_tailed)
]


@pytest.mark.parametrize(("workspace", "runs"), [(long_tailed, 4), *SHUFFLES])
@pytest.mark.filterwarnings("error")
def test_movers_report_a_change_in_at_most_a_tenth_when_dates_are_shuffled(
    workspace: Callable[[], pd.DataFrame], runs: int
) -> None:
    df = workspace()
    dice = np.random.default_rng(7)
    named = 0
    for _ in range(runs):
        mixed = df.assign(created_at=df["created_at"].take(dice.permutation(len(df))).array)
        result = analysis.movers(mixed, "2026-10")
        assert result.metric.counts["compared"] > 20
        named += result["significant"].any()
        assert ("beyond chance)" in result.metric.finding) == result["significant"].any()
    assert named <= runs / 10


def test_movers_return_only_the_real_change_when_one_team_is_slower() -> None:
    df = long_tailed()
    team = df["team_assignee_id"].mode().item()
    late = (df["team_assignee_id"] == team) & (df["created_at"] >= "2026-10-01")
    slower = df["statistics.time_to_admin_reply"] * (1 + 9 * late)
    result = analysis.movers(df.assign(**{"statistics.time_to_admin_reply": slower}), "2026-10")
    strong = result[result["significant"]]
    assert strong[["name", "measure"]].values.tolist() == [[team, "median_first_reply"]]


def test_movers_count_every_significant_change_when_few_are_shown() -> None:
    rows = [
        conversation(f"2026-{month}-05", team_assignee_id=team)
        for team in range(1, 21)
        for month in ["10"] * 40 + ["09"] * 5
    ]
    result = analysis.movers(frame(*rows), "2026-10", dimensions=("team",), top=3)
    assert len(result) == 3
    assert "(5 and 40 conversations; 20 of 20 comparisons beyond chance)" in result.metric.finding


def rated(month: str, good: int, bad: int) -> list[dict[str, object]]:
    return [
        conversation(
            f"2026-{month}-{1 + i % 28:02}",
            team_assignee_id=1,
            conversation_rating={"rating": 5 if i < good else 1},
        )
        for i in range(good + bad)
    ]


def test_movers_report_a_csat_change_when_ratings_are_few() -> None:
    result = analysis.movers(frame(*rated("09", 10, 0), *rated("10", 2, 8)), "2026-10")
    row = result[result["measure"] == "csat"].iloc[0]
    assert row["p_value"] == pytest.approx(fisher_exact((10, 2), (10, 10)))
    assert row["change"] == pytest.approx(-0.8)
    assert row["change_low"] < -0.8 < row["change_high"] < 0
    assert row["significant"]
    compared = result.metric.counts["compared"]
    assert f"{compared} comparisons" in result.metric.finding
    assert "CSAT of team 1 down from 100% to 20%" in result.metric.finding


def test_movers_report_the_number_of_comparisons_when_nothing_changed() -> None:
    result = analysis.movers(frame(*rated("09", 9, 9), *rated("10", 9, 10)), "2026-10")
    assert result.metric.finding == "No change beyond chance since September 2026 (3 comparisons)"


@pytest.mark.parametrize("count", [6, 9, 24, 100, 501])
def test_median_interval_covers_the_median_in_95_percent(count: int) -> None:
    low, high = median_interval(np.arange(float(count)))
    # It covers if more than `low` and at most `high` values lie below the true median.
    below = range(int(low) + 1, int(high) + 1)
    covers = sum(math.comb(count, number) for number in below) / 2**count
    assert 0.95 <= covers <= 0.985


@pytest.mark.parametrize("mean", [5.0, 12.5, 40.0, 200.0])
def test_rate_interval_covers_the_rate_in_95_percent(mean: float) -> None:
    counts = np.arange(600)
    bounds = rate_interval(pd.Series(counts), 1.0)
    chance = np.exp(counts * math.log(mean) - mean - [math.lgamma(n + 1) for n in counts])
    assert 0.94 <= chance[(bounds["low"] <= mean) & (mean <= bounds["high"])].sum() <= 0.985
    assert chance[bounds["low"] > mean].sum() <= 0.03
    assert chance[bounds["high"] < mean].sum() <= 0.03


def replicas(teams: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return two months of many teams with the same true change, and the true changes."""
    dice = np.random.default_rng(11)
    parts = []
    for month, days, rate, median, good in (
        ("09", 30, 0.8, 3_600, 0.8),
        ("10", 31, 1.0, 5_400, 0.6),
    ):
        team = np.repeat(np.arange(teams), dice.poisson(rate * days, teams)).astype(str)
        at = pd.Timestamp(f"2026-{month}-01", tz="UTC") + pd.to_timedelta(
            dice.uniform(0, days, len(team)), unit="D"
        )
        wait = median * dice.lognormal(0, 1, len(team))
        rating = np.where(dice.random(len(team)) < good, 5, 2)
        parts.append(
            pd.DataFrame(
                {
                    "created_at": at,
                    "team_assignee_id": team,
                    "statistics.time_to_admin_reply": wait,
                    "conversation_rating.rating": rating,
                }
            )
        )
    true = {"conversations": 0.2, "median_first_reply": 1_800.0, "csat": -0.2}
    return pd.concat(parts, ignore_index=True), true


def test_movers_intervals_cover_the_true_change_in_95_percent() -> None:
    df, true = replicas(600)
    result = analysis.movers(df, "2026-10", dimensions=("team",), top=None)
    for measure, rows in result.groupby("measure"):
        assert len(rows) == 600
        inside = rows["change_low"].le(true[measure]) & rows["change_high"].ge(true[measure])
        # Order statistics of 24 values reach 95 % only by more than that.
        assert 0.93 <= inside.mean() <= 0.99, measure
        assert rows["change"].between(rows["change_low"], rows["change_high"]).all()
    # Of a share itself: Wilson's interval, as csat returns it.
    shares = analysis.csat(df, by="team", period="2026-10")
    assert 0.93 <= (shares["low"].le(0.6) & shares["high"].ge(0.6)).mean() <= 0.985


@pytest.mark.slow
def test_movers_chart_has_the_whole_change_when_a_name_is_long() -> None:
    pytest.importorskip("matplotlib")
    df, _ = replicas(3)
    teams = {team: f"Technical Support {team}" for team in df["team_assignee_id"].unique()}
    result = analysis.movers(df, "2026-10", dimensions=("team",), names={"team": teams})
    figure = result.metric.plot()
    figure.draw_without_rendering()
    labels = figure.axes[0].get_yticklabels()
    texts = [" ".join(label.get_text().split()) for label in reversed(labels)]
    assert texts == [change(row) for _, row in result.iterrows()]
    assert max(map(len, texts)) > 50
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
    assert min(box.x0 for box in boxes) >= 0
    assert all(below.y1 <= above.y0 for below, above in itertools.pairwise(boxes))


def test_movers_chart_has_a_legend_when_changes_are_better_worse_and_neutral() -> None:
    pytest.importorskip("matplotlib")
    df, _ = replicas(3)
    one = (df["team_assignee_id"] == "0") & (df["created_at"] >= "2026-10-01")
    df["statistics.time_to_admin_reply"] /= 1 + 99 * one
    result = analysis.movers(df, "2026-10", dimensions=("team",))
    figure = result.metric.plot()
    axes = figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    bars = {
        round(bar.get_y() + bar.get_height() / 2): bar for bar in axes.patches if bar.get_width()
    }
    key = {
        text.get_text(): handle.get_facecolor()[:3]
        for text, handle in zip(
            figure.legends[0].get_texts(), figure.legends[0].legend_handles, strict=True
        )
    }
    kinds = []
    for place, bar in bars.items():
        name, up = names[place], " up " in names[place]
        expected = "neutral"
        if name.startswith("CSAT"):
            expected = "better" if up else "worse"
        if name.startswith("Median"):
            expected = "worse" if up else "better"
        assert bar.get_facecolor()[:3] == key[expected], name
        kinds.append(expected)
    assert set(kinds) == set(key) == {"better", "worse", "neutral"}
    blue, orange = (47 / 255, 127 / 255, 184 / 255), (210 / 255, 105 / 255, 30 / 255)
    assert (key["neutral"], key["worse"]) == (blue, orange)
    assert key["better"] not in {blue, orange}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (3 / 366, 40 / 365, "up from 0.01 to 0.11 a day"),
        (0.11, 0.14, "up from 0.11 to 0.14 a day"),
        (0.0, 1.5, "up from 0.0 to 1.5 a day"),
        (5.9, 0.1, "down from 5.9 to 0.1 a day"),
        (1.0, 1.0, "unchanged, from 1.0 to 1.0 a day"),
    ],
)
def test_change_shows_the_difference_when_rates_are_small(
    before: float, after: float, expected: str
) -> None:
    row = {"dimension": "tags", "name": "t", "measure": "conversations"}
    assert change(pd.Series({**row, "before": before, "after": after})) == f"Tag t {expected}"
