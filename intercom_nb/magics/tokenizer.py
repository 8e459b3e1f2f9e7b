"""Tokenizer of a magic's line: words, quotes, JSON, variables."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ..errors import InvalidParameterError, did_you_mean

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_VARIABLE = re.compile(rf"\$({_NAME})|\{{([^{{}}]+)\}}")
_INSIDE = re.compile(rf"\$\$|\$({_NAME})|\{{([^{{}}]+)\}}")
_OPENING = {"{": "}", "[": "]"}
_TARGET = re.compile(r"\s*(\S*?)\s*<<")
# Errors that reading a user's variable or expression can raise.
_FAILURES = (
    ArithmeticError, AttributeError, LookupError, NameError, SyntaxError, TypeError, ValueError,
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of a line: its text without quotes, and its position."""

    text: str
    start: int
    end: int
    is_quoted: bool = False


def split(line: str, *, strict: bool = True) -> list[Word]:
    """Split a line at its spaces, except inside quotes and brackets.

    If ``strict``, raises InvalidParameterError for an unclosed quote or bracket.

    >>> [word.text for word in split('create --name "Ada L." --custom_attributes {"a": 1}')]
    ['create', '--name', 'Ada L.', '--custom_attributes', '{"a": 1}']
    """
    words = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word = _word(line, at, strict)
        words.append(word)
        at = word.end
    return words


def _word(line: str, start: int, strict: bool) -> Word:
    text, at, quoted = "", start, False
    while at < len(line) and not line[at].isspace():
        sign = line[at]
        begins = at == start or line[at - 1] == "="
        if sign in _OPENING and begins:
            end = _closing(line, at)
        elif sign in "\"'":
            end = line.find(sign, at + 1) + 1
            quoted = quoted or begins
        else:
            text, at = text + sign, at + 1
            continue
        if end == 0:
            if strict:
                raise InvalidParameterError(f"Unclosed {sign} in {line[at:]!r}.")
            return Word(text + line[at:], start, len(line), quoted)
        text += line[at + 1 : end - 1] if sign in "\"'" else line[at:end]
        at = end
    return Word(text, start, at, quoted)


def _closing(line: str, start: int) -> int:
    """Return the position after the bracket that closes the one at ``start``, or 0."""
    open_, inside = [], False
    at = start
    while at < len(line):
        sign = line[at]
        if inside:
            at += sign == "\\"
            inside = sign != '"'
        elif sign == '"':
            inside = True
        elif sign in _OPENING:
            open_.append(_OPENING[sign])
        elif sign in _OPENING.values():
            if sign != open_.pop():
                return 0
            if not open_:
                return at + 1
        at += 1
    return 0


def split_target(line: str) -> tuple[str | None, str]:
    """Split ``name <<`` off the start of a line: (the name or None, the rest).

    >>> split_target("df << contacts list")
    ('df', ' contacts list')
    """
    found = _TARGET.match(line)
    if found is None:
        return None, line
    return checked_target(found[1]), line[found.end() :]


def checked_target(name: str) -> str:
    """Return a variable's name; raises InvalidParameterError if it is not a valid one."""
    import keyword

    if not name.isidentifier() or keyword.iskeyword(name):
        raise InvalidParameterError(
            f"{name!r} is not a valid variable name. Write: df << contacts list"
        )
    return name


def expanded(word: Word, variables: Mapping[str, Any]) -> Any:
    """Return a word's value: its text, or a variable's value.

    ``$name`` and ``{expression}`` alone are the object itself, so that a list stays one and no
    text can become a second word; within other text they are its ``str``. ``$$`` is a dollar
    sign. JSON is left alone but for texts in it that are ``$name``.
    """
    text = word.text
    if is_json(text):
        return text
    whole = _VARIABLE.fullmatch(text)
    if whole is not None:
        return _value(whole, variables)
    return _INSIDE.sub(
        lambda found: "$" if found[0] == "$$" else str(_value(found, variables)), text
    )


def is_text(word: Word) -> bool:
    """Check whether a word is text in any case: quoted, or a variable's value."""
    return word.is_quoted or (_VARIABLE.fullmatch(word.text) is not None and not is_json(word.text))


def is_json(text: str) -> bool:
    """Check for JSON, which ``{name}`` resembles: it must parse without an error."""
    if not text.startswith(("{", "[")):
        return False
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def decoded(text: str, what: str, variables: Mapping[str, Any]) -> Any:
    """Parse JSON, replacing each text ``$name`` in it with the variable's value.

    Raises InvalidParameterError naming ``what`` if it is not valid JSON.
    """
    try:
        return _filled(msgspec.json.decode(text), variables)
    except msgspec.DecodeError as error:
        raise InvalidParameterError(f"{what} is not valid JSON: {error}") from None


def _filled(value: Any, variables: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, variables) for item in value]
    if isinstance(value, str) and value.startswith("$$"):
        return value[1:]
    whole = re.fullmatch(rf"\$({_NAME})()", value) if isinstance(value, str) else None
    return value if whole is None else _value(whole, variables)


def _value(found: re.Match[str], variables: Mapping[str, Any]) -> Any:
    """Evaluate a variable, or an expression in braces that the user wrote in this cell."""
    name, expression = found[1], found[2]
    if name and name.partition(".")[0] not in variables:
        near = did_you_mean(name, [v for v in variables if not v.startswith("_")])
        near = "" if near.startswith(" Available") else near
        raise InvalidParameterError(
            f"No variable named {name!r}.{near} For a dollar sign, write $$."
        )
    try:
        return eval(name or expression, dict(variables))  # noqa: S307
    except _FAILURES as error:
        raise InvalidParameterError(f"{found[0]}: {type(error).__name__}: {error}") from None
