"""Arguments of a call: its options besides the parameters, and which may be positional."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from typing import Any

from . import truncated_lists
from .model import Operation

DEFAULT_LIMIT = 1_000


@dataclasses.dataclass(frozen=True)
class CallOption:
    """An argument of a call that is not a parameter of the API."""

    default: Any
    type: str
    doc: str
    applies_to: Callable[[Operation], bool]


OPTIONS = {
    "limit": CallOption(
        DEFAULT_LIMIT,
        "int | None",
        f"Maximum records (default {DEFAULT_LIMIT:,}; None = all).",
        lambda operation: operation.is_paged,
    ),
    "progress": CallOption(
        None,
        "ProgressCallback | bool | None",
        "Show a progress bar: None = only for long calls, True = always, False = never; "
        "or a function that is called with a Progress after each page.",
        lambda operation: operation.is_paged,
    ),
    "validate": CallOption(
        True,
        "bool",
        "Check a query in the API's own form; False sends it unchanged.",
        lambda operation: operation.is_search,
    ),
    "complete": CallOption(
        False,
        "bool",
        "Fetch in full the lists inside records that the API cuts at 10 items.",
        lambda operation: bool(truncated_lists(operation)),
    ),
    "follow_merged": CallOption(
        False,
        "bool",
        "Return the contact that a merged one became (a 410 of version 2.16), not an error.",
        lambda operation: operation.name in {"contacts.get", "contacts.get_by_external_id"},
    ),
    "dry_run": CallOption(
        False,
        "bool",
        "Return the request (method, url, body) without sending it.",
        lambda operation: operation.writes,
    ),
}
"""Options by argument name, in the order of the signature."""


def options_of(operation: Operation) -> dict[str, CallOption]:
    """Return the options that a call of the operation has, by name.

    >>> from intercom_nb import catalog
    >>> list(options_of(catalog.operation("contacts", "list")))
    ['limit', 'progress', 'complete']
    """
    return {name: option for name, option in OPTIONS.items() if option.applies_to(operation)}


def positional_names(operation: Operation) -> tuple[str, ...]:
    """Return the names of the parameters that may be passed by position, in order.

    These are the query of a search; otherwise the path parameters, then the id of the attached
    record.

    >>> from intercom_nb import catalog
    >>> positional_names(catalog.operation("contacts", "attach_tag"))
    ('contact_id', 'id')
    """
    if operation.is_search:
        return ("query",)
    names = {p.wire_name: p.name for p in operation.params if p.place == "path"}
    in_path = tuple(names[wire] for wire in re.findall(r"{(\w+)}", operation.path))
    attached = tuple(p.name for p in operation.params if p.place == "body" and p.name == "id")
    return in_path + (attached if in_path else ())
