"""What the login form remembers in this computer's keyring, and how it forgets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...credentials import ORGANIZATION_ID, REGION, Secret, check_token, forget, remember
from ...errors import IntercomError
from .fields import SETTINGS, Fields


def remember_typed(fields: Fields, content: Mapping[str, Any]) -> str:
    """Keep the credentials in the keyring where that was asked for; says what became of it.

    What belongs to them is kept with them. The Intercom token that Airbyte is to keep is not:
    nobody on this computer needs it from then on.
    """
    secrets = content.get("secrets") or {}
    typed = {
        name: secrets[name]
        for name in fields.secrets
        if isinstance(secrets.get(name), Secret) and secrets[name].reveal().strip()
    }
    if fields.creates:
        typed.pop("access_token", None)
    if content.get("remember") is not True:
        return ""
    if not typed:
        return "Nothing was typed that could be remembered."
    try:
        for name, value in typed.items():
            remember(check_token(value), SETTINGS[name])
        if fields.mode == "token" and not fields.address:
            remember(fields.region, REGION)
        elif fields.organization_id:
            remember(fields.organization_id, ORGANIZATION_ID)
        elif fields.mode == "hosted":
            forget(ORGANIZATION_ID)  # another client's
    except IntercomError as error:
        return str(error)
    return "Remembered in this computer's keyring."


def forget_all() -> str:
    """Take everything out of the keyring; says what was there."""
    try:
        gone = forget()
    except IntercomError as error:
        return str(error)
    return f"Forgotten: {', '.join(gone)}." if gone else "Nothing was remembered."
