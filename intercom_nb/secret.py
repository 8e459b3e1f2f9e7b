"""Secret text: masked wherever it could be shown, as an object and inside other text."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from .errors import IntercomError

MASK = "***"
# A cut text may end inside the secret: this much of its beginning is masked too.
_BEGINNING = 16
_COMPARED = 64  # characters: of a longer secret, all that follows in one word is masked
# At most 16 at each place, as escaping four times makes: a hostile run of them takes linear time.
_SLASHES = r"\\{1,16}"
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_SHORTEST = 8  # characters: the demo's "demo" is a word that messages may have


class Secret:
    """Text that must not be shown: repr and str mask it, and it cannot be pickled.

    >>> Secret("dG9rOmV4YW1wbGU", source="argument")
    Secret('***', source='argument')
    """

    __slots__ = ("__value", "source")

    def __init__(self, value: str, source: str = "argument") -> None:
        self.__value = value
        self.source = source

    def reveal(self) -> str:
        """Return the text itself, to be sent to the host that it belongs to and nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        # Debuggers show objects before __init__ has run.
        return f"Secret('***', source={getattr(self, 'source', None)!r})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled; make the connector again where it is needed.")


def hidden(value: Any, source: str = "argument") -> Any:
    """Return text as a Secret, and anything else as it is.

    Callers overwrite their own variable with the result, so that no frame of a later error holds
    the text.

    >>> hidden("dG9rOmV4YW1wbGU"), hidden(None)
    (Secret('***', source='argument'), None)
    """
    return Secret(value, source) if isinstance(value, str) else value


def redact(text: str, secrets: Iterable[Secret]) -> str:
    r"""Return the text with each secret masked.

    Finds a secret as it is, cut, in another case, in JSON and string escapes, percent-encoded
    (once or twice), as HTML or XML entities, in hex, and inside Base64 of any alignment.

    >>> redact(r"no token dG9rOmV4YW1wbGU\u003d", [Secret("dG9rOmV4YW1wbGU=")])
    'no token ***'
    """
    for secret in secrets:
        if len(secret.reveal()) >= _SHORTEST and _may_hold(text, secret):
            for pattern in _patterns_of(secret):
                text = pattern.sub(MASK, text)
    return text


def redact_error(error: IntercomError, secrets: Iterable[Secret]) -> None:
    """Mask the secrets in all texts of an error: message, attributes, notes."""
    known = list(secrets)
    error.args = tuple(redact(a, known) if isinstance(a, str) else a for a in error.args)
    for name, value in vars(error).items():
        if isinstance(value, str):
            setattr(error, name, redact(value, known))
    if hasattr(error, "__notes__"):
        error.__notes__ = [redact(note, known) for note in error.__notes__]


def _may_hold(text: str, secret: Secret) -> bool:
    """Return whether any pattern of a secret could match; most texts need no pattern for that.

    Text without a character that starts an escape can only repeat the secret letter by letter.
    """
    if not (text + secret.reveal()).isascii() or any(mark in text for mark in "\\%=&"):
        return True
    folded = _folded(text)
    return any(_folded(form[:_BEGINNING]) in folded for form in _forms(secret))


def _folded(text: str) -> str:
    return text.lower().replace("-", "+").replace("_", "/")  # the two alphabets of Base64


def _forms(secret: Secret) -> list[str]:
    """Return the secret as it is, in hex, and inside Base64 at each alignment."""
    raw = secret.reveal().encode()
    forms = [secret.reveal(), raw.hex()]
    for shift in range(3):
        # Base64 works on groups of 3 bytes; at each alignment, the characters that depend on the
        # secret alone: not the first ones, which mix with what stands before, nor the last.
        encoded = base64.b64encode(bytes(shift) + raw).decode()
        forms.append(encoded[(0, 2, 3)[shift] : (len(raw) + shift) * 8 // 6])
    return forms


@functools.lru_cache(maxsize=32)  # compiling takes 250 ms, and each failed row of a bulk write asks
def _patterns_of(secret: Secret) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a secret: as it is, in escapes, in hex, and inside Base64."""
    plain, hexadecimal, *cores = _forms(secret)
    in_base64 = [_in_any_escape(core, {"+": "-", "/": "_"}) + "(?:=|%3D){0,2}" for core in cores]
    found = [_in_any_escape(plain), hexadecimal, *in_base64]
    return tuple(re.compile(pattern, re.I) for pattern in found)


def _in_any_escape(text: str, aliases: Mapping[str, str] | None = None) -> str:
    """Return a pattern for a text whose characters may each be escaped; its end may be missing.

    ``aliases`` are characters that may replace others.
    """
    also = aliases or {}
    characters = [
        f"(?:{_in_escapes(c)}|{_in_escapes(also[c])})" if c in also else _in_escapes(c)
        for c in text
    ]
    pattern = r"[\w.~+/=%\\;&#-]*" if len(text) > _COMPARED else ""
    for character in reversed(characters[_BEGINNING:_COMPARED]):
        pattern = f"(?:{character}{pattern})?"
    return "".join(characters[:_BEGINNING]) + pattern


def _in_escapes(character: str) -> str:
    code = ord(character)
    ways = [
        rf"{_SLASHES}u0{{0,8}}{code:x}",
        rf"{_SLASHES}u\{{0{{0,8}}{code:x}\}}",
        rf"{_SLASHES}x{code:02x}",
        rf"%(?:25){{0,8}}{code:02x}",
        rf"={code:02x}",  # quoted-printable
        rf"&#0{{0,8}}{code};",
        rf"&#x0{{0,8}}{code:x};",
    ]
    if character in _ENTITIES:
        ways.append(f"&{_ENTITIES[character]};")
    ways.append(
        rf"\\{{0,16}}{re.escape(character)}"
    )  # last, since "\u0055" begins like an escaped "u"
    return f"(?:{'|'.join(ways)})"
