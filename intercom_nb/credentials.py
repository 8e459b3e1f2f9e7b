"""Where a credential comes from, and how it is kept secret."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NoReturn

from .errors import CredentialError

ACCESS_TOKEN = "INTERCOM_ACCESS_TOKEN"  # noqa: S105 (the name of a setting)
REGION = "INTERCOM_REGION"

_HOW = (
    "Give one in any of these ways: connect(access_token=...), the environment variable "
    f"{ACCESS_TOKEN}, a line {ACCESS_TOKEN}=... in a file .env in this folder, or "
    "intercom_nb.login() for a form. connect('demo') needs none."
)


class Secret:
    """Text that must not be shown: its repr, str and pickle never have it.

    >>> Secret("dG9rOmV4YW1wbGU", source="argument")
    Secret('***', source='argument')
    """

    __slots__ = ("__value", "source")

    def __init__(self, value: str, source: str = "argument") -> None:
        self.__value = value
        self.source = source

    def reveal(self) -> str:
        """Give the text itself, to be sent to the host that it belongs to and nowhere else."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret('***', source={self.source!r})"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.__value

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled; make the connector again where it is needed.")


def check_token(value: object, source: str = "argument", what: str = "access token") -> Secret:
    """Give the token as a Secret, or raise CredentialError when it cannot be one.

    The error never repeats the token. White space around it (from copying) is dropped.
    """
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise CredentialError(
            f"The {what} must be text, not {type(value).__name__} (from {source})."
        )
    token = value.strip()
    if not token:
        raise CredentialError(f"The {what} is empty (from {source}). {_HOW}")
    if token.lower().startswith("bearer "):
        raise CredentialError(f"The {what} (from {source}) starts with 'Bearer': leave that out.")
    if token[0] == token[-1] and token[0] in "\"'`":
        raise CredentialError(f"The {what} (from {source}) has quotes around it: leave them out.")
    if token.startswith("<") and token.endswith(">"):
        raise CredentialError(f"The {what} (from {source}) is still the placeholder.")
    if re.search(r"[^\x21-\x7e]", token):
        raise CredentialError(
            f"The {what} (from {source}) has spaces, line breaks or other signs that no token has; "
            "copy it again, whole and alone."
        )
    return Secret(token, source)


def setting(name: str, folder: str | Path | None = None) -> tuple[str, str] | None:
    """Look a setting up now, in the environment and then in ``.env``: (value, where it was).

    ``.env`` is read from the working folder only; the environment is not changed.
    """
    value = os.environ.get(name)
    if value and value.strip():
        return value, f"environment variable {name}"
    file = Path(folder or ".") / ".env"
    if file.is_file():
        from dotenv import dotenv_values

        value = dotenv_values(file, interpolate=False).get(name)
        if value and value.strip():
            return value, f"{name} in {file}"
    return None


def find_access_token() -> Secret:
    """Find an access token in the environment or ``.env``, or raise CredentialError saying how."""
    found = setting(ACCESS_TOKEN)
    if found is None:
        raise CredentialError(f"No Intercom credential was found. {_HOW}")
    return check_token(*found)
