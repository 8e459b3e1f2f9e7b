"""Checks of the arguments of metrics."""

from __future__ import annotations

import numbers
from collections.abc import Collection
from pathlib import Path

from ..errors import InvalidParameterError


def check_choice(name: str, value: object, valid: Collection[object]) -> None:
    """Raise InvalidParameterError if a value is not one of the valid ones."""
    if value not in valid:
        raise InvalidParameterError(
            f"{name}={value!r} is not valid. Valid values: {', '.join(map(repr, valid))}."
        )


def check_least(name: str, value: object, least: int = 1) -> None:
    """Raise InvalidParameterError unless a value is a whole number, large enough, or None.

    None means without a limit.
    """
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if value is None or (is_whole and value >= least):  # type: ignore[operator]
        return
    raise InvalidParameterError(
        f"{name}={value!r} is not valid. Use a whole number, {least} or more."
    )


def check_amount(name: str, value: object) -> None:
    """Raise InvalidParameterError unless a value is a number, 0 or more."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not is_number or not value >= 0:  # type: ignore[operator]
        raise InvalidParameterError(f"{name}={value!r} is not valid. Use a number, 0 or more.")


def is_texts(value: object) -> bool:
    """Return whether a value is a list (or tuple) of texts, with at least one."""
    if isinstance(value, str) or not isinstance(value, Collection):
        return False
    return len(value) > 0 and all(isinstance(one, str) for one in value)


_PAGE, _WORKBOOK = (".html", ".htm"), (".xlsx",)
_OTHERS = (".csv", ".json", ".pdf", ".xls")


def check_page(path: Path) -> None:
    """Raise InvalidParameterError if the name of a page's file is that of another format."""
    _check_suffix(path, _PAGE, (*_WORKBOOK, *_OTHERS))


def check_workbook(path: Path) -> None:
    """Raise InvalidParameterError if the name of an Excel file is that of another format."""
    _check_suffix(path, _WORKBOOK, (*_PAGE, *_OTHERS))


def _check_suffix(path: Path, suffixes: tuple[str, ...], others: tuple[str, ...]) -> None:
    if path.suffix.lower() not in others:
        return
    hint = ", or to_excel() for an Excel file" if path.suffix.lower() in _WORKBOOK else ""
    raise InvalidParameterError(
        f"{path.name!r} is not the name of a {suffixes[0]} file. Use a name that ends in "
        f"{suffixes[0]}{hint}."
    )
