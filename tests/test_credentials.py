"""Where a credential is found, what is refused, and that it shows up nowhere."""

from __future__ import annotations

import contextlib
import copy
import json
import logging
import os
import pickle
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import pytest
from IPython.core.ultratb import VerboseTB
from scripted_server import ScriptedServer, contact_page, demo_workspace

import intercom_nb as inb
from intercom_nb import IntercomAuthConfig, IntercomConnector, connect
from intercom_nb.credentials import check_token
from intercom_nb.demo import DemoServer
from intercom_nb.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    CredentialError,
    IntercomError,
    UnsupportedError,
)
from intercom_nb.models import RetryPolicy
from intercom_nb.secret import Secret, hidden

ONCE = RetryPolicy(attempts=1)


class Vault:
    """Holds a token where no traceback looks: behind a function."""

    @staticmethod
    def token() -> str:
        return "dG9rOk" + "5vYm9keSBzaGFsbCBzZWUgdGhpcw"


def token() -> str:
    return Vault.token()


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("intercom_nb.credentials._keyring", lambda: None)


# Where it comes from


def test_connect_prefers_argument_over_environment_over_file_when_each_has_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CredentialError):
        connect()
    (tmp_path / ".env").write_text("INTERCOM_ACCESS_TOKEN=from-the-file\n")
    assert ".env" in repr(connect())
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "from-the-environment")
    assert "environment variable INTERCOM_ACCESS_TOKEN" in repr(connect())
    assert "argument" in repr(connect(access_token="given"))


def test_connector_sends_the_stripped_token_when_it_comes_from_file_or_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        '# a comment\nOTHER=x\nINTERCOM_ACCESS_TOKEN=" from-${OTHER}-the-file "\n'
    )
    script = ScriptedServer([contact_page([])])
    c = connect(base_url="https://intercom.test", http=httpx.MockTransport(script))
    c.sync.contacts.list()
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "  in-the-environment\n")
    c = connect(base_url="https://intercom.test", http=httpx.MockTransport(script))
    c.sync.contacts.list()
    sent = [r.headers["authorization"] for r in script.requests]
    assert sent == ["Bearer from-${OTHER}-the-file", "Bearer in-the-environment"]


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_connect_raises_credential_error_when_the_token_setting_is_blank(
    blank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", blank)
    with pytest.raises(CredentialError) as caught:
        connect()
    said = str(caught.value)
    for way in ("access_token=", "INTERCOM_ACCESS_TOKEN", ".env", "login()", "connect('demo')"):
        assert way in said


def test_connect_leaves_the_environment_unchanged_when_it_reads_the_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("INTERCOM_ACCESS_TOKEN=x\nINTERCOM_REGION=eu\n")
    before = dict(os.environ)
    assert "https://api.eu.intercom.io" in repr(connect())
    assert dict(os.environ) == before
    monkeypatch.setenv("INTERCOM_REGION", "AU")
    assert "https://api.au.intercom.io" in repr(connect())
    assert "https://api.intercom.io" in repr(connect(region="us"))


@pytest.mark.parametrize("region", ["uk", "", "us-east", 5])
def test_connect_raises_when_the_region_is_unknown(region: Any) -> None:
    with pytest.raises(ConfigurationError, match="is not a valid region"):
        connect(access_token="x", region=region or " ")


@pytest.mark.parametrize("version", [2.15, 2.1, "v2", "2.15\r\nX: y", "2.15\n", "latest", 2])
def test_connect_raises_when_the_version_is_not_text_of_the_api(version: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"version must be text like '2\.15'"):
        connect(access_token="x", version=version)


@pytest.mark.parametrize("version", ["2.9", "2.15", "Preview", "Unstable"])
def test_request_carries_the_version_when_one_is_given(version: str) -> None:
    script = ScriptedServer([contact_page([])])
    script.connector(version=version).sync.contacts.list()
    assert script.requests[0].headers["intercom-version"] == version


def test_request_carries_version_2_15_when_none_is_given() -> None:
    script = ScriptedServer([contact_page([])])
    script.connector().sync.contacts.list()
    assert script.requests[0].headers["intercom-version"] == "2.15"


# What is refused, without being shown

# Functions, since a frame of the test itself may show what its lines name.
MALFORMED: list[tuple[Callable[[], Any], str]] = [
    (lambda: "", "is empty"),
    (lambda: "  \n", "is empty"),
    (lambda: f"Bearer {token()}", "leave that out"),
    (lambda: f"bearer {token()}", "leave that out"),
    (lambda: f'"{token()}"', "quotes"),
    (lambda: f"'{token()}'", "quotes"),
    (lambda: f"<{token()}>", "placeholder"),
    (lambda: f"{token()} {token()}", "spaces"),
    (lambda: f"{token()}\n{token()}", "spaces"),
    (lambda: f"{token()}\x00", "characters that tokens do not have"),
    (lambda: f"{token()}é", "characters that tokens do not have"),
    (lambda: f"{token()}\u200b", "characters that tokens do not have"),
]
WAYS: dict[str, Callable[[Callable[[], Any]], object]] = {
    "check": lambda give: check_token(give()),
    "config": lambda give: IntercomAuthConfig(give()),
    "connect": lambda give: connect(access_token=give()),
}


@pytest.mark.slow  # reads every frame's variables, in 36 cases
@pytest.mark.parametrize(("wrong", "says"), MALFORMED, ids=range(len(MALFORMED)))
@pytest.mark.parametrize("way", WAYS)
def test_token_is_refused_and_not_shown_when_it_is_malformed(
    wrong: Callable[[], Any], says: str, way: str
) -> None:
    error = caught_from(lambda: WAYS[way](wrong))
    assert isinstance(error, CredentialError)
    assert says in str(error)
    assert_hidden(error, verbose=says == "quotes")


@pytest.mark.parametrize(
    ("wrong", "kind"), [(5, "int"), (b"abc", "bytes"), (["abc"], "list"), (True, "bool")]
)
@pytest.mark.parametrize("way", WAYS)
def test_token_is_refused_when_it_is_not_text(wrong: Any, kind: str, way: str) -> None:
    with pytest.raises(CredentialError, match=f"must be text, not {kind}"):
        WAYS[way](lambda: wrong)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["environment", "file"])
