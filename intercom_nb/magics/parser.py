"""Parser of a magic's line: words -> an operation and its typed arguments."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from .. import catalog
from ..catalog.coerce import parse_parameter, parse_value, parse_values
from ..catalog.filters import split_key
from ..catalog.model import Operation
from ..catalog.search_fields import SearchFields
from ..catalog.validation import OPTIONS, options_of, positional_names
from ..connector.composite import composite_methods
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .tokenizer import Word, decoded, expanded, is_text

COMMANDS = ("login", "use")
"""Commands that take the place of an entity."""
ALL = "all"
_CONNECTOR = ("-c", "--connector")
_HELP = ("-h", "--help")
_LISTS = ("IN", "NIN")


@dataclasses.dataclass(frozen=True)
class Line:
    """A line without the options that every command has: the connector, and ``--help``."""

    words: list[Word]
    connector: str | None = None
    is_help: bool = False


def read_line(words: Sequence[Word], variables: Mapping[str, Any]) -> Line:
    """Parse ``-c NAME`` and ``--help`` and return the other words of a line.

    Entity and action may be variables, as in a loop over entities.
    """
    left: list[Word] = []
    connector, wants_help = None, False
    rest = iter(words)
    for word in rest:
        if word.text in _HELP and not word.is_quoted:
            wants_help = True
        elif word.text in _CONNECTOR and not word.is_quoted:
            name = next(rest, None)
            if name is None:
                raise InvalidParameterError(f"{word.text} needs the name of a variable.")
            connector = name.text
        elif word.text.startswith("--connector="):
            connector = word.text.partition("=")[2]
        else:
            left.append(word)
    named = [dataclasses.replace(word, text=str(expanded(word, variables))) for word in left[:2]]
    return Line([*named, *left[2:]], connector, wants_help)


def operation_of(words: Sequence[Word]) -> Operation:
    """Find the operation that the first two words name.

    Raises UnknownNameError, with the nearest right names.
    """
    entity = words[0].text
    if entity.startswith("-"):
        raise InvalidParameterError(
            f"Put the entity first, then its options: %intercom contacts list {entity} ..."
        )
    if entity not in catalog.entities():
        near = did_you_mean(entity, [*catalog.entities(), *COMMANDS])
        raise UnknownNameError(f"Unknown entity {entity!r}.{near} All of them: %intercom --help")
    if len(words) < 2 or words[1].text.startswith("-"):
        known = ", ".join(catalog.actions(entity))
        raise InvalidParameterError(f"Add an action after {entity}. Valid actions: {known}.")
    if words[1].text in {method.name for method in composite_methods(entity)}:
        raise InvalidParameterError(python_only(entity, words[1].text))
    return catalog.operation(entity, words[1].text)


def python_only(entity: str, action: str) -> str:
    """Return the message for a method that combines several operations."""
    return (
        f"{entity}.{action} combines several operations and is available in Python only. "
        f"Use c.sync.{entity}.{action}(...)"
    )


def arguments(
    operation: Operation, words: Sequence[Word], variables: Mapping[str, Any]
) -> dict[str, Any]:
    """Parse the tokens after entity and action as arguments; only their names are checked.

    Raises UnknownNameError for an unknown name, and InvalidParameterError for an invalid value.

    >>> from .tokenizer import split
    >>> arguments(catalog.operation("contacts", "list"), split("--per_page 5 --limit all"), {})
    {'per_page': 5, 'limit': None}
    """
    found: dict[str, Any] = {}
    names = iter(positional_names(operation))
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if not word.text.startswith("--") or word.is_quoted:
            name = next(names, None)
            if name is None:
                raise _too_many(operation, word)
            value: Word | None = word
        else:
            key, equals, text = word.text[2:].partition("=")
            name = known_name(operation, key)
            value = dataclasses.replace(word, text=text) if equals else None
            if value is None and queue and _is_value(operation, name, queue[0]):
                value = queue.pop(0)
        _add(found, operation, name, value, variables)
    return found


def _too_many(operation: Operation, word: Word) -> InvalidParameterError:
    name, equals, value = word.text.partition("=")
    if equals:
        meant = f"--{name} {value}"
    elif word.text.startswith("-"):
        meant = f"-{word.text}"
    else:
        meant = f"--NAME {word.text}"
    return InvalidParameterError(
        f"{operation.name}: {word.text!r} has no parameter name. Write: {meant}. "
        f"To list all: %intercom {operation.entity} {operation.action} --help"
    )


def known_name(operation: Operation, key: str) -> str:
    """Return the argument that ``--key`` names; raises UnknownNameError for an unknown key.

    >>> known_name(catalog.operation("contacts", "list"), "per-page")
    'per_page'
    """
    names = argument_names(operation)
    for spelling in (key, key.replace("-", "_")):
        if spelling in names:
            return spelling
        fields = searched(operation)
        if fields is None:
            continue
        field, _ = split_key(spelling)
        if field in fields.fields or field.startswith(("custom_attributes.", fields.custom)):
            return spelling
    fields = searched(operation)
    known = [*names, *(fields.fields if fields is not None else ())]
    what = "parameter" if fields is None else "parameter or field"
    near = did_you_mean(split_key(key)[0], known)
    raise UnknownNameError(
        f"{operation.name} has no {what} {key!r}{operation.where}.{near} "
        f"To list all: %intercom {operation.entity} {operation.action} --help"
    )


def argument_names(operation: Operation) -> dict[str, str]:
    """Return an operation's argument names and types, without searched fields."""
    options = {name: option.type for name, option in options_of(operation).items()}
    return {**{p.name: p.type for p in operation.params}, **options}


