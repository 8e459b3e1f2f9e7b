r"""Redaction of secrets in text, in whatever encoding a server repeats them."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import IntercomError
from ..secret import Secret
from .secret_patterns import patterns_of

MASK = "***"
_SHORTEST = 8  # characters: the demo's "demo" is a word that messages may have


def redact(text: str, secrets: Iterable[Secret]) -> str:
    r"""Return the text with each secret masked.

    Finds a secret as it is, cut, in another case, in JSON and string escapes, percent-encoded
    (once or twice), as HTML or XML entities, in hex, and inside Base64 of any alignment.

    >>> redact(r"no token dG9rOmV4YW1wbGU\u003d", [Secret("dG9rOmV4YW1wbGU=")])
    'no token ***'
    """
    for secret in secrets:
        if len(secret.reveal()) >= _SHORTEST:
            for pattern in patterns_of(secret):
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
