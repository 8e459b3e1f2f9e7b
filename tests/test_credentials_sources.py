"""Where a credential is found, in which order, and how the keyring remembers and forgets it."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from intercom_nb import connect
from intercom_nb.credentials import (
    ACCESS_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    REGION,
    can_remember,
    find_client,
    forget,
    remember,
    secret_setting,
)
from intercom_nb.errors import ConfigurationError, CredentialError, UnsupportedError
from intercom_nb.secret import Secret


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that forgets when the test ends."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def _open(self) -> None:
        if self.locked:
            raise keyring.errors.KeyringLocked("the keyring is locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._open()
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def memory() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    memory = MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_secret_setting_prefers_environment_over_file_over_keyring_when_each_has_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember("from-the-keyring", CLIENT_SECRET)
    assert _source() == "this computer's keyring"
    (folder / ".env").write_text(f"{CLIENT_SECRET}='from the file'\n")
    assert _source() == f"{CLIENT_SECRET} in .env"
    monkeypatch.setenv(CLIENT_SECRET, "from-the-environment")
    assert _source() == f"environment variable {CLIENT_SECRET}"
    monkeypatch.setenv(CLIENT_ID, "id")
    given = connect(mode="hosted", airbyte_client_secret="given")
    assert "from argument" in repr(given)


class ColabError(Exception):
    """The base of one of Colab's two errors."""


@pytest.fixture
def colab(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | Exception]:
    """The kernel of Google Colab: its module's documented interface, over these secrets."""
    secrets: dict[str, str | Exception] = {}
    userdata = types.ModuleType("google.colab.userdata")

    class NotebookAccessError(Exception):
        pass

    class SecretNotFoundError(ColabError):
        pass

    def get(key: str) -> str:
        found = secrets.get(key, SecretNotFoundError(f"Secret {key} does not exist."))
        if found == "locked":
            raise NotebookAccessError(f"Notebook does not have access to secret {key}")
        if isinstance(found, Exception):
            raise found
        return found

    vars(userdata).update(
        get=get, NotebookAccessError=NotebookAccessError, SecretNotFoundError=SecretNotFoundError
    )
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)
    return secrets


def test_secret_setting_prefers_colab_over_the_keyring_when_both_have_it(
    colab: dict[str, str | Exception],
) -> None:
    remember("from-the-keyring", CLIENT_SECRET)
    assert _source() == "this computer's keyring"
    colab[CLIENT_SECRET] = "from-colab"
    assert _source() == "secrets of Google Colab"
    colab[ACCESS_TOKEN], colab[REGION] = "a-token", "eu"
    c = connect()
    assert c.mode == "direct"
    assert "api.eu.intercom.io" in repr(c)
    assert "secrets of Google Colab" in repr(c)
    assert "a-token" not in repr(c)


def test_connect_explains_notebook_access_when_colab_refuses_the_secret(
    colab: dict[str, str | Exception],
) -> None:
    colab[ACCESS_TOKEN] = "locked"
    with pytest.raises(CredentialError, match="Turn on 'Notebook access'"):
        connect()
    colab[ACCESS_TOKEN] = OSError("no reply")
    with pytest.raises(CredentialError, match="cannot be read: no reply"):
        connect()


def test_secret_setting_skips_colab_when_no_cell_runs(colab: dict[str, str | Exception]) -> None:
    """Its kernel answers the main thread; on another one the question might never return."""
    colab[CLIENT_SECRET] = "from-colab"
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(secret_setting, CLIENT_SECRET).result() is None


def _source() -> str:
    found = secret_setting(CLIENT_SECRET)
    assert found is not None
    return found.source


def test_connect_prefers_the_access_token_when_a_hosted_client_is_set_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(CredentialError):
        connect()
    monkeypatch.setenv(CLIENT_ID, "id")
    monkeypatch.setenv(CLIENT_SECRET, "secret")
    assert connect().mode == "hosted"
    monkeypatch.setenv(ACCESS_TOKEN, "token")
    assert connect().mode == "direct"  # a token comes first
    assert connect(mode="hosted").mode == "hosted"
    assert connect("hosted").mode == "hosted"
    assert connect("intercom", workspace_name="w").mode == "hosted"
    assert connect(access_token="given").mode == "direct"
    monkeypatch.delenv(ACCESS_TOKEN)
    assert connect().mode == "hosted"


