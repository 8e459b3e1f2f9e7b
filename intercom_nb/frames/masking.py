"""Pseudonymization of names, addresses, phone numbers and places."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from .. import catalog
from ..errors import InvalidParameterError
from .cells import is_missing
from .children import Children
from .frame import KEY, ResultInfo

_SESSION_KEY = secrets.token_bytes(32)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Child lists whose objects have the name of a person, besides the entities that have one.
_NAMED_LISTS = frozenset({"customer", "email_address_header", "teammate"})
_OWNERS = frozenset(
    {"admin", "author", "company", "contact", "customer", "owner", "performed_by", "teammate"}
)
_LOCATIONS = ("location", "location_data")
_URL = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
_PHONES = frozenset({"phone", "mobile", "fax", "whatsapp", "telephone"})
_ADDRESSES = frozenset({"url", "website", "domain", "referrer", "href", "homepage"})
_NAMES = frozenset({"name", "firstname", "lastname", "fullname", "surname", "nickname", "username"})
# Words of a column that stand for something about a person, in attributes above all.
_PERSONAL = frozenset(
    {"address", "birthday", "birthdate", "birth", "dob", "gender", "iban", "ip", "latitude"}
    | {"linkedin", "longitude", "passport", "postal", "postcode", "salary", "skype", "ssn"}
    | {"street", "twitter", "vat", "zip", "zipcode"}
)
# A number or a date in such a column has no pseudonym: a birthday or a phone number is left out.
_IDENTIFYING = _PERSONAL | _PHONES
_SEVERAL = (list, tuple, set, frozenset, np.ndarray)
# Records and things whose name is not about a person.
_PUBLIC = frozenset(
    {"app", "article", "attribute", "brand", "channel", "collection", "content", "event", "file"}
    | {"filename", "plan", "product", "segment", "sla", "state", "tag", "team", "ticket", "topic"}
    | {"type", "workflow", "workspace"}
)
_TEXTS = frozenset({"body", "remark", "subject", "title", "description", "rating_remark"})


@dataclasses.dataclass(frozen=True)
class Masker:
    """The same value always has the same pseudonym; without the key, nobody finds the value."""

    key: bytes
    texts: bool = False

    @classmethod
    def of(cls, key: str | None, *, texts: bool) -> Masker:
        """Return a masker with the given key, by default the key of this session."""
        if key is not None and not isinstance(key, str):
            raise InvalidParameterError(
                f"The key must be text, such as 'a key of your own', not {type(key).__name__}."
            )
        return cls(_SESSION_KEY if key is None else key.encode(), texts)

    def frame(self, frame: pd.DataFrame, record: str | None = None) -> pd.DataFrame:
        """Return a copy of a frame with pseudonyms, in its index and column labels too.

        ``record`` names one of its rows; None for a frame of unknown rows, such as a result of SQL
        or a merge. Its names then count as personal, unless its column ``type`` says otherwise.
        """
        kind = record or _kind_of(frame)
        columns = {
            position: self._column(frame.iloc[:, position], _names_of(frame, position), kind)
            for position in range(len(frame.columns))
        }
        masked = pd.DataFrame(columns, index=frame.index)
        masked.index = self._axis(frame.index, kind)
        masked.columns = self._axis(frame.columns, kind)
        return masked

    def _axis(self, axis: pd.Index[Any], record: str | None) -> pd.Index[Any]:
        """Mask each level as a column of its name: a pivot has values as its column labels."""
        levels = []
        for number, name in enumerate(axis.names):
            level = axis.get_level_values(number)
            values = level.to_series()
            masked = self._column(values, [str(name)], record)
            if masked is not values:  # otherwise a range stays a range
                level = pd.Index(masked.array, dtype=masked.dtype, name=name)
            levels.append(level)
        return levels[0] if len(levels) == 1 else pd.MultiIndex.from_arrays(levels)

    def _column(
        self, column: pd.Series[Any], names: Iterable[str], record: str | None
    ) -> pd.Series[Any]:
        change, hides = self._rule(names, record)
        dtype: Any = column.dtype
        if isinstance(dtype, pd.CategoricalDtype) and (hides or _is_text(dtype.categories.dtype)):
            # This changes the categories, and so the unused ones too.
            return column.map(lambda v: self._value(v, change, hides), na_action="ignore")
        if not _is_text(dtype):
            return column.where(np.zeros(len(column), dtype=bool)) if hides else column
        values = [self._value(v, change, hides) for v in column]
        kept: Any = dtype if pd.api.types.is_string_dtype(dtype) else object
        return pd.Series(pd.array(values, dtype=kept), column.index)

    def _rule(self, names: Iterable[str], record: str | None) -> tuple[Callable[[str], str], bool]:
        """Choose what texts of a column become, and whether its numbers are left out."""
        for name in names:
            if mask := self._pseudonym(name, record):
                return mask, bool(_IDENTIFYING & set(_words(name)))
        return self._address, False

    def _pseudonym(self, name: str, record: str | None) -> Callable[[str], str] | None:
        """Choose what values of a column become; None if only addresses in it change."""
        # A merge adds _x and _y to columns that both frames have.
        path = re.sub(r"_[xy]$", "", name)
        if path != name:
            record = None
        parent, _, last = path.rpartition(".")
        owner = parent.rpartition(".")[2]
        words = _words(last)
        ends = words[-1] if words else ""
        if ends == "email" or words[-2:] == ["email", "address"]:
            return self.email
        if ends in _PHONES or (ends == "number" and _PHONES & set(words[-2:])):
            return lambda value: "+000" + str(int(self._hash("phone", value), 16))[:9]
        if owner in _LOCATIONS and last != "type":
            return lambda value: f"{last}-{self._hash(last, value)[:6]}"
        if last in {"pseudonym", "image_url", "avatar", "email_domain"}:
            return lambda value: f"{last}-{self._hash(last, value)[:8]}"
        if ends in _ADDRESSES:
            start = "profile" if record == "social_profile" else "url"
            return lambda value: self._web_address(value, start)
        return self._other(words, owner, record, parent)

    def _other(
        self, words: list[str], owner: str, record: str | None, parent: str
    ) -> Callable[[str], str] | None:
        if _is_personal_name(words, owner, record, parent):
            return self.name
        if _PERSONAL & set(words):
            kind = "-".join(words)
            return lambda value: f"{kind}-{self._hash(kind, value)[:8]}"
        if self.texts and "_".join(words) in _TEXTS:
            return lambda value: f"[{len(value)} characters]"
        return None

    def _value(self, value: Any, change: Callable[[str], str], hides: bool) -> Any:
        if isinstance(value, str):
            return change(value) if value else value
        if isinstance(value, _SEVERAL):
            return [self._value(item, change, hides) for item in value]
        if isinstance(value, dict):
            return {
                name: self._value(member, *self._rule([str(name)], None))
                for name, member in value.items()
            }
        return None if hides and not is_missing(value) else value

    def _address(self, value: str) -> str:
        if _EMAIL.fullmatch(value):
            return self.email(value)
        return self._web_address(value) if _URL.fullmatch(value) else value

    def _web_address(self, value: str, start: str = "url") -> str:
        # The API's own paths, such as /contacts/5/tags, hold ids only.
        return value if value.startswith("/") else f"{start}-{self._hash('url', value)[:8]}"

    def name(self, value: str) -> str:
        """Return the pseudonym of the name of a person or company."""
        return f"Name {self._hash('name', value)[:8]}"

    def email(self, value: str) -> str:
        """Return the pseudonym of an e-mail address."""
        return f"user-{self._hash('email', value)[:10]}@masked.invalid"

    def _hash(self, kind: str, value: str) -> str:
        message = f"{kind}:{value.strip().casefold()}".encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()


def _words(name: str) -> list[str]:
    """Split the name of a column: ``FirstName`` and ``first_name`` to first, name."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", apart.casefold()) if word]


