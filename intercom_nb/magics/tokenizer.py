"""A line as words: quotes, JSON in one piece, and the variables in it."""

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
# What reading a variable of the user's, or an expression of it, can raise.
_FAILURES = (
    ArithmeticError, AttributeError, LookupError, NameError, SyntaxError, TypeError, ValueError,
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Word:
    """One word of a line: its text without quotes, and where it stands."""

    text: str
    start: int
    end: int
    quoted: bool = False


def split(line: str, *, strict: bool = True) -> list[Word]:
    """Take a line apart at its spaces; quotes and brackets keep what is in them together.

    Raises InvalidParameterError for a quote or a bracket that is never closed, if ``strict``.

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
                raise InvalidParameterError(f"There is no end to {line[at:]!r}: {sign} is open.")
            return Word(text + line[at:], start, len(line), quoted)
        text += line[at + 1 : end - 1] if sign in "\"'" else line[at:end]
        at = end
    return Word(text, start, at, quoted)


def _closing(line: str, start: int) -> int:
    """Give the place behind the bracket that closes the one at ``start``, or 0."""
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


def take_target(line: str) -> tuple[str | None, str]:
    """Take ``name <<`` off the start of a line: (the name or None, the rest).

    >>> take_target("df << contacts list")
    ('df', ' contacts list')
    """
    found = _TARGET.match(line)
    if found is None:
        return None, line
    return checked_target(found[1]), line[found.end() :]


def checked_target(name: str) -> str:
    """Give a variable's name; raises InvalidParameterError when it cannot be one."""
    import keyword

    if not name.isidentifier() or keyword.iskeyword(name):
        raise InvalidParameterError(f"{name!r} cannot be a variable: name << contacts list")
    return name


def expanded(word: Word, variables: Mapping[str, Any]) -> Any:
    """Give the value that a word stands for: text, or what a variable holds.

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
    """Tell a word that is text whatever it looks like: in quotes, or what a variable holds."""
    return word.quoted or (_VARIABLE.fullmatch(word.text) is not None and not is_json(word.text))


def is_json(text: str) -> bool:
    """Tell JSON from ``{name}``, which looks like it: it must be read without an error."""
    if not text.startswith(("{", "[")):
        return False
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


def decoded(text: str, what: str, variables: Mapping[str, Any]) -> Any:
    """Read JSON, with the values of variables where a text in it is ``$name``.

    Raises InvalidParameterError, which says what it is that is not JSON.
    """
    try:
        return _filled(msgspec.json.decode(text), variables)
    except msgspec.DecodeError as error:
        raise InvalidParameterError(f"{what} is not JSON: {error}") from None


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
    """Read a variable, or the expression in braces, which its user wrote in this very cell."""
    name, expression = found[1], found[2]
    if name and name.partition(".")[0] not in variables:
        near = did_you_mean(name, [v for v in variables if not v.startswith("_")])
        near = "" if near.startswith(" There is") else near
        raise InvalidParameterError(
            f"There is no variable {name!r}.{near} For a dollar sign, write $$."
        )
    try:
        return eval(name or expression, dict(variables))  # noqa: S307
    except _FAILURES as error:
        raise InvalidParameterError(f"{found[0]}: {type(error).__name__}: {error}") from None
