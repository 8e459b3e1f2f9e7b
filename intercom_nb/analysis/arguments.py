"""Checks of the arguments of metrics."""

from __future__ import annotations

from collections.abc import Collection

from ..errors import InvalidParameterError


def check_choice(name: str, value: object, valid: Collection[object]) -> None:
    """Raise InvalidParameterError if a value is not one of the valid ones."""
    if value not in valid:
        raise InvalidParameterError(
            f"{name}={value!r} is not valid. Valid values: {', '.join(map(repr, valid))}."
        )


def check_least(name: str, value: int | None, least: int = 1) -> None:
    """Raise InvalidParameterError if a number is too small; None means without a limit."""
    if value is not None and value < least:
        raise InvalidParameterError(f"{name}={value!r} is not valid. Use {least} or more.")