def test_found_token_is_not_shown_when_it_is_malformed(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if where == "file":
        (tmp_path / ".env").write_text(f"INTERCOM_ACCESS_TOKEN='Bearer {token()}'\n")
    else:
        monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", f"Bearer {token()}")
    error = caught_from(connect)
    assert isinstance(error, CredentialError)
    assert_hidden(error, verbose=where == "file")


def test_token_is_not_shown_when_it_is_passed_as_the_first_argument() -> None:
    error = caught_from(lambda: connect(token()))
    assert isinstance(error, ConfigurationError)
    assert "access_token=" in str(error)
    assert_hidden(error)


def test_check_token_strips_white_space_when_it_surrounds_the_token() -> None:
    assert check_token(f" {token()}\n").reveal() == token()


def test_connector_raises_when_its_auth_config_is_not_a_config() -> None:
    for wrong in (None, token(), {"access_token": "x"}):
        with pytest.raises(IntercomError):
            IntercomConnector(auth_config=wrong)  # type: ignore[arg-type]


# Where it must not show


def frames_of(error: BaseException) -> Iterator[TracebackType]:
    tb = error.__traceback__
    while tb is not None:
        yield tb
        tb = tb.tb_next
    for other in (error.__cause__, error.__context__):
        if other is not None:
            yield from frames_of(other)


def caught_from(work: Callable[[], object]) -> BaseException:
    """Do work that fails, as a cell would: from a line that shows no token itself."""
    cell = compile("work()", "<a cell>", "exec")
    try:
        exec(cell, {"work": work})
    except IntercomError as error:
        return error
    raise AssertionError("it should have failed")


def deep_text(value: object, depth: int = 0) -> str:
    """All that a value says of itself and holds, a few levels deep."""
    shown = safe_repr(value)
    if isinstance(value, Secret) or depth > 4:
        return shown
    if isinstance(value, dict):
        inner: Any = [*value.keys(), *value.values()]
    elif isinstance(value, (list, tuple, set)):
        inner = value
    elif type(value).__module__.startswith("intercom_nb"):
        inner = list(getattr(value, "__dict__", {}).values())
    else:
        inner = []
    return " ".join([shown, *(deep_text(v, depth + 1) for v in inner)])


def safe_repr(value: object) -> str:
    try:
        return repr(value)
    except AttributeError:  # half made: its __init__ is what failed
        return ""


def assert_hidden(error: BaseException, *, verbose: bool = False) -> None:
    shown = [*traceback.format_exception(error), repr(error), repr(error.args), repr(vars(error))]
    if verbose:  # what IPython's %xmode Verbose prints, which takes its time
        text = VerboseTB(tb_offset=0).text(type(error), error, error.__traceback__, context=7)
        assert "a cell" in text
        shown.append(text)
    assert token() not in "\n".join(shown)
    for tb in frames_of(error):
        if "/intercom_nb/" in tb.tb_frame.f_code.co_filename.replace("\\", "/"):
            held = deep_text(dict(tb.tb_frame.f_locals))
            assert token() not in held, tb.tb_frame.f_code.co_qualname


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(workspace=demo_workspace()) as running:
        yield running


def to(url: str, **options: Any) -> IntercomConnector:
    config = IntercomAuthConfig(access_token=token())
    return IntercomConnector(auth_config=config, base_url=url, retry=ONCE, **options)


@pytest.mark.slow
def test_token_is_not_shown_when_the_server_refuses_it(server: DemoServer) -> None:
    c = to(server.url)
    error = caught_from(lambda: c.sync.contacts.list(limit=1))
    assert isinstance(error, AuthenticationError)
    assert_hidden(error, verbose=True)
    c.sync.close()


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@contextlib.contextmanager
def raw_server(answer: bytes | None) -> Iterator[str]:
    """Answer one connection with these bytes and hang up; None keeps silent."""
    server = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        connection, _ = server.accept()
        connection.recv(65536)
        if answer is None:
            done.wait(10)
        else:
            connection.sendall(answer)
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    done.set()
    thread.join(5)
    server.close()


@pytest.mark.slow
def test_token_is_not_shown_when_the_connection_fails() -> None:
    c = to(closed_port())
    error = caught_from(lambda: c.sync.contacts.list(limit=1))
    assert isinstance(error, ConnectionFailedError)
    assert_hidden(error, verbose=True)
    c.sync.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"no http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        None,
    ],
    ids=["nothing", "cut-off", "no-http", "no-gzip", "redirect", "html", "silence"],
)
def test_token_is_not_shown_when_the_response_is_broken(answer: bytes | None) -> None:
    with raw_server(answer) as url:
        c = to(url, timeout=0.2)
        error = caught_from(lambda: c.sync.contacts.list(limit=1))
        assert isinstance(error, IntercomError)
        assert_hidden(error)
        c.sync.close()


