"""Execute calls: run an entity's action on the demo's Intercom API."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from intercom_nb.demo.airbyte.http import HostedError, check_fields, invalid
from intercom_nb.demo.messages import DemoRequest, DemoResponse

VERSION = "2.11"
"""Intercom API version that hosted connectors request."""

ExecuteResult = tuple[Any, dict[str, Any] | None]
"""The `result` and the `connector_metadata` of an execute call."""

_CUT = 200


class HostedAction(NamedTuple):
    """Definition of an action: method, path, parameters, and the key of its records."""

    method: str
    path: str
    params: dict[str, type | None]
    records: str | None = None
    is_paged: bool = False


_PAGE = {"per_page?": int, "starting_after?": str}
_CONTACT: dict[str, type | None] = {
    **dict.fromkeys(("external_id?", "email?", "phone?", "name?", "avatar?"), str),
    "signed_up_at?": int,
    "last_seen_at?": int,
    "owner_id?": None,
    "unsubscribed_from_emails?": bool,
    "custom_attributes?": dict,
}
_COMPANY: dict[str, type | None] = {
    **dict.fromkeys(("name?", "plan?", "website?", "industry?"), str),
    "monthly_spend?": int,
    "size?": int,
    "custom_attributes?": dict,
}
_ID: dict[str, type | None] = {"id": str}

ACTIONS: dict[tuple[str, str], HostedAction] = {
    # The vendor's client checks a connector with a `limit` that the action does not document.
    ("contacts", "list"): HostedAction("GET", "/contacts", {**_PAGE, "limit?": int}, "data", True),
    ("contacts", "get"): HostedAction("GET", "/contacts/{id}", _ID),
    ("contacts", "create"): HostedAction("POST", "/contacts", {"role": str, **_CONTACT}),
    ("contacts", "update"): HostedAction(
        "PUT", "/contacts/{id}", {**_ID, "role?": str, **_CONTACT}
    ),
    ("contacts", "delete"): HostedAction("DELETE", "/contacts/{id}", _ID),
    ("conversations", "list"): HostedAction(
        "GET", "/conversations", {**_PAGE}, "conversations", True
    ),
    ("conversations", "get"): HostedAction("GET", "/conversations/{id}", _ID),
    ("conversations", "create"): HostedAction(
        "POST",
        "/conversations",
        {"from": dict, "body": str, "subject?": str, "attachment_urls?": list, "created_at?": int},
    ),
    ("conversations", "update"): HostedAction(
        "PUT", "/conversations/{id}", {**_ID, "read?": bool, "custom_attributes?": dict}
    ),
    ("conversations", "delete"): HostedAction("DELETE", "/conversations/{id}", _ID),
    ("companies", "list"): HostedAction("GET", "/companies", {**_PAGE}, "data", True),
    ("companies", "get"): HostedAction("GET", "/companies/{id}", _ID),
    ("companies", "create"): HostedAction("POST", "/companies", {"company_id": str, **_COMPANY}),
    ("companies", "update"): HostedAction("PUT", "/companies/{id}", {**_ID, **_COMPANY}),
    ("companies", "delete"): HostedAction("DELETE", "/companies/{id}", _ID),
    ("teams", "list"): HostedAction("GET", "/teams", {}, "teams"),
    ("teams", "get"): HostedAction("GET", "/teams/{id}", _ID),
    ("admins", "list"): HostedAction("GET", "/admins", {}, "admins"),
    ("admins", "get"): HostedAction("GET", "/admins/{id}", _ID),
    ("tags", "list"): HostedAction("GET", "/tags", {}, "data"),
    ("tags", "create"): HostedAction("POST", "/tags", {"name": str}),
    ("tags", "get"): HostedAction("GET", "/tags/{id}", _ID),
    ("tags", "delete"): HostedAction("DELETE", "/tags/{id}", _ID),
    ("notes", "create"): HostedAction(
        "POST",
        "/contacts/{contact_id}/notes",
        {"contact_id": str, "body": str, "admin_id?": None},
    ),
    ("segments", "list"): HostedAction("GET", "/segments", {"include_count?": bool}, "segments"),
    ("segments", "get"): HostedAction("GET", "/segments/{id}", _ID),
    ("internal_articles", "create"): HostedAction(
        "POST",
        "/internal_articles",
        {"title": str, "owner_id": None, "author_id": None, "body?": str},
    ),
    ("internal_articles", "update"): HostedAction(
        "PUT",
        "/internal_articles/{id}",
        {**_ID, "title?": str, "body?": str, "author_id?": None, "owner_id?": None},
    ),
    ("internal_articles", "delete"): HostedAction("DELETE", "/internal_articles/{id}", _ID),
}


def execute(
    intercom: Callable[[DemoRequest], DemoResponse],
    token: str,
    names: tuple[str, str],
    params: dict[str, Any],
) -> ExecuteResult:
    """Run an action on Intercom and return its result and metadata in the hosted format."""
    action = ACTIONS.get(names)
    if action is None:
        raise HostedError(400, f"Unknown entity or action: {names[0]}.{names[1]}")
    check_fields("params", params, action.params)
    given = {name: value for name, value in params.items() if name != "limit"}
    if names == ("companies", "list"):
        given = _numbered(given)
    response = intercom(_request(action, token, given))
    if response.status >= 300:
        raise _passed_on(response)
    body: dict[str, Any] = json.loads(response.body) if response.body else {}
    if action.records is None:
        kind = names[0].removesuffix("s")
        return body or {"id": params["id"], "object": kind, "deleted": True}, None
    return body[action.records], _metadata(action, body)


def _request(action: HostedAction, token: str, given: dict[str, Any]) -> DemoRequest:
    path = action.path
    for name in [name for name in given if f"{{{name}}}" in path]:
        path = path.replace(f"{{{name}}}", quote(given.pop(name), safe=""))
    headers = {
        "authorization": f"Bearer {token}",
        "accept": "application/json",
        "content-type": "application/json",
        "intercom-version": VERSION,
    }
    if action.method == "GET":
        query = [(name, _text(value)) for name, value in given.items()]
        return DemoRequest("GET", path, query, headers)
    return DemoRequest(action.method, path, (), headers, json.dumps(given).encode())


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _metadata(action: HostedAction, body: dict[str, Any]) -> dict[str, Any] | None:
    if not action.is_paged:
        return None
    following = (body.get("pages") or {}).get("next")
    if following is None:
        return {"next_page": None}
    if "starting_after" in following:
        return {"next_page": following["starting_after"]}
    number = json.dumps({"page": following["page"]}).encode()
    return {"next_page": base64.urlsafe_b64encode(number).decode()}


def _numbered(params: dict[str, Any]) -> dict[str, Any]:
    """Replace the cursor of a list of companies with the page number it encodes."""
    cursor = params.pop("starting_after", None)
    if cursor is None:
        return params
    try:
        return {**params, "page": json.loads(base64.urlsafe_b64decode(cursor))["page"]}
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise invalid("params", "starting_after", "Not a valid cursor", "value_error") from None


def _passed_on(response: DemoResponse) -> HostedError:
    error = json.loads(response.body)["errors"][0]
    headers = {"Retry-After": "1"} if response.status == 429 else {}
    return HostedError(response.status, f"Intercom: {error['message']}", headers)


def cut_texts(value: Any) -> Any:
    """Truncate long texts, as the service does in lists unless `skip_truncation` is set.

    >>> cut_texts(["short", "x" * 300])[1][195:]
    'xxxxx... [truncated, 300 characters]'
    """
    if isinstance(value, str) and len(value) > _CUT:
        return f"{value[:_CUT]}... [truncated, {len(value)} characters]"
    if isinstance(value, dict):
        return {key: cut_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [cut_texts(item) for item in value]
    return value


def select(record: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Keep only some fields of a record.

    >>> select({"id": 1, "location": {"city": "Cork", "country": "Ireland"}}, ["location.city"])
    {'location': {'city': 'Cork'}}
    """
    kept: dict[str, Any] = {}
    for path in paths:
        first, _, rest = path.partition(".")
        if path in record:
            kept[path] = record[path]
        elif rest and isinstance(record.get(first), dict):
            inner = select(record[first], [rest])
            kept[first] = {**kept.get(first, {}), **inner}
    return kept


def exclude(record: dict[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Remove some fields of a record.

    >>> exclude({"id": 1, "location": {"city": "Cork", "country": "Ireland"}}, ["location.city"])
    {'id': 1, 'location': {'country': 'Ireland'}}
    """
    kept = {key: value for key, value in record.items() if key not in paths}
    for path in paths:
        first, _, rest = path.partition(".")
        if rest and path not in record and isinstance(kept.get(first), dict):
            kept[first] = exclude(kept[first], [rest])
    return kept
