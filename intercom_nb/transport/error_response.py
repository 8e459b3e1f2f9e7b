"""Errors made from responses: status, body, headers -> one of our error classes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from .. import errors
from .protocol import UNREADABLE, Response, Service

OUTCOME_UNKNOWN = "It may have taken effect: check before you send it again."
SCROLL_EXPIRES_AFTER = 60.0
"""Seconds after its last use when a scroll expires.

Source: developers.intercom.com, "Scroll over all companies".
"""
_LONGEST_TEXT = 500  # characters of a server's message
_DEEPEST = 8  # levels of an error body that are looked at
_MESSAGES = ("userPresentableMessage", "message", "msg", "error_description", "detail", "title")
# Atomic: a run of comments can be split in exponentially many ways.
_PAGE = re.compile(r"(?>\s*<!--.*?-->)*\s*<(!doctype html|html|head|body)\b", re.I | re.S)
# Keys that hold further errors, or the fields that they are about.
_NESTED = ("errors", "error", "detail", "message")


def choose_error(
    response: Response, label: str, *, retry_safe: bool = True, service: Service = "intercom"
) -> errors.APIError:
    """Return the error for a response that is not a success; no other place does.

    ``label`` names the request in the text.
    """
    status, page = response.status, _page_title(response)
    code, message = (None, page) if page is not None else _read_body(response)
    request_id = _request_id(response)
    unknown = not retry_safe and (status < 400 or status >= 500 or status == 408)
    merged_into = _successor(response) if status == 410 else None
    if unknown:
        advice = OUTCOME_UNKNOWN
    elif page is not None and status < 500:
        advice = (
            "A gateway or firewall sent this web page, not the API: check base_url and network."
        )
    elif merged_into:
        advice = f"The record was merged into {merged_into}: use that id."
    else:
        advice = _advice(status, code, service)
    status_text = ", ".join(filter(None, [str(status), code]))
    text = f"{label}: the server responded with {status_text}" + (
        f": {message}" if message else "."
    )
    if not text.endswith((".", "!", "?")):
        text += "."
    text += f" {advice}" if advice else ""
    text += f" (request id {request_id})" if request_id else ""
    error = errors.api_error_class(status)(text, status=status, code=code, request_id=request_id)
    error.outcome_unknown, error.merged_into = unknown, merged_into
    if code == "scroll_exists":
        error.retry_after = SCROLL_EXPIRES_AFTER
    if _is_failed_job(response):
        error.code, error.is_transient = "job_failed", False
    return error


def _is_failed_job(response: Response) -> bool:
    """Return whether a response reports a failed job, which a retry would not change."""
    if b"job_identifier" not in response.content:
        return False
    try:
        data = msgspec.json.decode(response.content)
    except (msgspec.DecodeError, RecursionError):
        return False
    return isinstance(data, Mapping) and data.get("status") in {"failed", "error", "canceled"}


def unreadable(response: Response, label: str, why: str) -> errors.InvalidResponseError:
    """Return the error for a success whose body is not what it should be."""
    kind = response.headers.get("content-type", "no content type")
    text = f"{label}: the response ({response.status}, {kind}) {why}."
    title = _page_title(response)
    if title is not None:
        text += " It is a web page" + (f" ({title!r})" if title else "")
        text += ": a proxy or a wrong base_url may be in the way."
    if response.request_id:
        text += f" (request id {response.request_id})"
    return errors.InvalidResponseError(text, status=response.status, request_id=response.request_id)


def mark_outcome_unknown(error: errors.IntercomError) -> None:
    """Mark an error: the write may have taken effect."""
    if not error.outcome_unknown:
        error.outcome_unknown = True
        error.args = (f"{error} {OUTCOME_UNKNOWN}",)


_INTERCOM_ADVICE: dict[int, str] = {
    401: (
        "Check that the token was copied in full and that the region is right: a token works only "
        "in its own region."
    ),
    402: "The workspace's plan does not include this.",
    403: (
        "The token lacks permission for this: give the app the permission in Intercom's "
        "Developer Hub."
    ),
    404: "Check the id. Merged or deleted records cannot be found.",
    406: "The server cannot send what was requested.",
    409: "A record like this exists already.",
    410: "The record was merged into another one.",
    429: "Other clients of the same app may be using up its allowance; try again in a minute.",
}

_AIRBYTE_ADVICE: dict[int, str] = {
    401: (
        "Airbyte rejects the client id and secret, or Intercom rejects the connector's token: "
        "check both."
    ),
    403: (
        "The client lacks permission for this: check workspace_name, organization_id and the "
        "subscription."
    ),
    404: "Check the record's id and the connector's id.",
    429: "The service is busy; try again in a minute.",
}
_ADVICE: dict[Service, dict[int, str]] = {"intercom": _INTERCOM_ADVICE, "airbyte": _AIRBYTE_ADVICE}


def _advice(status: int, code: str | None, service: Service) -> str:
    if status >= 500:
        return "The fault is on the server's side; try again later."
    if 300 <= status < 400:
        return "Redirects are not followed: check the base_url."
    if code == "intercom_version_invalid":
        return "Check version=."
    return _ADVICE[service].get(status, "")


def _decoded(response: Response) -> Any:
    return msgspec.json.decode(response.content) if response.content else None


def _read_body(response: Response) -> tuple[str | None, str | None]:
    """Return the code and the text of an error body, Intercom's, Airbyte's or a gateway's."""
    try:
        data = _decoded(response)
    except UNREADABLE:
        return None, "the response is not JSON"
    entries = list(_entries(data))
    code = next((str(e["code"]) for e in entries if isinstance(e.get("code"), (str, int))), None)
    texts = dict.fromkeys(filter(None, map(_sentence, entries)))
    return code, "; ".join(texts)[:_LONGEST_TEXT] or None


