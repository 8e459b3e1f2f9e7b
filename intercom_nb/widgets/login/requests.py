"""What the login form asks of the servers, and how it tells what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any

from ...connector.connector import IntercomConnector
from ...connector.identity import Check, status_of
from ...errors import BadRequestError, IntercomError, UnsupportedError
from .fields import Fields

_KEPT = "What you typed is still here."
_HOSTED = {
    "refused": (
        "Airbyte does not take this client id and secret.",
        "Copy both again from the Airbyte web app: they belong together, and a deleted client "
        "never works again.",
    ),
    "intercom refused": (
        "Intercom refuses the token that this connector keeps.",
        "Create a connector with a token that works, made in Intercom's Developer Hub.",
    ),
    "not allowed": (
        "Airbyte knows the client, but does not allow this.",
        "Check the spelling of the workspace and the organization id, which must be the client's "
        "own, and the subscription.",
    ),
    "not found": (
        "There is no such connector.",
        "Check the name, which counts to the letter, and whether it is a workspace name or an "
        "external user id; or choose “Create a connector”.",
    ),
    "several": (
        "There are several Intercom connectors.",
        "Choose one of them; its id is then filled in.",
    ),
    "other generation": (
        "The server does not know this way to ask.",
        "Choose the other name under “Whose connector”: a workspace name goes with today's API, an "
        "external user id with the first one. Check the address if you gave one.",
    ),
    "invalid": (
        "Airbyte does not accept what was sent.",
        "The answer names the field. Where the organization has several, give its id.",
    ),
}
_DIRECT = {
    "refused": (
        "Intercom refuses the token.",
        "Check the region: a token of one region is refused by the others. Or make a new token in "
        "the Developer Hub and copy it whole.",
    ),
    "not allowed": (
        "Intercom knows the token, but does not allow this.",
        "Give the app the permission to read in the Developer Hub.",
    ),
}
_BOTH = {
    "expired": ("The credential has expired.", "Make a new one and paste it here."),
    "unreachable": (
        "There is no answer.",
        "Check the network, a VPN or proxy, and the address if you gave one; then try again.",
    ),
    "busy": ("The server has too much to do just now.", "Wait a minute, then try again."),
    "failed": (
        "The server could not do it.",
        "Try again in a minute; check the address if you gave one.",
    ),
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a request of the form.

    Attributes: ``connector`` if one was made; ``check`` says whether it works, and why not;
    ``reason`` is the check's status or a finer word; ``found`` are the workspace's hosted
    connectors where there is something to choose; ``created`` the id of a new one.
    """

    connector: IntercomConnector | None
    check: Check
    reason: str
    found: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    created: str | None = None

    def words(self, fields: Fields) -> dict[str, str]:
        """Say what went wrong, what to do about it, and what the server said."""
        table = {**_BOTH, **(_HOSTED if fields.mode == "hosted" else _DIRECT)}
        title, advice = table.get(self.reason, ("That did not work.", ""))
        if self.created is not None:
            title = f"Airbyte made the connector {self.created}. {title}"
        return {"title": title, "advice": f"{advice} {_KEPT}".strip(), "text": self.check.message}


async def use(
    connector: IntercomConnector, created: str | None = None, *, keep: bool = True
) -> Outcome:
    """Ask the server whether a connector works; one that does not, or is not kept, is closed."""
    kept = False
    try:
        outcome = await _ask(connector, created)
        kept = keep and bool(outcome.check)
        return outcome
    finally:
        if not kept:
            await connector.aclose()


async def look_up(connector: IntercomConnector) -> Outcome:
    """Ask for the connectors of a workspace, which changes nothing."""
    try:
        found = await connectors(connector)
    except IntercomError as error:
        return failed(error)
    finally:
        await connector.aclose()
    return Outcome(connector, Check("ok", "Airbyte takes the client."), "ok", found)


async def create(
    connector: IntercomConnector, make: Callable[[], Awaitable[IntercomConnector]], again: bool
) -> Outcome:
    """Make a hosted connector, and ask whether it works.

    Where the workspace has one already, nothing is made unless ``again`` is true: from then on
    its name alone would not tell which one is meant.
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


async def _ask(connector: IntercomConnector, created: str | None) -> Outcome:
    check = await connector.check()
    if connector.mode != "hosted" or check or check.status in {"unreachable", "busy"}:
        return Outcome(connector, check, check.status, [], created)
    # What is wrong is told apart by a request that needs less: the client and the workspace.
    try:
        found = await connectors(connector)
    except IntercomError as error:
        return dataclasses.replace(failed(error), created=created)
    if check.status == "refused":
        return Outcome(connector, check, "intercom refused", [], created)
    asked = connector.details["connector_id"]
    if asked is not None and asked not in {each["id"] for each in found}:
        return Outcome(connector, check, "not found", found, created)
    if check.status == "not found" and len(found) > 1:
        return Outcome(connector, check, "several", found, created)
    return Outcome(connector, check, check.status, [], created)


def failed(error: IntercomError) -> Outcome:
    """Make the outcome of an error."""
    check = Check(status_of(error), str(error))
    reason = check.status
    if isinstance(error, UnsupportedError):
        reason = "other generation"
    elif isinstance(error, BadRequestError):
        reason = "invalid"
    return Outcome(None, check, reason)


async def connectors(connector: IntercomConnector) -> list[dict[str, Any]]:
    """List the workspace's hosted connectors: id, name."""
    found = await connector.hosted.list()
    names = found["name"].fillna("no name")
    return [{"id": i, "name": n} for i, n in zip(found["id"], names, strict=True)]
