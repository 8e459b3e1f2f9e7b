"""Confirmation of a write: the user sees the exact request before it is sent."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any

import pandas as pd
from mcp.server.mcpserver import Context
from pydantic import BaseModel, Field


class Confirmation(BaseModel):
    """The user's decision about one request."""

    send: bool = Field(default=False, description="Send this request to Intercom")


class Confirmer:
    """Ties a confirmation to one exact request of this process.

    A client without elicitation shows the plan and calls again with its code. The code is an HMAC
    of the request, so it fits no other request and no other process.

    >>> confirmer = Confirmer()
    >>> plan = {"method": "POST", "url": "https://api.intercom.io/tags", "body": {"name": "vip"}}
    >>> confirmer.is_valid(confirmer.code(plan), plan)
    True
    >>> confirmer.is_valid("guess", plan)
    False
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def code(self, plan: dict[str, Any]) -> str:
        """Return the confirmation code of a request."""
        text = json.dumps(plan, sort_keys=True, default=str)
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def is_valid(self, code: str | None, plan: dict[str, Any]) -> bool:
        """Return whether a code belongs to this request."""
        return code is not None and hmac.compare_digest(code, self.code(plan))


def plan_of(preview: pd.DataFrame) -> dict[str, Any]:
    """Return the request of a dry run as a plain object: method, url, body."""
    row = preview.iloc[0]
    body = None if pd.isna(row["body"]) else json.loads(row["body"])
    return {"method": row["method"], "url": row["url"], "body": body}


def question(name: str, plan: dict[str, Any]) -> str:
    """Return the question that a user confirms, with the exact request."""
    body = json.dumps(plan["body"], ensure_ascii=False, indent=2, default=str)
    request = f"{plan['method']} {plan['url']}\n{body}"
    return f"{name} changes the workspace. Send this request?\n{request}"


def can_elicit(ctx: Context[Any, Any]) -> bool:
    """Return whether the client can ask its user a question."""
    capabilities = ctx.client_capabilities
    return capabilities is not None and capabilities.elicitation is not None