def _request_id(response: Response) -> str | None:
    try:
        data = _decoded(response)
    except UNREADABLE:
        data = None
    found = data.get("request_id") if isinstance(data, Mapping) else None
    return str(found) if isinstance(found, (str, int)) and found else response.request_id


def _entries(data: Any, field: str | None = None, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of an error body that may have a code or a text, the inner ones first."""
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        yield {"message": data, "field": field}
    elif isinstance(data, list):
        for each in data:
            yield from _entries(each, field, depth + 1)
    elif isinstance(data, Mapping):
        has_text = any(isinstance(data.get(key), str) for key in ("code", *_MESSAGES))
        nested = {k: data[k] for k in _NESTED if isinstance(data.get(k), (list, Mapping))}
        if not has_text and not nested:
            # {"email": ["is taken"]}, or {"error": "not found"}
            nested = {k: v for k, v in data.items() if k == "error" or not isinstance(v, str)}
        inner = [e for k, v in nested.items() for e in _entries(v, _field(k), depth + 1)]
        yield from inner
        if has_text:  # what stands around a list of errors has nothing to add but a code
            yield {"code": data.get("code")} if inner else data


def _field(key: object) -> str | None:
    return None if key in _NESTED else str(key)


def _sentence(entry: Mapping[str, Any]) -> str:
    texts = (entry.get(key) for key in _MESSAGES)
    text = next((value for value in texts if isinstance(value, str) and value), "")
    location = entry.get("loc")
    steps = ".".join(map(str, location)) if isinstance(location, list) else entry.get("field")
    return f"{steps}: {text}" if steps and text else text


def _page_title(response: Response) -> str | None:
    """Return the title of a web page (without one: ""), or None if the body is not a page."""
    start = response.content[:20_000].decode("utf-8", "replace")
    if not _PAGE.match(start):
        return None
    found = re.search(r"<title[^<>]*>([^<]*)", start, re.I)
    return " ".join(html.unescape(found[1]).split())[:200] if found else ""


def _successor(response: Response) -> str | None:
    """Return the id of the record that a merged one became, from ``Link`` or the message."""
    link = re.search(r"<[^<>]*/([^/<>?#]+)[^<>]*>", response.headers.get("link", ""))
    text = _read_body(response)[1] or ""
    found = link or re.search(r"\binto\b.*?\b([0-9a-f]{24}|\d{3,})\b", text)
    return found[1] if found else None
