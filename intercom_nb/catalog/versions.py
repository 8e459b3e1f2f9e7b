"""API versions: their order, and what exists in which."""

from __future__ import annotations

from typing import Protocol

import msgspec

from .model import Operation, Parameter

DEFAULT_VERSION = "2.15"


class Versioned(Protocol):
    """An operation or a parameter with its first version and the one in which it is gone."""

    @property
    def since(self) -> str | None:
        """The first version that has it; None for all."""

    @property
    def until(self) -> str | None:
        """The first version without it; None if it is still there."""


def exists_in(what: Versioned, version: str) -> bool:
    """Return whether an operation or a parameter exists in a version.

    >>> from intercom_nb import catalog
    >>> exists_in(catalog.operation("macros", "list"), "2.15")
    False
    """
    number = order(version)
    since, until = what.since, what.until
    return (since is None or order(since) <= number) and (until is None or number < order(until))


def order(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions: 2.10 is newer than 2.9, Preview the newest.

    >>> sorted(["Preview", "2.10", "2.9"], key=order)
    ['2.9', '2.10', 'Preview']
    """
    parts = version.split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else (10**6,)


def at_version(operation: Operation, version: str) -> Operation:
    """Return an operation as a version has it: its valid values, required parameters, columns.

    Parameters of other versions stay, so that an error can name the version that has them.

    >>> from intercom_nb import catalog
    >>> operation = catalog.operation("messages", "create")
    >>> [at_version(operation, version).params[0].enum for version in ("2.15", "2.16")]
    [('in_app', 'email'), ('in_app', 'email', 'whatsapp')]
    """
    params = tuple(_at_version(param, version) for param in operation.params)
    return msgspec.structs.replace(operation, params=params, version=version)


def _at_version(param: Parameter, version: str) -> Parameter:
    if not param.values_since and param.required_until is None:
        return param
    later = {v for v, since in param.values_since.items() if order(version) < order(since)}
    until = param.required_until
    return msgspec.structs.replace(
        param,
        enum=tuple(value for value in param.enum if value not in later),
        required=param.required and (until is None or order(version) < order(until)),
    )
