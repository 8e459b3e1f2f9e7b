"""Credentials of the login form in this computer's keyring: remember and forget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...credentials import ORGANIZATION_ID, REGION, check_token, forget, remember
from ...errors import IntercomError
from ...secret import Secret
from .fields import SETTINGS, Fields


def remember_credentials(fields: Fields, content: Mapping[str, Any]) -> str:
    """Save the credentials to the keyring if the box is ticked; return what was done as text.

    The region or the organization is saved with them. The Intercom token that Airbyte will store
    is not: nothing on this computer needs it again.
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
        return "Nothing to remember: no credential was typed."
    try:
        for name, value in typed.items():
            remember(check_token(value), SETTINGS[name])
        if fields.mode == "token" and not fields.address:
            remember(fields.region, REGION)
        elif fields.organization_id:
            remember(fields.organization_id, ORGANIZATION_ID)
        elif fields.mode == "hosted":
            forget(ORGANIZATION_ID)  # it belonged to another client
    except IntercomError as error:
        return str(error)
    return "Saved to this computer's keyring."


def forget_credentials() -> str:
    """Delete everything from the keyring; return what was deleted as text."""
    try:
        gone = forget()
    except IntercomError as error:
        return str(error)
    return f"Deleted from the keyring: {', '.join(gone)}." if gone else "Nothing was saved."
