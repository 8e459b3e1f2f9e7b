"""Secret text: masked wherever it could be shown."""

from __future__ import annotations

from typing import Any, NoReturn


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
