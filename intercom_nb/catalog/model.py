"""Operations and their parameters, and the data files that describe them."""

from __future__ import annotations

from importlib import resources
from typing import Any, Literal, TypeVar

import msgspec

_T = TypeVar("_T")

DEFAULT_VERSION = "2.15"

# "envelope": beside the parameters, in what wraps a hosted call.
Location = Literal["path", "query", "body", "envelope"]
PagingStyle = Literal["cursor_query", "cursor_body", "page_number", "next_url", "scroll", "none"]


def order(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions: 2.10 is newer than 2.9, Preview the newest.

    >>> sorted(["Preview", "2.10", "2.9"], key=order)
    ['2.9', '2.10', 'Preview']
    """
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else (10**6,)


class Versioned(msgspec.Struct, frozen=True, kw_only=True):
    """An item with its first API version, and the first that no longer has it."""

    since: str | None = None
    until: str | None = None

    def exists_in(self, version: str) -> bool:
        """Return whether a version has it.

        >>> from intercom_nb import catalog
        >>> catalog.operation("macros", "list").exists_in("2.15")
        False
        """
        number, since, until = order(version), self.since, self.until
        return (since is None or order(since) <= number) and (
            until is None or number < order(until)
        )


class Parameter(Versioned, frozen=True, rename={"location": "in", "send_as": "as"}, kw_only=True):
    """One parameter of an operation, and where it goes on the wire.

    ``always``: the API requires it, so its default is sent if no value is given.
    ``required_when``: required if another parameter has one of the listed values.
    ``send_as``: the form on the wire, if it differs from the type's own: an id as a number, a time
    as ISO 8601 text, a list as an uploaded file of JSON.
    ``values_since``: the first version of values that came later; ``required_until``: the first
    version in which it is optional.
    """

    name: str
    description: str
    location: Location
    type: str
    required: bool = False
    nullable: bool = False
    enum: tuple[Any, ...] = ()
    default: Any = None
    min: int | None = None
    max: int | None = None
    max_items: int | None = None
    example: Any = None
    max_length: int | None = None
    always: bool = False
    required_when: dict[str, tuple[Any, ...]] = {}
    send_as: Literal["integer", "iso", "file"] | None = None
    wire: str | None = None
    values_since: dict[str, str] = {}
    required_until: str | None = None

    def __post_init__(self) -> None:
        """Fill in the example from the default, the valid values or the type."""
        if self.example is None:
            flag = True if self.type == "boolean" else None
            known = (self.default, *self.enum, flag)
            example = next((v for v in known if v is not None), None)
            msgspec.structs.force_setattr(self, "example", example)

    def at_version(self, version: str) -> Parameter:
        """Return the parameter with the valid values of a version, required if it is there."""
        if not self.values_since and self.required_until is None:
            return self
        later = {v for v, since in self.values_since.items() if order(version) < order(since)}
        until = self.required_until
        return msgspec.structs.replace(
            self,
            enum=tuple(value for value in self.enum if value not in later),
            required=self.required and (until is None or order(version) < order(until)),
        )

    @property
    def wire_name(self) -> str:
        """The API's name of it; dots address nested objects of the body."""
        return self.wire or self.name

    def accepts(self, number: float) -> bool:
        """Return whether a number is within the parameter's bounds."""
        return (self.min is None or number >= self.min) and (self.max is None or number <= self.max)


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """The paging style of an operation.

    ``next`` and ``last`` are the paths, in a response, of the next page's cursor or URL and of the
    number of the last page; ``cursor``, ``page`` and ``size`` are names of parameters. The
    operation ``beyond`` reads the records after the first ``max_records``.
    """

    style: PagingStyle = "none"
    cursor: str | None = None
    next: str | None = None
    page: str | None = None
    size: str | None = None
    last: str = "pages.total_pages"
    max_records: int | None = None
    beyond: str | None = None


class Action(Versioned, frozen=True, kw_only=True):
    """An operation as in the data file, without its entity and name.

    ``records`` is the path of the list in a response (None: the response is one record, empty: the
    response is the list), ``records_or`` an alternative name of the list; ``item`` names the
    column of a list of plain values; ``one_of`` lists groups of parameters, of each of which at
    least one is required.
    """

    description: str
    method: str
    path: str
    params: tuple[Parameter, ...] = ()
    records: str | None = None
    records_or: str = ""
    record: str | None = None
    item: str | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    response: Literal["object", "array", "binary", "text", "redirect", "none"] = "object"
    paging: Paging = Paging()
    writes: bool = False
    retry_safe: bool = False
    hosted: bool = False
    hosted_only: bool = False


class Operation(Action, frozen=True, kw_only=True):
    """An operation: an entity, an action, and everything known about it."""

    entity: str
    action: str
    where: str = ""
    """For errors: the mode whose parameters these are, if the modes differ."""
    version: str | None = None
    """The API version that it is adapted to; None for the catalog's own description."""

    def at_version(self, version: str) -> Operation:
        """Return it as a version has it: its valid values, required parameters, columns.

        Parameters of other versions stay, so that an error can name the version that has them.

        >>> from intercom_nb import catalog
        >>> operation = catalog.operation("messages", "create")
        >>> [operation.at_version(version).params[0].enum for version in ("2.15", "2.16")]
        [('in_app', 'email'), ('in_app', 'email', 'whatsapp')]
        """
        params = tuple(param.at_version(version) for param in self.params)
        return msgspec.structs.replace(self, params=params, version=version)

    @property
    def name(self) -> str:
        """The operation's name as written in code: ``contacts.list``."""
        return f"{self.entity}.{self.action}"

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the required parameters."""
        return tuple(p.name for p in self.params if p.required)

    @property
    def optional(self) -> tuple[str, ...]:
        """Names of the optional parameters."""
        return tuple(p.name for p in self.params if not p.required)

    @property
    def is_paged(self) -> bool:
        """Whether responses come in pages."""
        return self.paging.style != "none"

    @property
    def is_search(self) -> bool:
        """Whether it takes a query in the body."""
        return self.paging.style == "cursor_body"

    @property
    def returns_file(self) -> bool:
        """Whether the response is a file (a recording, a transcript, an export), not JSON."""
        return self.response in {"binary", "text", "redirect"}

    @property
    def is_for_code(self) -> bool:
        """Whether it takes a secret or a file, which forms and agents must not pass on."""
        return any(p.type == "secret" or p.send_as == "file" for p in self.params)

    @property
    def reads_all(self) -> bool:
        """Whether it can read an entity whole: a list without required parameters, or a search."""
        if self.action == "list":
            return self.records is not None and not self.required and not self.one_of
        return self.action == "search" and self.is_search

    @property
    def max_page_size(self) -> int | None:
        """The API's largest page size, or None if the operation has no page size."""
        size = self.paging.size
        return next((p.max or p.default for p in self.params if p.name == size), None)


def read_data(name: str, kind: type[_T]) -> _T:
    """Return the content of one of the catalog's data files."""
    if name not in _contents:
        raw = (resources.files(__package__) / name).read_bytes()
        _contents[name] = msgspec.json.decode(raw, type=kind)
    content: _T = _contents[name]
    return content


_contents: dict[str, Any] = {}