def test_token_is_not_shown_when_the_server_repeats_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        text = f"Access Token Invalid: {request.headers['authorization']}"
        return httpx.Response(401, json={"errors": [{"code": "unauthorized", "message": text}]})

    c = to("http://localhost", http=httpx.MockTransport(answer))
    error = caught_from(lambda: c.sync.contacts.list(limit=1))
    assert "Access Token Invalid: Bearer ***" in str(error)
    assert_hidden(error)


@pytest.mark.parametrize("status", [200, 302, 403, 500])
def test_token_is_not_shown_when_a_web_page_repeats_it(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        token = request.headers["authorization"]
        return httpx.Response(status, html=f"<html><title>{token}</title>{token}</html>")

    c = to("http://localhost", http=httpx.MockTransport(answer))
    assert_hidden(caught_from(lambda: c.sync.contacts.list(limit=1)))


def test_token_is_not_logged_when_every_logger_is_at_debug_level(
    server: DemoServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    c = to(server.url)
    caught_from(lambda: c.sync.contacts.list(limit=1))
    c.sync.close()
    logged = "\n".join(f"{r.name} {r.getMessage()} {r.args!r}" for r in caplog.records)
    assert "send_request_headers" in logged
    assert token() not in logged


def test_connector_repr_hides_the_token() -> None:
    c = to("https://intercom.test")
    for part in (c, c.sync, c.contacts, c.contacts.list, c._executor, c._executor.transport):
        for text in (repr(part), str(part), f"{part}", repr(vars(part))):
            assert token() not in text
    assert token() not in deep_text(c)
    assert token() not in json.dumps(dir(c))


def test_result_attrs_do_not_hold_the_token() -> None:
    script = ScriptedServer([contact_page(["1"], note="x")])
    c = IntercomConnector(
        auth_config=IntercomAuthConfig(token()),
        base_url="https://intercom.test",
        http=httpx.MockTransport(script),
    )
    frame = c.sync.contacts.list(limit=1)
    assert token() not in json.dumps(frame.attrs)
    assert token() not in repr(vars(frame.attrs["intercom"]))


def test_secret_repr_hides_the_value_and_pickle_is_refused() -> None:
    secret = Secret(token(), source="the test")
    for text in (repr(secret), str(secret), f"{secret}", "%s" % secret, repr([secret])):  # noqa: UP031
        assert token() not in text
        assert "the test" in text
    assert secret == Secret(token())
    assert secret != token()
    assert hash(secret) == hash(Secret(token()))
    assert not hasattr(secret, "__dict__")
    for copying in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            copying(secret)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(IntercomAuthConfig(secret))
    with pytest.raises(UnsupportedError, match="connector"):
        pickle.dumps(to("https://intercom.test"))


def test_hidden_returns_the_value_unchanged_when_it_is_not_text() -> None:
    assert hidden(None) is None
    assert hidden(5) == 5
    assert hidden(hidden(token())).reveal() == token()


def test_auth_config_repr_hides_the_token() -> None:
    config = inb.IntercomAuthConfig(access_token=token())
    assert token() not in repr(config)
    assert config.access_token.reveal() == token()
