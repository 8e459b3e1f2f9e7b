"""A workspace in which every text was written by an attacker; notebooks of the tests import it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
from payloads import PAYLOADS

from intercom_nb import IntercomConnector
from intercom_nb.models import IntercomAuthConfig

START = 1_790_000_000


def connector() -> IntercomConnector:
    """Make a connector to it."""
    return IntercomConnector(
        auth_config=IntercomAuthConfig("x"),
        base_url="http://127.0.0.1:9",
        http=httpx.MockTransport(answer),
    )


def answer(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path == "/me":
        me = {"type": "admin", "id": "1", "app": {"name": PAYLOADS[0]}}
        return httpx.Response(200, json=me)
    if path == "/conversations/search":
        records = [last_month(i, p) for i, p in enumerate(PAYLOADS)]
        return httpx.Response(200, json={"conversations": records, "total_count": len(records)})
    if path == "/teams":
        teams = [{"type": "team", "id": str(i), "name": p} for i, p in enumerate(PAYLOADS[:40])]
        return httpx.Response(200, json={"teams": teams})
    if path == "/conversations":
        records = [conversation(i, p) for i, p in enumerate(PAYLOADS)]
        return httpx.Response(200, json={"conversations": records, "total_count": len(records)})
    if path.startswith("/conversations/"):
        return httpx.Response(200, json=whole_conversation())
    said = {"code": PAYLOADS[1], "message": " ".join(PAYLOADS)}
    error = {"type": "error.list", "request_id": PAYLOADS[2], "errors": [said]}
    return httpx.Response(400, json=error)


def conversation(i: int, payload: str) -> dict[str, Any]:
    author = {"type": "user", "id": str(i), "name": payload, "email": payload}
    tag = {"type": "tag", "id": payload, "name": payload}
    return {
        "type": "conversation",
        "id": str(i),
        "title": payload,
        "state": payload,
        "created_at": START + i,
        "source": {"type": payload, "body": payload, "subject": payload, "author": author},
        "tags": {"type": "tag.list", "tags": [tag]},
        "custom_attributes": {payload: payload, "plan": payload},
    }


def last_month(i: int, payload: str) -> dict[str, Any]:
    """Make a conversation of the last full month, with all that the first screen's metrics read."""
    today = dt.datetime.now(dt.UTC)
    created = dt.datetime(today.year, today.month, 1, tzinfo=dt.UTC) - dt.timedelta(days=1 + i % 25)
    at = int(created.timestamp())
    topic = {"type": "topic", "id": str(i % 40), "name": PAYLOADS[i % 40 + 40]}
    return {
        **conversation(i, payload),
        "created_at": at,
        "waiting_since": at,
        "state": "open",
        "team_assignee_id": i % 40,
        "topics": {"type": "topic.list", "topics": [topic], "total_count": 1},
        "conversation_rating": {"rating": 5, "remark": payload},
        "statistics": {
            "type": "conversation_statistics",
            "time_to_admin_reply": 60 + i,
            "first_admin_reply_at": at + 60 + i,
        },
    }


def whole_conversation() -> dict[str, Any]:
    parts = [
        {
            "type": "conversation_part",
            "id": str(i),
            "part_type": "comment",
            "body": payload,
            "created_at": START + i,
            "author": {"type": "user", "id": "1", "name": payload},
        }
        for i, payload in enumerate(PAYLOADS)
    ]
    listed = {"conversation_parts": parts, "total_count": len(parts)}
    return {**conversation(0, PAYLOADS[0]), "conversation_parts": listed}
