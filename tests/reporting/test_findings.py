"""Every sentence below a chart of the report, recomputed from the raw records by plain Python."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import intercom_nb as inb
from intercom_nb.reporting import Report

from .plain import extreme, grouped, interval, percent, quantile, span
from .workspace import COMPANIES, NAMES, TOPICS, Workspace, local, workspace

pytestmark = pytest.mark.slow

Row = dict[str, Any]
Key = Callable[[Row], Any]
NOW, BOTH = (10,), (9, 10)


@pytest.fixture(scope="module", params=[1, 2])
def space(request: pytest.FixtureRequest) -> Workspace:
    return workspace(request.param)


@pytest.fixture(scope="module")
def made(space: Workspace) -> Report:
    tables = space.tables
    return inb.report(tables.pop("source"), "2026-10", first_reply="1h", close="2d", **tables)


def finding(made: Report, name: str) -> str:
    return str(made.results[name].metric.finding)


def number(row: Row, name: str) -> Any:
    return (row["statistics"] or {}).get(name)


def by_customer(row: Row) -> bool:
    return bool(row["source"]["delivered_as"] == "customer_initiated")


# A group as it stands in a sentence, and the groups in the plural.
def team(row: Row) -> str:
    key = row["team_assignee_id"]
    return f"for {NAMES['team'][str(key)]}" if key else "without a team"


def teammate(row: Row) -> str:
    return f"for {NAMES['teammate'][str(row['admin_assignee_id'])]}"


def rated_teammate(row: Row) -> str:
    rating = row["conversation_rating"]
    key = rating["teammate"]["id"] if rating else None
    return f"for {NAMES['teammate'][str(key)]}" if key else "without a teammate"


def monday(row: Row) -> dt.date:
    day = local(row["created_at"]).date()
    return day - dt.timedelta(days=day.weekday())


def day_text(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def week(row: Row) -> str:
    return f"in the week of {day_text(monday(row))}"


def subject(group: str) -> str:
    """A group as the subject of a sentence: "for Ada" is "Ada"."""
    if group.startswith("without"):
        return f"conversations {group}"
    return group.partition(" ")[2]


WAITS = [
    ("first_reply", NOW, team, "teams"),
    ("first_reply_trend", BOTH, week, "weeks"),
    ("first_reply_teammates", NOW, teammate, "teammates"),
    ("time_to_close", NOW, team, "teams"),
    ("time_to_close_trend", BOTH, week, "weeks"),
    ("time_to_close_teammates", NOW, teammate, "teammates"),
]


@pytest.mark.parametrize(("name", "months", "key", "plural"), WAITS)
def test_duration_finding_is_exact_when_it_is_recomputed(
    space: Workspace, made: Report, name: str, months: tuple[int, ...], key: Key, plural: str
) -> None:
    rows, field, what = space.created_in(*months), "time_to_first_close", "time to close"
    base = "conversations were closed"
    if name.startswith("first_reply"):
        rows, field, what = list(filter(by_customer, rows)), "time_to_admin_reply", "first reply"
        base = "customer-started conversations were replied to"
    known = [row for row in rows if number(row, field) is not None]
    medians = {
        group: statistics.median(number(row, field) for row in part)
        for group, part in grouped(known, key).items()
    }
    sizes = Counter(map(key, known))
    found = extreme(medians, sizes)
    assert found is not None
    group, condition = found
    among = f" among {plural} {condition} conversations" if condition else ""
    overall = statistics.median(number(row, field) for row in known)
    assert finding(made, name) == (
        f"Slowest {what}{among}: {subject(group)}, median {span(medians[group])} vs "
        f"{span(overall)} overall ({len(known)} of {len(rows)} {base})"
    )


def is_rated(row: Row) -> bool:
    return row["conversation_rating"] is not None


def is_good(row: Row) -> bool:
    return bool(row["conversation_rating"]["rating"] >= 4)


def was_closed(row: Row) -> bool:
    return number(row, "first_close_at") is not None


def is_resolved(row: Row) -> bool:
    return row["ai_agent"]["resolution_state"] in {"assumed_resolution", "confirmed_resolution"}


def was_assigned(row: Row) -> bool:
    return bool(number(row, "count_assignments"))


RATINGS = (is_rated, is_good, "ratings", "of ratings were good, 4 or 5 of 5", "lowest")
REOPENED = (
    was_closed,
    lambda row: number(row, "count_reopens") >= 1,
    "closed conversations",
    "of closed conversations were reopened",
    "highest",
)
REASSIGNED = (
    was_assigned,
    lambda row: number(row, "count_assignments") > 2,
    "assigned conversations",
    "of assigned conversations were reassigned",
    "highest",
)
SHARES: list[Any] = [
    ("csat", NOW, (team, "teams"), RATINGS),
    ("csat_trend", BOTH, (week, "weeks"), RATINGS),
    ("csat_teammates", NOW, (rated_teammate, "teammates"), RATINGS),
    ("reopens", NOW, (team, "teams"), REOPENED),
    ("handovers", NOW, (team, "teams"), REASSIGNED),
]


@pytest.mark.parametrize(("name", "months", "groups_by", "what"), SHARES)
def test_finding_of_a_share_is_exact_when_it_is_recomputed(
    space: Workspace, made: Report, name: str, months: Any, groups_by: Any, what: Any
) -> None:
    key, plural = groups_by
    counts, is_hit, base, saying, edge = what
    rows = [row for row in space.created_in(*months) if counts(row)]
    hits = sum(map(is_hit, rows))
    low, high = interval(hits, len(rows))
    text = (
        f"{percent(hits / len(rows))} {saying} ({hits} of {len(rows)}; 95% interval "
        f"{percent(low)} to {percent(high)})"
    )
    groups = grouped(rows, key)
    shares = {group: sum(map(is_hit, part)) / len(part) for group, part in groups.items()}
    found = extreme(shares, {g: len(part) for g, part in groups.items()}, low=edge == "lowest")
    if found is not None:
        group, condition = found
        among = f" (of {plural} {condition} {base})" if condition else ""
        text += f"; {edge} {group}, {percent(shares[group])}{among}"
    assert finding(made, name) == text


@pytest.mark.parametrize(
    ("name", "months", "key", "plural"),
    [("automation", NOW, team, "teams"), ("automation_trend", BOTH, week, "weeks")],
)
def test_automation_finding_is_exact_when_it_is_recomputed(
    space: Workspace, made: Report, name: str, months: Any, key: Key, plural: str
) -> None:
    def took_part(row: Row) -> bool:
        return bool(row["ai_agent_participated"])

    rows = space.created_in(*months)
    new = [r for r in rows if by_customer(r) or number(r, "first_contact_reply_at") or took_part(r)]
    mine = list(filter(took_part, rows))
    resolved = sum(map(is_resolved, mine))
    ratings = [row["ai_agent"]["rating"] for row in mine if row["ai_agent"]["rating"]]
    good = sum(rating >= 4 for rating in ratings) / len(ratings)
    groups = grouped(mine, key)
    rates = {group: sum(map(is_resolved, part)) / len(part) for group, part in groups.items()}
    found = extreme(rates, {g: len(part) for g, part in groups.items()}, low=True)
    assert found is not None
    group, condition = found
    among = f" (of {plural} {condition} conversations)" if condition else ""
    assert finding(made, name) == (
        f"The AI agent took part in {percent(len(mine) / len(new))} of conversations with a "
        f"customer message ({len(mine)} of {len(new)}) and resolved "
        f"{percent(resolved / len(mine))} of those ({resolved}); "
        f"{percent(good)} of {len(ratings)} ratings of it were good; lowest "
        f"resolution rate {group}, {percent(rates[group])}{among}"
    )


def test_sla_finding_is_exact_when_it_is_recomputed(space: Workspace, made: Report) -> None:
    rows = space.created_in(*NOW)
    judged_at = max(row["created_at"] for row in rows)

    def verdict(row: Row, field: str, target: int) -> str | None:
        begun = number(row, "first_contact_reply_at") or row["created_at"]
        took = number(row, field)
        if took is not None:
            return "met" if took <= target else "breach"
        is_out = row["statistics"] is None or row["state"] == "closed"
        return "breach" if not is_out and judged_at - begun > target else None

    sentences = []
    for what, field, target, part in [
        ("first reply", "time_to_admin_reply", 3_600, list(filter(by_customer, rows))),
        ("close", "time_to_first_close", 172_800, rows),
    ]:
        judged = [(team(row), verdict(row, field, target)) for row in part]
        judged = [(group, one) for group, one in judged if one]
        late = sum(one == "breach" for _, one in judged)
        groups = {
            g: [v == "breach" for _, v in p] for g, p in grouped(judged, lambda j: j[0]).items()
        }
        shares = {g: sum(flags) / len(flags) for g, flags in groups.items()}
        found = extreme(shares, {g: len(flags) for g, flags in groups.items()})
        assert found is not None
        group, condition = found
        among = f" (of teams {condition} judged)" if condition else ""
        sentences.append(
            f"{percent(late / len(judged))} missed the {what} target of {span(target)} "
            f"({late} of {len(judged)}), most often {group}, "
            f"{percent(shares[group])}{among}"
        )
    assert finding(made, "sla") == "; ".join(sentences)


def test_sla_applied_finding_is_exact_when_it_is_recomputed(space: Workspace, made: Report) -> None:
    applied = [row["sla_applied"] for row in space.created_in(*NOW) if row["sla_applied"]]
    states = Counter(sla["sla_status"] for sla in applied)
    ended = states["hit"] + states["missed"]
    share = percent(states["missed"] / ended)
    expected = f"{share} of SLAs were missed ({states['missed']} of {ended})"
    assert finding(made, "sla_applied") == expected


def test_volume_findings_are_exact_when_they_are_recomputed(space: Workspace, made: Report) -> None:
    times = [local(row["created_at"]) for row in space.created_in(*NOW)]
    cells = Counter((time.weekday(), time.hour) for time in times)
    (day, hour), most = min(cells.items(), key=lambda cell: (-cell[1], cell[0]))
    weekend = sum(time.weekday() >= 5 for time in times)
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][day]
    assert finding(made, "volume") == (
        f"Busiest on {name} from {hour}:00 to {(hour + 1) % 24}:00 ({most} conversations); "
        f"{percent(weekend / len(times))} of conversations start on weekends "
        f"({weekend} of {len(times)})"
    )
    days = Counter(time.date() for time in times)
    every = [dt.date(2026, 10, 1 + number) for number in range(31)]
    top = max(every, key=lambda one: days[one])
    median = statistics.median(days[one] for one in every)
    assert finding(made, "volume_trend") == (
        f"Most conversations on {day_text(top)}: {days[top]} vs {median:.0f} on a median day"
    )


def test_backlog_finding_is_exact_when_it_is_recomputed(space: Workspace, made: Report) -> None:
    def is_open(row: Row, after: dt.date) -> bool:
        closed = number(row, "last_close_at") if row["state"] == "closed" else None
        return local(row["created_at"]).date() <= after and (
            closed is None or local(closed).date() > after
        )

    every = [dt.date(2026, 10, 1 + number) for number in range(31)]
    left = {day: sum(is_open(row, day) for row in space.conversations) for day in every}
    top = max(every, key=lambda one: left[one])
    before = dt.date(2026, 9, 30)
    first, last = sum(is_open(row, before) for row in space.conversations), left[every[-1]]
    way = "grew" if last > first else "shrank"
    assert finding(made, "backlog") == (
        f"The backlog {way} from {first} to {last} open conversations "
        f"(most: {left[top]} on {day_text(top)})"
    )


def test_thread_length_finding_is_exact_when_it_is_recomputed(
    space: Workspace, made: Report
) -> None:
    lengths = {
        row["id"]: number(row, "count_conversation_parts")
        for row in space.created_in(*NOW)
        if row["statistics"]
    }
    most = max(lengths.values())
    longest = min(key for key, length in lengths.items() if length == most)
    ninth = quantile(list(lengths.values()), 90)
    assert finding(made, "thread_length") == (
        f"Median {statistics.median(lengths.values()):g} parts per conversation, 90% have at most "
        f"{-(-ninth // 1):.0f} ({len(lengths)} conversations); the longest, {longest}, has {most}"
    )


def topic_keys(row: Row) -> list[str]:
    return [topic["id"] for topic in row["topics"]["topics"]]


def tag_keys(row: Row) -> list[str]:
    return [tag["id"] for tag in row["tags"]["tags"]]


@pytest.mark.parametrize(
    ("name", "keys", "names"), [("topics", topic_keys, TOPICS), ("tags", tag_keys, NAMES["tag"])]
)
def test_topic_and_tag_findings_are_exact_when_they_are_recomputed(
    space: Workspace, made: Report, name: str, keys: Callable[[Row], list[str]], names: Any
) -> None:
    rows = space.created_in(*NOW)
    sizes = Counter(key for row in rows for key in keys(row))
    ranked = sorted(sizes, key=lambda key: (-sizes[key], key))
    covered = sum(any(key in ranked[:3] for key in keys(row)) for row in rows)
    assert finding(made, name) == (
        f"\u201c{names[ranked[0]]}\u201d is the largest of {len(sizes)} {name}: "
        f"{percent(sizes[ranked[0]] / len(rows))} of conversations "
        f"({sizes[ranked[0]]} of {len(rows)}); the three largest cover "
        f"{percent(covered / len(rows))}"
    )
    weeks = grouped(space.created_in(*BOTH), monday)
    counts = {w: Counter(key for row in part for key in keys(row)) for w, part in weeks.items()}
    all_keys = {key for counted in counts.values() for key in counted}
    usual = {
        key: statistics.median(counts[w][key] / len(weeks[w]) for w in weeks) for key in all_keys
    }
    top, key = max(
        ((w, key) for w in weeks for key in all_keys),
        key=lambda cell: counts[cell[0]][cell[1]] / len(weeks[cell[0]]) - usual[cell[1]],
    )
    assert finding(made, f"{name}_trend") == (
        f"\u201c{names[key]}\u201d stands out in the week of {day_text(top)}: "
        f"{percent(counts[top][key] / len(weeks[top]))} of conversations "
        f"({counts[top][key]} of {len(weeks[top])}) vs {percent(usual[key])} in a median week"
    )


def writers(row: Row) -> list[str]:
    return [contact["id"] for contact in row["contacts"]["contacts"]]


def test_companies_finding_is_exact_when_it_is_recomputed(space: Workspace, made: Report) -> None:
    rows = space.created_in(*NOW)
    of_contact = {p["id"]: [c["id"] for c in p["companies"]["data"]] for p in space.people}
    sizes: Counter[str] = Counter()
    for row in rows:
        own = [row["company"]["id"]] if row["company"] else None
        sizes.update(own or {c for key in writers(row) for c in of_contact.get(key, [])})
    ranked = sorted(sizes, key=lambda key: (-sizes[key], key))
    tenth = max(1, round(len(sizes) / 10))
    share = sum(sizes[key] for key in ranked[:tenth]) / sizes.total()
    assert finding(made, "companies") == (
        f"{COMPANIES[ranked[0]]} has the most: {sizes[ranked[0]]} conversations "
        f"({percent(sizes[ranked[0]] / len(rows))} of {len(rows)}); the busiest tenth of companies "
        f"({tenth} of {len(sizes)}) has {percent(share)} of companies' conversations"
    )


def test_cohorts_finding_is_exact_when_it_is_recomputed(space: Workspace, made: Report) -> None:
    def week_of(second: int) -> int:
        return (local(second).date() - dt.date(2026, 8, 31)).days // 7

    signed_up = {p["id"]: week_of(p["signed_up_at"]) for p in space.people if p["signed_up_at"]}
    joined = {key: w for key, w in signed_up.items() if w >= 0}
    rows = space.created_in(*BOTH)
    active = {(key, week_of(row["created_at"])) for row in rows for key in writers(row)}
    last = max(week_of(row["created_at"]) for row in rows)
    first = [(key, w) in active for key, w in joined.items()]
    later = [
        (key, other) in active for key, w in joined.items() for other in range(w + 1, last + 1)
    ]
    assert finding(made, "cohorts") == (
        f"{percent(sum(first) / len(first))} of {len(first)} new contacts wrote in their first "
        f"week, {percent(sum(later) / len(later))} in an average later week"
    )


def test_findings_of_the_report_are_all_recomputed(made: Report) -> None:
    """A metric that the report gets one day needs a test here."""
    by_hand = {"sla", "sla_applied", "volume", "volume_trend", "backlog", "thread_length"}
    by_hand |= {"topics", "topics_trend", "tags", "tags_trend", "companies", "cohorts", "movers"}
    tested = {case[0] for case in (*WAITS, *SHARES)} | {"automation", "automation_trend"}
    assert set(made.results) == by_hand | tested
