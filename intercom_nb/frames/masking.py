"""Pseudonymization of names, addresses, phone numbers and places."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection
from typing import Any

import pandas as pd

from .. import catalog
from .frame import KEY, Children, ResultInfo
from .read.columns import STRING

_SESSION_KEY = secrets.token_bytes(32)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Child lists whose objects have the name of a person, besides the entities that have one.
_NAMED_LISTS = frozenset({"customer", "teammate"})
_OWNERS = frozenset(
    {"admin", "author", "company", "contact", "customer", "owner", "performed_by", "teammate"}
)
_PLACES = ("location", "location_data")
_TEXTS = frozenset({"body", "remark", "subject", "title", "description", "rating_remark"})


@dataclasses.dataclass(frozen=True)
class Masker:
    """Gives the same pseudonym for the same value, and nobody finds the value without the key."""

    key: bytes
    texts: bool = False

    @classmethod
    def of(cls, key: str | None, *, texts: bool) -> Masker:
        """Return a masker with the given key, or with that of this session."""
        return cls(_SESSION_KEY if key is None else key.encode(), texts)

    def frame(self, frame: pd.DataFrame, record: str) -> pd.DataFrame:
        """Return a copy of a frame with pseudonyms; ``record`` names one of its rows."""
        masked = {
            name: self._column(frame[name], self._pseudonym(str(name), record))
            for name in frame.columns
        }
        return pd.DataFrame(masked, index=frame.index, columns=frame.columns)

    def _pseudonym(self, name: str, record: str) -> Callable[[str], str] | None:
        """Choose what values of a column become; None where only e-mail addresses in it change."""
        parent, _, last = name.rpartition(".")
        owner = parent.rpartition(".")[2]
        if last == "email":
            return self.email
        if last in {"phone", "phone_number", "user_phone_number"}:
            return lambda value: "+000" + str(int(self._hash("phone", value), 16))[:9]
        if owner in _PLACES and last != "type":
            return lambda value: f"{last}-{self._hash(last, value)[:6]}"
        if last in {"ip", "pseudonym", "image_url", "avatar", "email_domain"}:
            return lambda value: f"{last}-{self._hash(last, value)[:8]}"
        if record == "social_profile" and last == "url":
            return lambda value: f"profile-{self._hash('url', value)[:8]}"
        if last == "name" and (owner in _OWNERS or (not parent and _has_personal_name(record))):
            return lambda value: f"Name {self._hash('name', value)[:8]}"
        if self.texts and last in _TEXTS:
            return lambda value: f"[{len(value)} characters]"
        return None

    def _column(self, column: pd.Series[Any], mask: Callable[[str], str] | None) -> pd.Series[Any]:
        if not (pd.api.types.is_string_dtype(column.dtype) or column.dtype == object):
            return column
        change = mask or self._address
        values = [change(v) if isinstance(v, str) and v else self._inside(v) for v in column]
        dtype = object if column.dtype == object else STRING
        return pd.Series(pd.array(values, dtype=dtype), index=column.index)

    def _inside(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._address(v) if isinstance(v, str) else v for v in value]
        return value

    def _address(self, value: str) -> str:
        return self.email(value) if _EMAIL.fullmatch(value) else value

    def email(self, value: str) -> str:
        """Return the pseudonym of an e-mail address."""
        return f"user-{self._hash('email', value)[:10]}@masked.invalid"

    def _hash(self, kind: str, value: str) -> str:
        said = f"{kind}:{value.strip().casefold()}".encode()
        return hmac.new(self.key, said, hashlib.sha256).hexdigest()


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
        masked.attrs[KEY] = masked_info(table.attrs[KEY], self.masker)
        return masked


def masked_info(info: Any, masker: Masker) -> ResultInfo:
    """Return the metadata of a masked result: no parameters, and masked child tables."""
    items = {name: value for name, value in info.items() if name not in {"params", "next_cursor"}}
    children = info.children if isinstance(info, ResultInfo) else {}
    return ResultInfo(
        {**items, "masked": True}, {n: _masked(c, masker) for n, c in children.items()}
    )


def _masked(child: Children, masker: Masker) -> MaskedChildren:
    held = {field.name: getattr(child, field.name) for field in dataclasses.fields(Children)}
    return MaskedChildren(**held, masker=masker)
