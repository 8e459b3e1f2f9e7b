"""Detail view of one record: its fields, and a conversation as a readable thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import nh3
import pandas as pd

from ....frames.cells import cell_text, is_missing
from ....frames.plaintext import text_of
from .display import Display

# Customers write these bodies. No images: a remote image tells its sender who opened it.
_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "li",
    "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
}  # fmt: skip
_EVENTS = {
    "open": "reopened this",
    "close": "closed this",
    "snoozed": "snoozed this",
    "unsnoozed": "unsnoozed this",
    "assignment": "assigned this to {}",
    "assign_and_reopen": "reopened this and assigned it to {}",
}

_CONTACT = {
    "name": "Name", "email": "Email", "phone": "Phone", "role": "Role",
    "location.country": "Country", "external_id": "External id",
}  # fmt: skip


def clean_html(body: str) -> str:
    """Sanitize a message body: an allow-list of tags, no styles, no scripts, no images.

    >>> clean_html('<p onclick="x()">Hi<script>1</script><img src=x></p>')
    '<p>Hi</p>'
    """
    return nh3.clean(
        body,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def fields(frame: pd.DataFrame, at: int) -> list[list[str]]:
    """Return the fields of a row that have a value, as [name, text]."""
    row = [(str(name), cell_text(frame[name].array[at])) for name in frame]
    return [[name, text] for name, text in row if text]


def thread(
    row: Mapping[str, Any], parts: pd.DataFrame | None, display: Display
) -> list[dict[str, Any]]:
    """Return a conversation's messages in order: who, when, which side, and sanitized HTML.

    ``row`` is the conversation's. Assignments name the team or teammate, notes are marked, and
    attachments have their names.
    """
    format_time = display.time
    messages = [_message(row, "source.author", row.get("source.body"), format_time)]
    messages[0]["attachments"] = _attachments(row.get("source.attachments"))
    for part in () if parts is None else _rows(parts):
        body = part.get("body")
        kind = cell_text(part.get("part_type")) or ""
        message = _message(part, "author", body, format_time, kind)
        if kind in _EVENTS:
            event = _EVENTS[kind].format(_assignee(part, display))
            messages.append({**message, "html": "", "event": event})
        if (not is_missing(body) and body) or message["attachments"]:
            messages.append(message)
    return messages


def thread_text(row: Mapping[str, Any], parts: pd.DataFrame | None) -> str:
    """Return the text of a conversation's messages, for the search."""
    bodies = [row.get("source.body")]
    bodies += [] if parts is None or "body" not in parts else parts["body"].tolist()
    return "\n".join(text_of(body) for body in bodies if isinstance(body, str))


def first_row(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the first row of a frame as a dict."""
    return {str(name): frame[name].array[0] for name in frame}


def contact(row: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> list[list[str]]:
    """Return what is known of the contact of a conversation, as [name, text]."""
    if record is None:
        is_ours = cell_text(row.get("source.author.type")) in {"admin", "bot", "team"}
        record = {} if is_ours else {n: row.get(f"source.author.{n}") for n in ("name", "email")}
    facts = [(label, cell_text(record.get(name))) for name, label in _CONTACT.items()]
    ids = row.get("contacts")
    if not any(text for _, text in facts) and isinstance(ids, list) and ids:
        facts.append(("Contact", str(ids[0])))
    return [[label, text] for label, text in facts if text]


def _assignee(part: Mapping[str, Any], display: Display) -> str:
    key = cell_text(part.get("assigned_to.id"))
    if key is None:
        return "nobody"
    entity = "teams" if cell_text(part.get("assigned_to.type")) == "team" else "admins"
    return display.names.get(entity, {}).get(key, f"{entity[:-1]} {key}")


def _attachments(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    names = [v.get("name") or v.get("url") if isinstance(v, dict) else v for v in value]
    return [str(name) for name in names if name]


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    names = [str(name) for name in frame]
    for values in zip(*(frame[name].array for name in frame), strict=True):
        yield dict(zip(names, values, strict=True))


def _message(
    row: Mapping[str, Any],
    who: str,
    body: Any,
    format_time: Callable[[Any], str | None],
    kind: str = "",
) -> dict[str, Any]:
    side = cell_text(row.get(f"{who}.type")) or ""
    return {
        "who": cell_text(row.get(f"{who}.name")) or cell_text(row.get(f"{who}.email")) or side,
        "side": side,
        "when": format_time(row.get("created_at")),
        "note": kind == "note",
        "html": clean_html(body) if isinstance(body, str) else "",
        "event": None,
        "attachments": _attachments(row.get("attachments")),
    }