def _is_personal_name(words: list[str], owner: str, record: str | None, parent: str) -> bool:
    """Return whether a column has names of people or companies."""
    if not words or words[-1] not in _NAMES or _PUBLIC & set(words):
        return False
    if words != ["name"]:  # contact_name, First name
        return True
    if parent:
        return owner in _OWNERS or owner == "custom_attributes"
    if record is None or _has_personal_name(record):
        return True
    own = catalog.record_columns(record)
    return bool(own) and "name" not in own  # another record's, which a merge added


def _kind_of(frame: pd.DataFrame) -> str | None:
    """Return the type of a frame's records, if they have one that masking knows."""
    once = frame.columns.tolist().count("type") == 1
    kinds = frame["type"].dropna().unique().tolist() if once else []
    kind = str(kinds[0]) if len(kinds) == 1 else ""
    return kind if _PUBLIC & set(_words(kind)) else None


def _names_of(frame: pd.DataFrame, position: int) -> list[str]:
    """Return the names that say what a column holds: two of ("email", "first")."""
    label, levels = frame.columns[position], frame.columns.names
    parts = label if len(levels) > 1 else (label,)
    # The labels of a pivot are values: below "whatsapp" of source.type stand counts, not numbers
    # of phones. Texts below it may still be either.
    has_text = _is_text(frame.dtypes.iloc[position])
    return [
        str(part) for part, level in zip(parts, levels, strict=True) if has_text or level is None
    ]


