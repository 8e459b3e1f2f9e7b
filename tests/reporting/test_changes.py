"""What a report says changed, and its headline numbers, from the raw records by plain Python."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import intercom_nb as inb

from .plain import binomial, fisher, interval, percent, q_values, quantile, span
from .test_findings import by_customer, is_good, is_rated, is_resolved, number, was_closed
from .workspace import NAMES, TOPICS, Workspace, workspace

pytestmark = pytest.mark.slow

Row = dict[str, Any]
# The clocks are set back on 25 October 2026 in Berlin.
DAYS = (30, 31 + 1 / 24)
SUBJECTS: dict[str, Callable[[Row], list[str]]] = {
    "team": lambda r: [NAMES["team"][str(r["team_assignee_id"])]] if r["team_assignee_id"] else [],
    "channel": lambda r: [r["source"]["type"]],
    "tags": lambda r: [NAMES["tag"][tag["id"]] for tag in r["tags"]["tags"]],
    "topics": lambda r: [TOPICS[topic["id"]] for topic in r["topics"]["topics"]],
}


def comparisons(before: list[Row], after: list[Row]) -> Iterator[tuple[float, str]]:
    """Yield the p-value of each comparison, and the change as a sentence says it, with counts."""
    for kind, keys in SUBJECTS.items():
        then, now = (Counter(key for row in rows for key in keys(row)) for rows in (before, after))
        for key in then | now:
            if max(then[key], now[key]) < 5:
                continue
            rates = then[key] / DAYS[0], now[key] / DAYS[1]
            way = "up" if rates[1] > rates[0] else "down"
            p_value = binomial(now[key], then[key] + now[key], DAYS[1] / sum(DAYS))
            what = f"{kind.removesuffix('s').capitalize()} {key}"
            text = f"{what} {way} from {rates[0]:.1f} to {rates[1]:.1f} a day "
            yield p_value, f"{text}({then[key]} and {now[key]} conversations"
    for team in NAMES["team"].values():
        waits = [
            [number(r, "time_to_admin_reply") for r in rows if by_customer(r) and is_of(r, team)]
            for rows in (before, after)
        ]
        waits = [[wait for wait in one if wait is not None] for one in waits]
        if min(map(len, waits)) >= 5:
            common = statistics.median(waits[0] + waits[1])
            above = [(sum(wait > common for wait in one), len(one)) for one in waits]
            old, new = map(statistics.median, waits)
            change = f"Median first reply of team {team} {'up' if new > old else 'down'} from "
            counts = f"({len(waits[0])} and {len(waits[1])} replies"
            yield fisher(*above), f"{change}{span(old)} to {span(new)} {counts}"
        ratings = [
            [is_good(r) for r in rows if is_rated(r) and is_of(r, team)] for rows in (before, after)
        ]
        if min(map(len, ratings)) >= 5:
            old, new = (sum(one) / len(one) for one in ratings)
            change = f"CSAT of team {team} {'up' if new > old else 'down'} from "
            good = [(sum(one), len(one)) for one in ratings]
            counts = f"({len(ratings[0])} and {len(ratings[1])} ratings"
            yield fisher(*good), f"{change}{percent(old)} to {percent(new)} {counts}"


def is_of(row: Row, team: str) -> bool:
    return SUBJECTS["team"](row) == [team]


@pytest.mark.parametrize("seed", [1, 2])
def test_movers_finding_is_exact_when_it_is_recomputed(seed: int) -> None:
    space = workspace(seed)
    tables = space.tables
    made = inb.report(tables.pop("source"), "2026-10", **tables)
    found = list(comparisons(space.created_in(9), space.created_in(10)))
    strong = [q for q in q_values([p for p, _ in found]) if q <= 0.05]
    expected = f"No change beyond chance since September 2026 ({len(found)} comparisons)"
    if strong:
        expected = (
            f"Biggest change since September 2026: {min(found)[1]}; "
            f"{len(strong)} of {len(found)} comparisons beyond chance)"
        )
    assert bool(strong) == (seed == 1)  # the outage
    assert made.results["movers"].metric.finding == expected
    got = made.results["movers"]["p_value"].tolist()
    assert got == pytest.approx(sorted(p for p, _ in found)[: len(got)])


def close_times(rows: list[Row]) -> list[int]:
    return [number(row, "time_to_first_close") for row in rows if was_closed(row)]


@pytest.fixture(scope="module", params=[1, 2])
def space(request: pytest.FixtureRequest) -> Workspace:
    return workspace(request.param)


def test_headlines_are_exact_when_they_are_recomputed(space: Workspace) -> None:
    tables = space.tables
    heads = inb.report(tables.pop("source"), "2026-10", **tables).headlines.set_index("name")
    then, now = space.created_in(9), space.created_in(10)

    def shown(name: str) -> list[str]:
        return heads.loc[name, ["text", "change", "detail"]].tolist()

    growth = f"{round((len(now) / len(then) - 1) * 100):+d}%, from {len(then)}"
    assert shown("Conversations") == [str(len(now)), growth, ""]

    closed = [close_times(rows) for rows in (then, now)]
    old, new = map(statistics.median, closed)
    assert shown("Time to close, median") == [
        span(new),
        f"{round((new / old - 1) * 100):+d}%, from {span(old)}",
        f"90% within {span(quantile(closed[1], 90))}; {len(closed[1])} of {len(now)} closed",
    ]
    again = [
        (sum(number(r, "count_reopens") > 0 for r in rows if was_closed(r)), len(times))
        for rows, times in zip((then, now), closed, strict=True)
    ]
    shares = [hits / total for hits, total in again]
    assert shown("Reopened") == [
        percent(shares[1]),
        f"{points(round(shares[1], 2) - round(shares[0], 2))}, from {percent(shares[0])}",
        f"{again[1][0]} of {again[1][1]} closed",
    ]
    agent = [row for row in now if row["ai_agent_participated"]]
    new = [r for r in now if r in agent or by_customer(r) or number(r, "first_contact_reply_at")]
    resolved = sum(is_resolved(row) for row in agent)
    assert shown("AI agent took part")[::2] == [
        percent(len(agent) / len(new)),
        f"{len(agent)} of {len(new)} with a customer message; "
        f"resolved {percent(resolved / len(agent))} of those ({resolved})",
    ]
    rated = [[is_good(row) for row in rows if is_rated(row)] for rows in (then, now)]
    good = [sum(one) / len(one) for one in rated]
    low, high = map(percent, interval(sum(rated[1]), len(rated[1])))
    assert shown("Good ratings (CSAT)") == [
        percent(good[1]),
        f"{points(round(good[1], 2) - round(good[0], 2))}, from {percent(good[0])}",
        f"{sum(rated[1])} of {len(rated[1])} ratings; 95% interval {low} to {high}",
    ]


def points(difference: float) -> str:
    value = round(100 * difference)
    return f"{value:+d} point" + "s" * (abs(value) != 1)
