"""Credentials: where they are found, and how they are remembered.

The order is: what is given in the call, the environment, ``.env`` in the working folder, the
secrets of Google Colab, this computer's keyring. All of them are read when they are needed, never
at import.
"""

from __future__ import annotations

import codecs
import contextlib
import importlib
import io
import os
import re
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from .errors import ConfigurationError, CredentialError, did_you_mean
from .secret import Secret, hidden

# The names of settings, not secrets, which is what S105 takes them for.
ACCESS_TOKEN = "INTERCOM_ACCESS_TOKEN"  # noqa: S105
REGION = "INTERCOM_REGION"
CLIENT_ID = "AIRBYTE_CLIENT_ID"
CLIENT_SECRET = "AIRBYTE_CLIENT_SECRET"  # noqa: S105
ORGANIZATION_ID = "AIRBYTE_ORGANIZATION_ID"
SETTINGS = (ACCESS_TOKEN, REGION, CLIENT_ID, CLIENT_SECRET, ORGANIZATION_ID)
"""Everything that is looked up in the environment, ``.env``, Colab's secrets and the keyring."""

_KEYRING_SERVICE = "intercom_nb"
_KEYRING = "this computer's keyring"
_COLAB = "secrets of Google Colab"
_HOW = (
    "Provide one: pass connect(access_token=...), set the environment variable "
    f"{ACCESS_TOKEN}, add a line {ACCESS_TOKEN}=... to .env in this folder, add a secret of this "
    "name in Google Colab, or use the form intercom_nb.login(), which can save it in the keyring. "
    "connect('demo') needs none. "
    f"For hosted mode: {CLIENT_ID} and {CLIENT_SECRET}, in the same places."
)


def check_token(value: object, source: str = "argument", what: str = "access token") -> Secret:
    """Return the token as a Secret; raise CredentialError if it cannot be one.

    The error never repeats the token. White space around it (from copying) is dropped.
    """
    value = hidden(value, source)
    if not isinstance(value, Secret):
        kind = type(value).__name__
        raise CredentialError(f"The {what} must be text, not {kind} (from {source}).")
    value = Secret(value.reveal().strip(), value.source)
    if not value.reveal():
        raise _named(
            CredentialError(f"The {what} is empty (from {value.source}). {_HOW}"), "missing"
        )
    problem = _problem(value)
    if problem is not None:
        raise CredentialError(f"The {what} (from {value.source}) {problem}")
    return value


def _problem(token: Secret) -> str | None:
    if token.reveal().lower().startswith("bearer "):
        return "starts with 'Bearer': leave that out."
    if token.reveal()[0] == token.reveal()[-1] and token.reveal()[0] in "\"'`":
        return "has quotes around it: leave them out."
    if token.reveal().startswith("<") and token.reveal().endswith(">"):
        return "is still the placeholder."
    if re.search(r"[^\x21-\x7e]", token.reveal()):
        return (
            "has spaces, line breaks or other characters that tokens do not have. Copy it again, "
            "complete and alone."
        )
    return None


def _named(error: CredentialError, reason: Literal["missing", "malformed"]) -> CredentialError:
    error.reason = reason
    return error


def setting(name: str, credential: Secret | None = None) -> tuple[str, str] | None:
    """Return a setting that is not a secret as (value, source), or None.

    ``.env`` is read from the working folder only; the environment is not changed. Colab's secrets
    and the keyring, which may ask the user, are read only if they held the credential. What cannot
    be read counts as empty: whoever has a credential needs none of it.
    """
    found = _from_environment(name)
    with contextlib.suppress(CredentialError):
        found = found or _from_file(name, Path())
        if found is None and credential is not None:
            read = {_KEYRING: _from_keyring, _COLAB: _from_colab}.get(credential.source)
            found = None if read is None else read(name)
    return None if found is None else (found.reveal(), found.source)


def secret_setting(name: str) -> Secret | None:
    """Return a setting from the environment, ``.env``, Colab's secrets or the keyring, or None.

    Raises CredentialError if one of them is needed and cannot be read.
    """
    known = _from_environment(name) or _from_file(name, Path())
    return known or _from_colab(name) or _from_keyring(name)


def _from_environment(name: str) -> Secret | None:
    if not os.environ.get(name, "").strip():
        return None
    return Secret(os.environ[name], f"environment variable {name}")


def _from_file(name: str, folder: Path) -> Secret | None:
    file = folder / ".env"
    try:
        content = file.read_bytes() if file.is_file() else None
    except OSError as error:
        raise CredentialError(
            f"No {name} in the environment, and {file} cannot be read ({error.strerror}). Make the "
            f"file readable, or set the environment variable {name}."
        ) from None
    if content is None:
        return None
    from dotenv import dotenv_values

    text = io.StringIO(_decoded(content, file))
    found = hidden(dotenv_values(stream=text, interpolate=False).get(name), f"{name} in {file}")
    return found if isinstance(found, Secret) and found.reveal().strip() else None


