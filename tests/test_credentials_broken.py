"""Credentials when the file, the keyring or the object is broken."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest

from intercom_nb import connect
from intercom_nb.credentials import (
    ACCESS_TOKEN,
    SETTINGS,
    can_remember,
    forget,
    remember,
    secret_setting,
)
from intercom_nb.errors import ConfigurationError, CredentialError
from intercom_nb.executors.hosted.auth import Tokens
from intercom_nb.models import AirbyteAuthConfig, IntercomAuthConfig, IntercomReplicationConfig
from intercom_nb.secret import Secret
from intercom_nb.transport.client import Transport

LINES = f"# Schlüssel\n{ACCESS_TOKEN}=token-of-the-file\nINTERCOM_REGION=eu\n"
READABLE = {
    "utf-8": LINES.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + LINES.encode(),
    "mark before the name": codecs.BOM_UTF8 + LINES.split("\n", 1)[1].encode(),
    "utf-16 little": codecs.BOM_UTF16_LE + LINES.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + LINES.encode("utf-16-be"),
    "windows lines": LINES.replace("\n", "\r\n").encode(),
}
UNREADABLE = {
    "latin-1": LINES.encode("latin-1"),
    "utf-16 without a mark": LINES.encode("utf-16-le"),
    "utf-16 cut": (codecs.BOM_UTF16_LE + LINES.encode("utf-16-le"))[:-1],
    "bytes": bytes(range(128, 256)),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("intercom_nb.credentials._keyring", lambda: None)
    return tmp_path


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE)
def test_env_file_is_read_when_its_encoding_is_known(folder: Path, content: bytes) -> None:
    (folder / ".env").write_bytes(content)
    found = secret_setting(ACCESS_TOKEN)
    assert found is not None
    assert found.reveal() == "token-of-the-file"
    assert connect().base_url == "https://api.eu.intercom.io"


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_connect_names_the_env_file_when_it_is_not_utf_8(
    folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_bytes(content)
    with pytest.raises(
        CredentialError, match=r"\.env is not UTF-8 text.*Save it as UTF-8"
    ) as caught:
        connect()
    assert "token-of-the-file" not in str(caught.value)
    assert connect(access_token="given-token").mode == "direct"
    monkeypatch.setenv(ACCESS_TOKEN, "token-of-the-environment")
    assert connect().mode == "direct"


def test_connect_names_the_env_file_when_it_cannot_be_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text(LINES, encoding="utf-8")

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CredentialError, match=r"\.env cannot be read \(Permission denied\)"):
        connect()
    assert connect(access_token="given-token").mode == "direct"


@pytest.mark.parametrize("kind", ["directory", "broken link"])
def test_env_file_counts_as_missing_when_it_is_not_a_file(folder: Path, kind: str) -> None:
    if kind == "directory":
        (folder / ".env").mkdir()
    else:
        (folder / ".env").symlink_to(folder / "nowhere")
    with pytest.raises(CredentialError, match="No Intercom credential was found"):
        connect()


class BrokenKeyring:
    """A keyring library whose back end fails in every call."""

    class errors:  # noqa: N801 - the name of the library's module
        NoKeyringError = KeyError
        PasswordDeleteError = KeyError

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*_: Any) -> Any:
            raise self._error

        return fail


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'missing_backend'"),
        RuntimeError("No usable D-Bus session"),
        OSError(5, "Input/output error"),
        AttributeError("priority"),
        Exception(""),
    ],
    ids=lambda e: type(e).__name__,
)
def test_keyring_calls_raise_credential_error_when_the_back_end_is_broken(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intercom_nb.credentials._keyring", lambda: BrokenKeyring(error))
    assert not can_remember()
    with pytest.raises(CredentialError, match="keyring cannot be read") as caught:
        connect()
    assert caught.value.__context__ is None
    with pytest.raises(CredentialError, match="was not remembered"):
        remember("token-to-keep")
    with pytest.raises(CredentialError, match="was not forgotten"):
        forget()
    assert connect(access_token="given-token").mode == "direct"
    assert len(connect("demo").sync.tags.list()) > 0


def test_keyring_error_has_no_secret_when_the_back_end_repeats_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = BrokenKeyring(RuntimeError("cannot store token-to-keep"))
    monkeypatch.setattr("intercom_nb.credentials._keyring", lambda: broken)
    with pytest.raises(CredentialError) as caught:
        remember("token-to-keep")
    assert "token-to-keep" not in str(caught.value)


@pytest.mark.parametrize(
    "kind",
    [Secret, IntercomAuthConfig, AirbyteAuthConfig, IntercomReplicationConfig, Transport, Tokens],
)
def test_repr_has_the_class_name_when_the_object_is_half_built(kind: type) -> None:
    assert kind.__name__ in repr(object.__new__(kind))


def test_intercom_replication_config_raises_when_the_start_date_is_missing() -> None:
    with pytest.raises(ConfigurationError, match="start_date must be UTC"):
        IntercomReplicationConfig()
