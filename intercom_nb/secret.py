"""Secret text: masked wherever it could be shown, as an object and inside other text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from .secret_patterns import can_hold, patterns_of

MASK = "***"
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
        raise TypeError("A secret cannot be pickled. Create the connector again where you need it.")


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
        if len(secret.reveal()) >= _SHORTEST and can_hold(text, secret.reveal()):
            for pattern in patterns_of(secret.reveal()):
                text = pattern.sub(MASK, text)
    return text
