"""The shapes of the catalogue's data files, as typed structs."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

ColumnKind = Literal[
    "id", "string", "integer", "number", "boolean", "time", "ids", "strings", "attributes", "json"
]
Place = Literal["path", "query", "body"]
PagingStyle = Literal["cursor_query", "cursor_body", "page_number", "next_url", "scroll", "none"]


class Parameter(msgspec.Struct, frozen=True, rename={"place": "in"}, kw_only=True):
    """One parameter of an operation, and where it goes on the wire."""

    name: str
    description: str
    place: Place
    type: str
    required: bool = False
    nullable: bool = False
    enum: tuple[Any, ...] = ()
    default: Any = None
    min: int | None = None
    max: int | None = None
    max_items: int | None = None
    example: Any = None
    wire: str | None = None
    since: str | None = None

    @property
    def wire_name(self) -> str:
        """The API's own name of it; dots go into nested objects of the body."""
        return self.wire or self.name

    @property
    def hint(self) -> str:
        """What a value has to be, in words: ``a whole number from 1 to 150``."""
        return _hint(self)


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """How the pages of an answer follow each other."""

    style: PagingStyle = "none"
    cursor: str | None = None
    next: str | None = None
    page: str | None = None
    size: str | None = None
    max_records: int | None = None


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as it stands in the data file, without the names it is listed under."""

    description: str
    method: str
    path: str
    params: tuple[Parameter, ...] = ()
    records: str | None = None
    record: str | None = None
    answer: Literal["object", "array", "binary", "text", "redirect", "none"] = "object"
    paging: Paging = Paging()
    writes: bool = False
    retry_safe: bool = False
    since: str | None = None
    hosted: bool = False


class EntityData(msgspec.Struct, frozen=True):
    """An entity as it stands in the data file."""

    description: str
    actions: dict[str, Action]


class Operation(Action, frozen=True, kw_only=True):
    """One thing that can be asked: an entity, an action, and all there is to know about it."""

    entity: str
    action: str

    @property
    def name(self) -> str:
        """The operation's name as it is written in code: ``contacts.list``."""
        return f"{self.entity}.{self.action}"

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the parameters that must be given."""
        return tuple(p.name for p in self.params if p.required)

    @property
    def optional(self) -> tuple[str, ...]:
        """Names of the parameters that may be left out."""
        return tuple(p.name for p in self.params if not p.required)

    @property
    def max_page_size(self) -> int | None:
        """The largest page that the API gives, or None where it has no page size."""
        size = self.paging.size
        return next((p.max or p.default for p in self.params if p.name == size), None)


class ListColumn(msgspec.Struct, frozen=True):
    """A list of objects inside a record: where it is, and the columns of its child table."""

    list: str
    columns: dict[str, ColumnKind | ListColumn]


RecordColumns = dict[str, ColumnKind | ListColumn]


class SearchField(msgspec.Struct, frozen=True):
    """One searchable field; ``record`` is its path in the answer where it differs (empty: none)."""

    type: str
    values: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    record: str | None = None


class SearchFields(msgspec.Struct, frozen=True):
    """What an entity's search understands."""

    dates: Literal["day", "second"]
    max_filters: int
    max_nesting: int
    operators: dict[str, tuple[str, ...]]
    fields: dict[str, SearchField]


_WORDS = {
    "id": "an id (text or whole number)",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "object": "a dict",
    "time": "a time (ISO text, datetime, unix seconds, or an age like '7d')",
    "any": "a value",
}


def _hint(param: Parameter) -> str:
    words = _WORDS.get(param.type, f"a list ({param.type})")
    if param.enum:
        words = f"one of {', '.join(map(str, param.enum))}"
    if param.min is not None and param.max is not None:
        words += f" from {param.min} to {param.max}"
    elif param.max is not None:
        words += f" up to {param.max}"
    elif param.min is not None:
        words += f" from {param.min}"
    return words