def _decoded(content: bytes, file: Path) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark (PowerShell)."""
    is_utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    failure = None
    try:
        text = content.decode("utf-16" if is_utf_16 else "utf-8-sig")
        if "\0" not in text:  # UTF-16 without its mark
            return text
    except UnicodeDecodeError as error:
        failure = error.reason
    text, content = "", b""  # they may hold secrets, which an error's frames would show
    raise CredentialError(
        f"{file} is not UTF-8 text" + (f" ({failure})" if failure else "") + ". Save it as UTF-8."
    ) from None


def _from_colab(name: str) -> Secret | None:
    """Return a secret of the notebook's owner in Google Colab; None outside of it.

    Colab's kernel has loaded its module; a program started beside it has not. Colab responds only
    while a cell runs: any other thread might wait for ever.
    """
    if "google.colab" not in sys.modules:
        return None
    if threading.current_thread() is not threading.main_thread():
        return None
    userdata = importlib.import_module("google.colab.userdata")
    try:
        found = hidden(userdata.get(name), _COLAB)
    except userdata.SecretNotFoundError:
        return None
    except userdata.NotebookAccessError:
        raise CredentialError(
            f"This notebook is not allowed to read Colab's secret {name}. Turn on 'Notebook "
            "access' next to it in the Secrets panel."
        ) from None
    except Exception as error:  # noqa: BLE001 - the service behind it may fail in any way
        failure = (str(error) or type(error).__name__).rstrip(".")
        raise CredentialError(
            f"No {name} in the environment or .env, and the {_COLAB} cannot be read: {failure}. "
            f"Set the environment variable {name}."
        ) from None
    return found if isinstance(found, Secret) and found.reveal().strip() else None


def _from_keyring(name: str) -> Secret | None:
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        return hidden(keyring.get_password(_KEYRING_SERVICE, name), _KEYRING)  # type: ignore[no-any-return]
    except keyring.errors.NoKeyringError:
        return None
    except Exception as error:  # noqa: BLE001 - back ends are plug-ins that raise anything
        failure = _keyring_failure(error)
    raise CredentialError(
        f"No {name} in the environment or .env, and {_KEYRING} cannot be read: {failure}. Set the "
        f"environment variable {name}, or repair the keyring (PYTHON_KEYRING_BACKEND selects one)."
    )


def _keyring_failure(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")


def find_access_token() -> Secret:
    """Return the access token that is found; raise CredentialError saying how to give one."""
    found = secret_setting(ACCESS_TOKEN)
    if found is None:
        raise _named(CredentialError(f"No Intercom credential was found. {_HOW}"), "missing")
    return check_token(found)


def find_client(client_id: object, client_secret: object) -> tuple[Secret, Secret]:
    """Return the Airbyte client, given or found, as (id, secret).

    Raises CredentialError naming the missing half and the ways to give it.
    """
    client_id, client_secret = hidden(client_id), hidden(client_secret)
    return (
        _given_or_found(client_id, CLIENT_ID, "Airbyte client id"),
        _given_or_found(client_secret, CLIENT_SECRET, "Airbyte client secret"),
    )


def _given_or_found(given: object, name: str, what: str) -> Secret:
    found = secret_setting(name) if given is None else given
    if found is None:
        keyword = name.lower()
        raise _named(
            CredentialError(
                f"No {what} was found. Pass {keyword}=..., set the environment variable {name}, "
                f"add {name}=... to .env in this folder, or save it in the keyring. "
                "connect('demo', mode='hosted') needs none."
            ),
            "missing",
        )
    return check_token(found, what=what)


def can_remember() -> bool:
    """Return whether this computer has a keyring that can be written to."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        # The library's null and fail back ends have a priority of 0 and below.
        return bool(keyring.get_keyring().priority > 0)
    except Exception:  # noqa: BLE001 - back ends are plug-ins that raise anything
        return False


def remember(value: str | Secret, name: str = ACCESS_TOKEN) -> None:
    """Save a setting in this computer's keyring, where ``connect()`` finds it.

    ``name`` is one of SETTINGS. Raises ConfigurationError without a keyring, and
    CredentialError if the keyring refuses.

    >>> remember(token)  # doctest: +SKIP
    """
    secret: Secret = hidden(value)
    del value
    keyring = _keyring_or_error(name)
    try:
        keyring.set_password(_KEYRING_SERVICE, name, secret.reveal())
    except Exception as error:  # noqa: BLE001 - back ends are plug-ins that raise anything
        failure = _keyring_failure(error).replace(secret.reveal(), "***")
    else:
        return
    raise CredentialError(f"{name} was not remembered, because {_KEYRING} failed: {failure}.")


def forget(name: str | None = None) -> list[str]:
    """Delete a setting, or all of them, from the keyring; return the names that were there.

    Raises ConfigurationError without a keyring, and CredentialError if it refuses.

    >>> forget()  # doctest: +SKIP
    ['INTERCOM_ACCESS_TOKEN']
    """
    keyring = _keyring_or_error(name or ACCESS_TOKEN)
    gone: list[str] = []
    for each in SETTINGS if name is None else (name,):
        try:
            keyring.delete_password(_KEYRING_SERVICE, each)
        except keyring.errors.PasswordDeleteError:
            continue  # was not there
        except Exception as error:  # noqa: BLE001 - back ends are plug-ins that raise anything
            failure = _keyring_failure(error)
        else:
            gone.append(each)
            continue
        raise CredentialError(f"{each} was not forgotten, because {_KEYRING} failed: {failure}.")
    return gone


def _keyring() -> ModuleType | None:
    """Return the keyring library, or None: it is an extra, and not all machines have a keyring."""
    try:
        import keyring
        import keyring.errors
    except Exception:  # noqa: BLE001 - it loads a back end, which may be broken in any way
        return None
    return keyring


def _keyring_or_error(name: str) -> Any:
    if name not in SETTINGS:
        raise ConfigurationError(f"{name!r} is not a setting.{did_you_mean(name, SETTINGS)}")
    keyring = _keyring()
    if keyring is None:
        raise ConfigurationError(
            "Remembering needs the extra keyring: pip install 'intercom-nb[keyring]'."
        )
    return keyring