def not_masked(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """Return the columns, index levels and named levels of labels in which a text stayed."""
    pairs = zip(_fields(before), _fields(after), strict=True)
    return [name for (_, had), (name, has) in pairs if any(map(_stays, had, has))]


def _fields(frame: pd.DataFrame) -> Iterator[tuple[str, Iterable[Any]]]:
    """Yield the name of each column and level, with its values if they may hold text."""
    for position, label in enumerate(frame.columns):
        column = frame.iloc[:, position]
        yield str(label), column if _is_text(column.dtype) else ()
    for axis in (frame.index, frame.columns):
        for number, name in enumerate(axis.names):
            # A pivot names the level of its labels, which are values of data.
            is_data = axis is frame.index or name is not None
            level = axis.get_level_values(number)
            yield (
                "index" if name is None else str(name),
                level if is_data and _is_text(level.dtype) else (),
            )


def _is_text(dtype: Any) -> bool:
    """Return whether values of a type may hold text: lists of text and categories, too."""
    if isinstance(dtype, pd.ArrowDtype | pd.CategoricalDtype) and dtype.kind == "O":
        return True
    return pd.api.types.is_string_dtype(dtype)  # also of object


def _stays(had: Any, has: Any) -> bool:
    """Return whether a text of a value stayed as it was."""
    if isinstance(had, str | bytes):
        return had == has and len(had) > 0
    if isinstance(had, dict):
        return any(_stays(member, has[name]) for name, member in had.items())
    return isinstance(had, _SEVERAL) and any(map(_stays, had, has))


def _has_personal_name(record: str) -> bool:
    """Return whether the name of such a record is a person's or a company's."""
    named = {e.singular for e in catalog.entities().values() if e.has_personal_names}
    return record in named | _NAMED_LISTS


@dataclasses.dataclass(frozen=True)
class MaskedChildren(Children):
    """Child lists whose tables come out masked."""

    masker: Masker = dataclasses.field(default_factory=lambda: Masker(_SESSION_KEY))

    def frame(self, parents: Collection[str] | None = None) -> pd.DataFrame:
        """Build the table, with pseudonyms, and its own child tables too."""
        table = super().frame(parents)
        singular = catalog.singular(self.name.rpartition(".")[2])
        masked = self.masker.frame(table, singular)
        left = not_masked(table, masked)
        masked.attrs[KEY] = masked_info(table.attrs[KEY], self.masker, left)
        return masked


def masked_info(info: Any, masker: Masker, left: list[str]) -> ResultInfo:
    """Return the metadata of a masked result: no parameters, and masked child tables."""
    items = {name: value for name, value in info.items() if name not in {"params", "next_cursor"}}
    children = info.children if isinstance(info, ResultInfo) else {}
    return ResultInfo(
        {**items, "masked": True, "not_masked": left},
        {n: _masked(c, masker) for n, c in children.items()},
    )


def _masked(child: Children, masker: Masker) -> MaskedChildren:
    held = {field.name: getattr(child, field.name) for field in dataclasses.fields(Children)}
    return MaskedChildren(**held, masker=masker)
