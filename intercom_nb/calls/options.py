"""What a call takes besides the API's own parameters."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from .. import catalog
from ..catalog.model import ListColumn, Operation

DEFAULT_LIMIT = 1_000


@dataclasses.dataclass(frozen=True)
class Option:
    """An argument of ours: its default, its type as text, what it does, what has it."""

    default: Any
    type: str
    doc: str
    fits: Callable[[Operation], bool]


def is_paged(operation: Operation) -> bool:
    """Tell whether the answers of an operation come in pages."""
    return operation.paging.style != "none"


def cut_lists(operation: Operation) -> dict[str, ListColumn]:
    """Give the lists inside the records of an operation that the API cuts short."""
    columns = catalog.record_columns(operation.record) if not operation.writes else {}
    return {
        name: column
        for name, column in columns.items()
        if isinstance(column, ListColumn) and column.complete_by
    }


OPTIONS = {
    "limit": Option(
        DEFAULT_LIMIT,
        "int | None",
        f"Records at most; {DEFAULT_LIMIT:,} unless told, None for all of them.",
        is_paged,
    ),
    "progress": Option(
        None,
        "ProgressCallback | bool | None",
        "A function that is called with a Progress after each page; None shows a bar of what "
        "takes long, where somebody looks, True always, False never.",
        is_paged,
    ),
    "complete": Option(
        False,
        "bool",
        "Whether lists inside the records that the API cuts at 10 are fetched whole.",
        lambda operation: bool(cut_lists(operation)),
    ),
    "dry_run": Option(
        False,
        "bool",
        "Whether to show the request (method, url, body) and send nothing.",
        lambda operation: operation.writes,
    ),
}
"""By the names of the arguments, in the order in which signatures have them."""
