"""Two months of a made-up workspace, as raw records: the input of tests that recompute a report."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo

from tests.analysis.frames import contacts, conversation, frame, seconds

ZONE = "Europe/Berlin"
NAMES = {
    "team": {"1": "Billing", "2": "Sales", "3": "Support", "4": "Returns"},
    "teammate": {"1": "Ada", "2": "Ben", "3": "Cy", "4": "Di", "5": "Eve", "6": "Flo"},
    "tag": {key: f"tag {key}" for key in "abcdef"},
}
TOPICS = {"1": "Refunds", "2": "Login", "3": "Exports"}
COMPANIES = {str(n): f"Company {n}" for n in range(25)}
STATES = ["assumed_resolution", "confirmed_resolution", "escalated", "negative_feedback", None]


@dataclasses.dataclass(frozen=True)
class Workspace:
    """Raw records of the API, and the same as the frames that a report takes."""

    conversations: list[dict[str, Any]]
    people: list[dict[str, Any]]

    @property
    def tables(self) -> dict[str, Any]:
        """The arguments of ``inb.report`` beside the period."""
        return {
            "source": frame(*self.conversations),
            "contacts": contacts(*self.people),
            "companies": COMPANIES,
            "names": NAMES,
            "zone": ZONE,
        }

    def created_in(self, *months: int) -> list[dict[str, Any]]:
        """The conversations created in some months of 2026, on the clocks of the zone."""
        return [c for c in self.conversations if local(c["created_at"]).month in months]


def local(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, ZoneInfo(ZONE))


def workspace(seed: int) -> Workspace:
    """Conversations of September and October 2026; with an outage in October if the seed is odd."""
    dice = random.Random(seed)
    made = [_conversation(dice, number, tag=None) for number in range(520)]
    if seed % 2:
        made += [_conversation(dice, 900 + number, tag="f") for number in range(60)]
    people = [
        {
            "id": f"c{number}",
            "signed_up_at": seconds(f"2026-{dice.choice(['08', '09', '10'])}-{1 + number % 28:02}")
            if number % 6
            else None,
            "companies": {
                "data": [{"id": k} for k in dice.sample(list(COMPANIES), dice.randrange(3))]
            },
        }
        for number in range(90)
    ]
    return Workspace(made, people)


def _conversation(dice: random.Random, number: int, tag: str | None) -> dict[str, Any]:
    day = dt.date(2026, 10 if tag else 9, 2) + dt.timedelta(days=dice.randrange(28 if tag else 59))
    created = f"{day} {dice.randrange(24):02}:{dice.randrange(60):02}"
    is_closed, agent = dice.random() < 0.7, dice.random() < 0.5
    team = dice.choices([1, 2, 3, 4, None], [40, 30, 20, 4, 6])[0]
    admin = dice.choice([1, 2, 3, 4, 5, 6])
    rating = {"rating": dice.choice([1, 3, 4, 5, 5]), "teammate": {"id": dice.choice([admin, 1])}}
    tags = [tag] if tag else dice.sample("abcde", dice.choice([0, 1, 1, 2]))
    topics = dice.sample(list(TOPICS), dice.choice([0, 1, 2]))
    source = {
        "type": dice.choice(["email", "conversation", "whatsapp"]),
        "delivered_as": dice.choices(["customer_initiated", "admin_initiated"], [9, 1])[0],
    }
    sla = {"sla_name": "VIP", "sla_status": dice.choice(["hit", "hit", "missed", "active"])}
    return conversation(
        created,
        id=f"{number:04}",
        state="closed" if is_closed else dice.choice(["open", "snoozed"]),
        team_assignee_id=team,
        admin_assignee_id=admin,
        source=source,
        contacts={"contacts": [{"id": f"c{dice.randrange(95)}"}]},
        company={"id": dice.choice(list(COMPANIES))} if dice.random() < 0.2 else None,
        tags={"tags": [{"id": key, "name": key} for key in tags]},
        topics={"topics": [{"id": key, "name": TOPICS[key]} for key in topics]},
        sla_applied=sla if dice.random() < 0.4 else None,
        conversation_rating=rating if dice.random() < 0.35 else None,
        ai_agent_participated=agent,
        ai_agent={"resolution_state": dice.choice(STATES), "rating": dice.choice([None, 2, 4])}
        if agent
        else None,
        statistics=_statistics(dice, seconds(created), is_closed=is_closed),
    )


def _statistics(dice: random.Random, begun: int, *, is_closed: bool) -> dict[str, Any] | None:
    if dice.random() < 0.03 and not is_closed:
        return None
    numbers: dict[str, Any] = {
        "count_conversation_parts": int(dice.lognormvariate(2, 0.7)) + 1,
        "count_assignments": dice.choice([0, 1, 1, 2, 3, 4]),
        "count_reopens": 0,
    }
    if dice.random() < 0.8:
        numbers["first_contact_reply_at"] = begun
    if dice.random() < 0.75:
        wait = int(dice.lognormvariate(8, 1.4))
        numbers |= {"time_to_admin_reply": wait, "first_admin_reply_at": begun + wait}
    if is_closed or dice.random() < 0.2:
        took = int(dice.lognormvariate(11, 1))
        again = 0 if dice.random() < 0.8 else dice.randrange(60, 90_000)
        numbers |= {
            "time_to_first_close": took,
            "first_close_at": begun + took,
            "last_close_at": begun + took + again,
            "count_reopens": int(again > 0),
        }
    return numbers