def test_connect_raises_when_the_token_is_malformed_although_a_client_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(ACCESS_TOKEN, "two words")
    monkeypatch.setenv(CLIENT_ID, "id")
    monkeypatch.setenv(CLIENT_SECRET, "secret")
    with pytest.raises(CredentialError, match=ACCESS_TOKEN):
        connect()


@pytest.mark.parametrize("missing", [CLIENT_ID, CLIENT_SECRET])
def test_find_client_names_the_missing_half_when_only_one_is_set(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in {CLIENT_ID, CLIENT_SECRET} - {missing}:
        monkeypatch.setenv(name, "there")
    with pytest.raises(CredentialError, match=missing) as caught:
        find_client(None, None)
    assert caught.value.reason == "missing"


def test_forget_removes_the_token_when_it_was_remembered(memory: MemoryKeyring) -> None:
    assert can_remember()
    remember(Secret("token-to-keep"))
    assert repr(connect()).count("keyring") == 1
    remember("id", CLIENT_ID)
    assert forget(CLIENT_ID) == [CLIENT_ID]
    assert forget(CLIENT_ID) == []
    assert forget() == [ACCESS_TOKEN]
    assert not memory.kept
    with pytest.raises(CredentialError, match="No Intercom credential"):
        connect()


def test_connect_uses_the_remembered_region_when_the_token_is_from_the_keyring(
    memory: MemoryKeyring,
) -> None:
    remember("token-to-keep")
    remember("eu", REGION)
    assert connect().base_url == "https://api.eu.intercom.io"
    memory.locked = True  # a token from elsewhere needs no keyring
    assert connect(access_token="given").base_url == "https://api.intercom.io"


def test_remember_suggests_the_name_when_the_setting_is_unknown() -> None:
    with pytest.raises(ConfigurationError, match="Did you mean INTERCOM_ACCESS_TOKEN"):
        remember("x", "INTERCOM_ACESS_TOKEN")


def test_keyring_calls_raise_credential_error_when_the_keyring_is_locked(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.locked = True
    with pytest.raises(CredentialError, match="keyring cannot be read: the keyring is locked"):
        connect()
    with pytest.raises(CredentialError, match="was not remembered"):
        remember("token")
    with pytest.raises(CredentialError, match="was not forgotten"):
        forget()
    monkeypatch.setenv(ACCESS_TOKEN, "token")  # found before the keyring is asked
    assert connect().mode == "direct"


def test_remember_raises_when_there_is_no_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import keyring.backends.fail

    keyring.set_keyring(keyring.backends.fail.Keyring())
    assert not can_remember()
    assert secret_setting(ACCESS_TOKEN) is None
    with pytest.raises(CredentialError, match="was not remembered"):
        remember("token")
    monkeypatch.setattr("intercom_nb.credentials._keyring", lambda: None)
    assert not can_remember()
    with pytest.raises(ConfigurationError, match=r"intercom-nb\[keyring\]"):
        remember("token")


@pytest.mark.parametrize(
    "options",
    [
        {"oauth": True},
        {"auth_type": "oauth2.0"},
        {"mode": "hosted", "refresh_token": "x"},
        {"mode": "hosted", "client_id": "x", "client_secret": "y"},
    ],
)
def test_connect_raises_unsupported_error_when_oauth_is_requested(options: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedError, match="not available for this connector, in either mode"):
        connect(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"mode": "remote"},
        {"mode": "hosted", "access_token": "t"},
        {"mode": "direct", "access_token": "t", "workspace_name": "w"},
    ],
)
def test_connect_raises_when_arguments_contradict_each_other(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        connect(**options)


class TestDemo:
    def test_connect_opens_the_hosted_demo_when_mode_generation_or_user_is_given(self) -> None:
        for more in ({"mode": "hosted"}, {"generation": 1}, {"external_user_id": "demo"}):
            c = connect("demo", **more)
            assert (c.mode, len(c.sync.teams.list())) == ("hosted", 6)

    def test_connect_opens_the_demo_directly_when_no_mode_is_given(self) -> None:
        assert connect("demo").mode == "direct"
        assert connect("demo", mode="direct").mode == "direct"
