"""Direct execution: Intercom's API with the user's own access token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ..catalog.model import Operation
from ..errors import ConfigurationError, UnsupportedError, did_you_mean
from ..paging import next_params
from ..transport import wire
from ..transport.client import Transport
from ..transport.wire import RateLimit, Response
from . import Page

REGIONS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
DEFAULT_VERSION = "2.15"


def region_url(region: str) -> str:
    """Give the address of the API in a region; raises ConfigurationError for an unknown one."""
    try:
        return REGIONS[region.strip().lower()]
    except (KeyError, AttributeError):
        raise ConfigurationError(
            f"There is no region {region!r}.{did_you_mean(str(region), REGIONS)}"
        ) from None


class DirectExecutor:
    """Run operations on Intercom's API, version by version as the catalogue describes them."""

    mode = "direct"

    def __init__(self, transport: Transport, version: str = DEFAULT_VERSION) -> None:
        self.transport = transport
        self.version = version

    @property
    def rate_limit(self) -> RateLimit | None:
        """The state of Intercom's rate window, as the newest answer told it."""
        return self.transport.governor.rate

    def refuse(self, operation: Operation) -> None:
        """Raise UnsupportedError for an operation that is newer than this connector's version."""
        since = operation.since
        if since and _version(self.version) < _version(since):
            raise UnsupportedError(
                f"{operation.name} exists from API version {since} on; this connector speaks "
                f"{self.version}. Make it with version={since!r}."
            )

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once."""
        request = wire.build_request(operation, params, self.version)

        def read(response: Response) -> Page:
            return read_page(operation, params, response)

        return await self.transport.send(request, operation.name, read)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.transport.aclose()


def read_page(operation: Operation, params: Mapping[str, Any], response: Response) -> Page:
    """Cut an answer into its records; raises UnreadableAnswerError when that cannot be done."""
    content = response.content
    if operation.answer == "none" or (not content.strip() and operation.method == "DELETE"):
        # Some deletions are answered by an empty body: say what was deleted all the same.
        done = {"id": params.get("id"), "deleted": True}
        return Page([msgspec.Raw(msgspec.json.encode(done))])
    try:
        answer = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        return _page(operation, params, answer, content)
    except msgspec.DecodeError:
        why = "is empty" if not content.strip() else "is not the JSON that it should be"
        raise wire.unreadable(response, operation.name, why) from None
    except KeyError as missing:
        why = f"has no {missing.args[0]!r} in it"
        raise wire.unreadable(response, operation.name, why) from None


def _page(
    operation: Operation, params: Mapping[str, Any], answer: dict[str, msgspec.Raw], content: bytes
) -> Page:
    if operation.records is None:
        return Page([msgspec.Raw(content)])
    *parents, key = operation.records.split(".")
    holder = answer
    for parent in parents:
        holder = msgspec.json.decode(holder[parent], type=dict[str, msgspec.Raw])
    if key not in holder and "id" in answer:
        # A list asked for by an exact name answers the one record itself.
        return Page([msgspec.Raw(content)], None, 1)
    records = msgspec.json.decode(holder[key], type=list[msgspec.Raw] | None) or []
    rest = {k: msgspec.json.decode(v) for k, v in answer.items() if k != operation.records}
    total = rest.get("total_count")
    return Page(
        records,
        next_params(operation, params, rest, len(records)),
        total if isinstance(total, int) else None,
    )


def _version(text: str) -> tuple[int, ...]:
    # Read as numbers between dots: 2.10 is newer than 2.9. "Preview" and the like are the newest.
    parts = text.split(".")
    return tuple(int(p) for p in parts) if all(p.isdigit() for p in parts) else (10**6,)
