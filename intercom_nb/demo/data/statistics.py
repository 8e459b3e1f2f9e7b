"""Statistics of a conversation, computed from its events.

The workspace has no office hours, so durations are plain seconds. Only
`assigned_team_first_response_time_in_office_hours` omits the time when the team was away.
"""

from __future__ import annotations

from statistics import median

from intercom_nb.demo.data.organization import OFFICE, TEAMS, Record, team_id
from intercom_nb.demo.data.stories import ADMIN, CONTACT, Event, Story

_CONTACT_ROLES = (CONTACT, "lead")


def is_contact_message(event: Event) -> bool:
    """Return whether a contact wrote this part."""
    return event.by in _CONTACT_ROLES and event.text is not None


def is_admin_reply(event: Event) -> bool:
    """Return whether a human teammate replied with this part; a note is not a reply."""
    return event.by == ADMIN and event.kind == "comment"


def count(story: Story) -> Record:
    """Return the statistics object of a story."""
    begin = _first_contact(story)
    after = [event for event in story.events if begin is not None and event.at >= begin]
    assigned = [event for event in after if event.kind == "assignment"]
    replies = [event for event in after if is_admin_reply(event)]
    closes = [event for event in after if event.kind == "close"]
    written = [event.at for event in after if is_contact_message(event)]
    first_reply = replies[0].at if replies else None
    return {
        "type": "conversation_statistics",
        "time_to_assignment": _since(story, _assigned_before(assigned, first_reply)),
        "time_to_admin_reply": _since(story, first_reply),
        "time_to_first_close": _since(story, closes[0].at if closes else None),
        "time_to_last_close": _since(story, closes[-1].at if closes else None),
        "median_time_to_reply": _median_reply(story, begin),
        "first_contact_reply_at": begin,
        "first_assignment_at": assigned[0].at if assigned else None,
        "first_admin_reply_at": first_reply,
        "first_close_at": closes[0].at if closes else None,
        "last_assignment_at": assigned[-1].at if assigned else None,
        "last_assignment_admin_reply_at": _reply_after_assignment(assigned, replies),
        "last_contact_reply_at": written[-1] if written else begin,
        "last_admin_reply_at": replies[-1].at if replies else None,
        "last_close_at": closes[-1].at if closes else None,
        "last_closed_by_id": closes[-1].actor if closes else None,
        "count_reopens": sum(event.kind == "open" for event in after),
        "count_assignments": len(assigned),
        "count_conversation_parts": len(story.events),
        **_team_times(story, assigned, first_reply),
        "handling_time": _handling(assigned, closes),
        "adjusted_handling_time": None,
    }


def _first_contact(story: Story) -> int | None:
    # The first message of an inbound conversation is the contact's.
    if not story.outbound:
        return story.created_at
    return next((event.at for event in story.events if is_contact_message(event)), None)


def _since(story: Story, at: int | None) -> int | None:
    return None if at is None else at - story.created_at


def _assigned_before(assigned: list[Event], first_reply: int | None) -> int | None:
    """Return the last assignment before the first reply, or the last one without a reply."""
    before = [event.at for event in assigned if first_reply is None or event.at <= first_reply]
    return before[-1] if before else None


def _median_reply(story: Story, begin: int | None) -> int | None:
    """Return the median time from a contact's message to the next reply of a teammate."""
    waiting, waits = None if story.outbound else begin, []
    for event in story.events:
        if is_contact_message(event) and waiting is None:
            waiting = event.at
        elif is_admin_reply(event) and waiting is not None:
            waits.append(event.at - waiting)
            waiting = None
    return int(median(waits)) if waits else None


def _reply_after_assignment(assigned: list[Event], replies: list[Event]) -> int | None:
    if not assigned:
        return None
    last = assigned[-1].at
    return next((event.at for event in replies if event.at >= last), None)


def _team_times(story: Story, assigned: list[Event], first_reply: int | None) -> Record:
    """Return the time from the assignment to the replying team until its first reply."""
    team = story.team
    given = [e.at for e in assigned if team is not None and e.target == ("team", team_id(team))]
    plain: list[Record] = []
    office: list[Record] = []
    if team is not None and given and first_reply is not None:
        name = {"team_id": int(team_id(team)), "team_name": TEAMS[team].name}
        plain.append({**name, "response_time": first_reply - given[0]})
        office.append({**name, "response_time": OFFICE[team].between(given[0], first_reply)})
    return {
        "assigned_team_first_response_time": plain,
        "assigned_team_first_response_time_in_office_hours": office,
    }


def _handling(assigned: list[Event], closes: list[Event]) -> int | None:
    """Return the time from the first assignment to the last close."""
    if not assigned or not closes or closes[-1].at < assigned[0].at:
        return None
    return closes[-1].at - assigned[0].at
