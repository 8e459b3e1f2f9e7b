"""Confirmation of a write: the user sees the exact request before it is sent."""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections import OrderedDict
from typing import Any

import pandas as pd
from mcp.server.mcpserver import Context
from pydantic import BaseModel, Field

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MAX_PLANNED = 100  # requests that wait for their code


class Confirmation(BaseModel):
    """The user's decision about one request."""

    send: bool = Field(default=False, description="Send this request to Intercom")


class Confirmer:
    """Ties a confirmation to one exact request of this process.

    A client without elicitation shows the plan and calls again with its code, which is random,
    fits no other request and is used up by one call.

    >>> confirmer = Confirmer()
    >>> plan = {"method": "POST", "url": "https://api.intercom.io/tags", "body": {"name": "vip"}}
    >>> code = confirmer.code(plan)
    >>> [confirmer.redeem(code, plan).send for _ in range(2)]
    [True, False]
    """

    def __init__(self) -> None:
        self._planned: OrderedDict[str, str] = OrderedDict()

    def code(self, plan: dict[str, Any]) -> str:
        """Return a new confirmation code of a request."""
        code = secrets.token_hex(16)
        self._planned[code] = _text(plan)
        while len(self._planned) > _MAX_PLANNED:
            self._planned.popitem(last=False)
        return code

    def redeem(self, code: str | None, plan: dict[str, Any]) -> Confirmation:
        """Use up a code, and return whether it confirms this request."""
        if code is None or self._planned.get(code) != _text(plan):
            return Confirmation(send=False)
        del self._planned[code]
        return Confirmation(send=True)


def plan_of(preview: pd.DataFrame) -> dict[str, Any]:
    """Return the request of a dry run as a plain object: method, url, body."""
    row = preview.iloc[0]
    body = None if pd.isna(row["body"]) else json.loads(row["body"])
    return {"method": row["method"], "url": row["url"], "body": body}


def question(name: str, plan: dict[str, Any]) -> str:
    """Return the question that a user confirms, with the exact request."""
    body = json.dumps(plan["body"], ensure_ascii=False, indent=2, default=str)
    request = f"{plan['method']} {plan['url']}\n{body}"
    return f"{name} changes the workspace. Send this request?\n{visible(request)}"


def visible(text: str) -> str:
    r"""Escape characters that are not seen, or that reorder or hide the text around them.

    >>> print(visible("Hi \u202etpircs\u200b"))
    Hi \u202etpircs\u200b
    """
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in _UNSEEN else f"\\u{ord(c):04x}"
        for c in text
    )


def _text(plan: dict[str, Any]) -> str:
    return json.dumps(plan, sort_keys=True, default=str)


def can_elicit(ctx: Context[Any, Any]) -> bool:
    """Return whether the client can ask its user a question."""
    capabilities = ctx.client_capabilities
    asks = None if capabilities is None else capabilities.elicitation
    # A client that only opens URLs cannot show a form.
    return asks is not None and (asks.form is not None or asks.url is None)
