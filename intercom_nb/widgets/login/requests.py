"""Requests of the login form, and how their outcome is explained."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from ...connector.connector import IntercomConnector
from ...connector.identity import Check, status_of
from ...errors import BadRequestError, IntercomError, UnsupportedError
from .fields import Fields

_KEPT = "Your entries are still here."
_HOSTED = {
    "refused": (
        "Airbyte rejected this client id and secret.",
        "Copy both again from the Airbyte web app. They belong together, and a deleted client "
        "stops working.",
    ),
    "intercom refused": (
        "Intercom rejected the token stored with this connector.",
        "Create a connector with a valid token from Intercom's Developer Hub.",
    ),
    "not allowed": (
        "This Airbyte client lacks permission for that.",
        "Check the spelling of the workspace and the organization id, which must be the client's "
        "own, and the subscription.",
    ),
    "not found": (
        "No such connector.",
        "Check the name (it must match exactly), and whether it is a workspace name or an external "
        "user id; or choose “Create a connector”.",
    ),
    "several": (
        "Several Intercom connectors match.",
        "Choose one; its id is filled in for you.",
    ),
    "other generation": (
        "This server doesn't support this request.",
        "Choose the other option under “Owner”: workspace names belong to generation 2 "
        "(current) of Airbyte's API, external user ids to generation 1. Check the custom server "
        "URL if you entered one.",
    ),
    "invalid": (
        "Airbyte rejected the request.",
        "The response names the field. If the client has several organizations, enter the id of "
        "one.",
    ),
}
_DIRECT = {
    "refused": (
        "Intercom rejected this token.",
        "Check that it was copied in full and that the region is right: tokens work only in their "
        "own region. Or create a new one in the Developer Hub.",
    ),
    "not allowed": (
        "This token lacks permission for that.",
        "Grant the app read permission in the Developer Hub.",
    ),
}
_BOTH = {
    "expired": ("The credential has expired.", "Create a new one and paste it here."),
    "unreachable": (
        "Can't reach the server.",
        "Check the network, VPN or proxy, and the custom server URL if you entered one; then try "
        "again.",
    ),
    "busy": ("The server is busy.", "Wait a minute, then try again."),
    "failed": (
        "Server error.",
        "Try again in a minute. Check the custom server URL if you entered one.",
    ),
}


@dataclasses.dataclass(frozen=True)
class LoginOutcome:
    """The outcome of a request.

    Attributes: ``connector`` if one was made; ``check``, whether it works and why not; ``reason``,
    the check's status or a more precise one; ``found``, the hosted connectors to choose from;
    ``created``, the id of a new connector.
    """

    connector: IntercomConnector | None
    check: Check
    reason: str
    found: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    created: str | None = None

    def describe(self, fields: Fields) -> dict[str, str]:
        """Return what is wrong, what to do, and the server's message."""
        table = {**_BOTH, **(_HOSTED if fields.mode == "hosted" else _DIRECT)}
        title, advice = table.get(self.reason, ("Could not connect.", ""))
        if self.created is not None:
            title = f"Airbyte created connector {self.created}. {title}"
        return {"title": title, "advice": f"{advice} {_KEPT}".strip(), "text": self.check.message}


async def use(
    connector: IntercomConnector, created: str | None = None, *, keep: bool = True
) -> LoginOutcome:
    """Check whether a connector works; close it if it does not, or if ``keep`` is false."""
    kept = False
    try:
        outcome = await _check(connector, created)
        kept = keep and bool(outcome.check)
        return outcome
    finally:
        if not kept:
            await connector.aclose()


async def look_up(connector: IntercomConnector) -> LoginOutcome:
    """List the connectors of a workspace; nothing is created."""
    try:
        found = await connectors(connector)
    except IntercomError as error:
        return failed(error)
    finally:
        await connector.aclose()
    return LoginOutcome(connector, Check("ok", "Airbyte accepts the client."), "ok", found)


async def create(
    connector: IntercomConnector, make: Callable[[], Awaitable[IntercomConnector]], again: bool
) -> LoginOutcome:
    """Create a hosted connector and check whether it works.

    If the workspace already has one, nothing is created unless ``again`` is true: with two, the
    workspace name is ambiguous.
    """
    looked = await look_up(connector)
    if not looked.check:
        return looked
    if looked.found and not again:
        return dataclasses.replace(looked, reason="exists")
    try:
        made = await make()
    except IntercomError as error:
        return failed(error)
    return await use(made, str(made.details["connector_id"]))


async def delete(connector: IntercomConnector, connector_id: str) -> None:
    """Delete a hosted connector."""
    try:
        await connector.hosted.delete(connector_id)
    finally:
        await connector.aclose()


async def _check(connector: IntercomConnector, created: str | None) -> LoginOutcome:
    check = await connector.check()
    if connector.mode != "hosted" or check or check.status in {"unreachable", "busy"}:
        return LoginOutcome(connector, check, check.status, [], created)
    # A request that needs less shows whether the client, the workspace or the token is wrong.
    try:
        found = await connectors(connector)
    except IntercomError as error:
        return dataclasses.replace(failed(error), created=created)
    if check.status == "refused":
        return LoginOutcome(connector, check, "intercom refused", [], created)
    wanted = connector.details["connector_id"]
    if wanted is not None and wanted not in {each["id"] for each in found}:
        return LoginOutcome(connector, check, "not found", found, created)
    if check.status == "not found" and len(found) > 1:
        return LoginOutcome(connector, check, "several", found, created)
    return LoginOutcome(connector, check, check.status, [], created)


def failed(error: IntercomError) -> LoginOutcome:
    """Return the outcome of an error."""
    check = Check(status_of(error), str(error))
    reason = check.status
    if isinstance(error, UnsupportedError):
        reason = "other generation"
    elif isinstance(error, BadRequestError):
        reason = "invalid"
    return LoginOutcome(None, check, reason)


async def connectors(connector: IntercomConnector) -> list[dict[str, Any]]:
    """List the workspace's hosted connectors: id, name."""
    found = await connector.hosted.list()
    names = found["name"].fillna("no name")
    return [{"id": i, "name": n} for i, n in zip(found["id"], names, strict=True)]
