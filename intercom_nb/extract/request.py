"""Settings of an extraction, checked before anything is sent or written."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ..catalog.coerce import is_bool
from ..catalog.timestamps import unix_seconds
from ..dataset.state import ExtractOptions
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..executors.base import Executor
from .source import EntitySource


@dataclasses.dataclass(frozen=True)
class ExtractRequest:
    """Extraction settings: the entity, an interval of creation, filters, and how complete.

    ``since`` and ``until`` are Unix seconds. ``concurrency`` is the number of parallel slices;
    None chooses it.
    """

    entity: str
    since: int | None = None
    until: int | None = None
    where: Mapping[str, Any] | None = None
    with_parts: bool = False
    complete: bool = False
    concurrency: int | None = None

    @classmethod
    def checked(cls, entity: Any, options: Mapping[str, Any], latest: float) -> ExtractRequest:
        """Check the arguments of an extraction and convert them to their types.

        Raises InvalidParameterError for an invalid value, also for a ``since`` after ``latest``
        (Unix seconds).
        """
        if not isinstance(entity, str):
            raise InvalidParameterError(
                f"entity must be a name such as 'conversations', not {entity!r}. For every "
                "entity, use extract_all()."
            )
        typed: dict[str, Any] = {
            name: _CHECKS[name](value, name) for name, value in options.items()
        }
        request = cls(entity, **typed)
        _check_interval(request.since, request.until, latest)
        return request

    def options(self) -> ExtractOptions:
        """Return the options that a later run must repeat.

        Raises InvalidParameterError for a filter that cannot be stored.
        """
        try:
            encoder = msgspec.json.Encoder(enc_hook=_to_json_type, order="sorted")
            where = encoder.encode(self.where or {}).decode()
        except (TypeError, ValueError, OverflowError) as error:
            raise InvalidParameterError(f"where cannot be stored: {error}.") from None
        return ExtractOptions(where=where, with_parts=self.with_parts, complete=self.complete)

    def source(self, executor: Executor) -> EntitySource:
        """Return the source of the records; raises InvalidParameterError for impossible options."""
        source = EntitySource(
            executor,
            self.entity,
            where=self.where,
            with_parts=self.with_parts,
            complete=self.complete,
        )
        is_limited = self.since is not None or self.until is not None
        if is_limited and not source.has_times:
            raise InvalidParameterError(
                f"since and until: {self.entity} have no time of creation. Leave them out."
            )
        return source


def check_names(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return options of an extraction; raise UnknownNameError for a name that is not one."""
    known = [*_CHECKS, "progress"]
    for name in options:
        if name not in known:
            raise UnknownNameError(
                f"{name!r} is not an option of an extraction.{did_you_mean(name, known)}"
            )
    return options


def _check_interval(since: int | None, until: int | None, latest: float) -> None:
    """Refuse an interval in which no record can have been created."""
    since = since or 0
    if until is not None and until <= since:
        raise InvalidParameterError(
            f"until ({_utc(until)}) must be later than since ({_utc(since)})."
        )
    if since > latest:
        raise InvalidParameterError(
            f"since ({_utc(since)}) is in the future: it must be at most {_utc(int(latest))}."
        )


def _utc(seconds: int) -> str:
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


def _seconds(value: Any, name: str) -> int | None:
    # Nothing was created before 1970, and the API refuses negative times.
    return None if value is None else max(0, int(unix_seconds(value, name)))


def _boolean(value: Any, name: str) -> bool:
    if not is_bool(value):  # 1 equals True, and would be stored as 1
        raise InvalidParameterError(f"{name} must be True or False, not {value!r}.")
    return bool(value)


def _concurrency(value: Any, name: str) -> int | None:
    if value is None:
        return None
    if is_bool(value) or not hasattr(value, "__index__") or value.__index__() < 1:
        raise InvalidParameterError(
            f"{name} must be a whole number from 1, or None for the default, not {value!r}."
        )
    return int(value.__index__())  # also numpy's integers


def _filters(value: Any, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidParameterError(
            f"{name} must be a dict of filters, such as {{'state': 'open'}}, not {value!r}."
        )
    # An iterator could be read only once, and a filter is compiled and stored.
    return {key: list(v) if isinstance(v, Iterator) else v for key, v in value.items()}


_CHECKS = {
    "since": _seconds,
    "until": _seconds,
    "where": _filters,
    "with_parts": _boolean,
    "complete": _boolean,
    "concurrency": _concurrency,
}


def _to_json_type(value: Any) -> Any:
    """Convert a filter's value that JSON has no type for, as searches accept it."""
    if isinstance(value, dt.datetime):  # pandas.Timestamp
        return dt.datetime.fromisoformat(value.isoformat())
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Iterable):
        return list(value)
    if getattr(value, "dtype", None) is not None:  # a scalar of numpy
        return str(value) if value.dtype.kind == "M" else value.item()
    raise TypeError(f"{value!r} has no JSON type")