def searched(operation: Operation) -> SearchFields | None:
    """Return the fields of a search, or None if the operation is not a search."""
    if operation.paging.style != "cursor_body":
        return None
    return catalog.search_fields(operation.entity)


def _is_value(operation: Operation, name: str, word: Word) -> bool:
    """Check whether a word is the value of the option before it; a flag needs none."""
    if word.text.startswith("--") and not word.is_quoted:
        return False
    kind = argument_names(operation).get(name, "")
    return not is_flag(kind) or word.text.lower() in {"true", "false"} or word.text[:1] in "${"


def is_flag(kind: str) -> bool:
    """Check whether options of a type may have no value."""
    return kind.startswith("bool") or "| bool" in kind


def _add(
    found: dict[str, Any],
    operation: Operation,
    name: str,
    word: Word | None,
    variables: Mapping[str, Any],
) -> None:
    """Add a value to the arguments; a list may be given item by item."""
    kind = argument_names(operation).get(name, "")
    if word is None:
        if not is_flag(kind):
            raise InvalidParameterError(f"{operation.name}: --{name} needs a value.")
        value: Any = True
    else:
        value = _value(operation, name, word, variables)
    if name in found:
        if not isinstance(found[name], list) or not isinstance(value, list):
            raise InvalidParameterError(f"{operation.name}: --{name} is given twice.")
        value = [*found[name], *value]
    found[name] = value


def _value(operation: Operation, name: str, word: Word, variables: Mapping[str, Any]) -> Any:
    value = expanded(word, variables)
    if not isinstance(value, str):  # a variable's own value
        return value
    param = next((p for p in operation.params if p.name == name), None)
    if param is not None:
        what = f"{operation.name}: --{name}"
        return parse_parameter(
            param, value, quoted=is_text(word), decode=lambda text: decoded(text, what, variables)
        )
    if name in OPTIONS:
        return _option(operation, name, value)
    fields = searched(operation)
    assert fields is not None
    field, sign = split_key(name)
    return field_value(fields, field, sign, value, quoted=is_text(word))


def _option(operation: Operation, name: str, text: str) -> Any:
    low = text.lower()
    if low in {"true", "false"} and name != "limit":
        return low == "true"
    if name == "limit" and low in {ALL, "none"}:
        return None
    if name == "limit" and text.isdecimal():
        return int(text)
    needed = f"a whole number from 1, or {ALL}" if name == "limit" else "true or false"
    raise InvalidParameterError(f"{operation.name}: --{name} must be {needed}, not {text!r}.")


def field_value(fields: SearchFields, name: str, sign: str, text: str, *, quoted: bool) -> Any:
    """Parse the value of a condition by the field's type; commas separate list items."""
    known = fields.fields.get(name)
    kind = known.type if known else None
    return parse_values(text, kind) if sign in _LISTS else parse_value(text, kind, quoted=quoted)
