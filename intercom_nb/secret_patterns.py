"""Patterns that find one secret in a text, in whatever encoding a server repeats it."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Mapping

# A cut text may end inside the secret: this much of its beginning is masked too.
_BEGINNING = 16
_COMPARED = 64  # characters: of a longer secret, all that follows in one word is masked
# At most 16 at each place, as escaping four times makes: a hostile run of them takes linear time.
_SLASHES = r"\\{1,16}"
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


def can_hold(text: str, secret: str) -> bool:
    """Return whether any pattern of a secret could match; most texts need no pattern for that.

    Text without a character that starts an escape can only repeat the secret letter by letter.
    """
    if not (text + secret).isascii() or any(mark in text for mark in "\\%=&"):
        return True
    folded = _folded(text)
    return any(_folded(form[:_BEGINNING]) in folded for form in _forms(secret))


def _folded(text: str) -> str:
    return text.lower().replace("-", "+").replace("_", "/")  # the two alphabets of Base64


def _forms(secret: str) -> list[str]:
    """Return the secret as it is, in hex, and inside Base64 at each alignment."""
    raw = secret.encode()
    forms = [secret, raw.hex()]
    for shift in range(3):
        # Base64 works on groups of 3 bytes; at each alignment, the characters that depend on the
        # secret alone: not the first ones, which mix with what stands before, nor the last.
        encoded = base64.b64encode(bytes(shift) + raw).decode()
        forms.append(encoded[(0, 2, 3)[shift] : (len(raw) + shift) * 8 // 6])
    return forms


@functools.lru_cache(maxsize=32)  # compiling takes 8 to 50 ms; each failed row of a bulk write asks
def patterns_of(secret: str) -> tuple[re.Pattern[str], ...]:
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
