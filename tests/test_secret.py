"""Secrets in every encoding that a server may repeat them in."""

from __future__ import annotations

import base64
import html
import json
import logging
import urllib.parse
from collections.abc import Callable

import httpx
import pytest

from intercom_nb import secret
from intercom_nb.errors import APIError, IntercomError
from intercom_nb.secret import Secret, redact
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.error_response import unreadable
from intercom_nb.transport.protocol import Request, Response

TOKENS = [
    "tok_ab/cd=EF==",
    "dG9rOmV4YW1wbGU6MTIzNDU2Nzg5MA==",
    "a&b<c>\"d'e+f/g=h-i_j.k~l U",
    "eyJhbGciOi." + "JIUzI1NiIsInR5cCI6" * 60,
]


def escapes(form: str) -> Callable[[str], str]:
    return lambda text: "".join(form.format(ord(c)) for c in text)


def quote(text: str) -> str:
    return urllib.parse.quote(text, safe="")


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda t: t,
    "json": lambda t: json.dumps(t)[1:-1],
    "json twice": lambda t: json.dumps(json.dumps(t)[1:-1])[1:-1],
    "json slash": lambda t: t.replace("/", r"\/").replace("=", r"\u003d"),
    "json lower": escapes(r"\u{:04x}"),
    "json upper": escapes(r"\u{:04X}"),
    "string": escapes(r"\x{:02x}"),
    "percent": quote,
    "percent twice": lambda t: quote(quote(t)),
    "percent all": escapes("%{:02X}"),
    "percent all lower": escapes("%{:02x}"),
    "html": html.escape,
    "entities": escapes("&#{};"),
    "hex entities": escapes("&#x{:x};"),
    "hex": lambda t: t.encode().hex(),
    "hex upper": lambda t: t.encode().hex().upper(),
    "upper": str.upper,
    "quoted-printable": escapes("={:02X}"),
    "base64": lambda t: base64.b64encode(t.encode()).decode(),
    "base64url": lambda t: base64.urlsafe_b64encode(t.encode()).decode().rstrip("="),
    "basic": lambda t: base64.b64encode(f"user:{t}".encode()).decode(),
    "basic, percent": lambda t: quote(base64.b64encode(f"{t}:".encode()).decode()),
    "bearer in base64": lambda t: base64.b64encode(f"Bearer {t}".encode()).decode(),
    "cut": lambda t: t[: max(len(t) // 2, 16)],
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("token", TOKENS, ids=len)
def test_redact_masks_the_secret_when_it_is_encoded(
    token: str, encode: Callable[[str], str]
) -> None:
    shown = redact(f"The token {encode(token)} is wrong", [Secret(token)])
    assert shown.startswith("The token ")
    assert shown.endswith(" is wrong")
    assert "***" in shown
    # At most what Base64 mixes with the text around it.
    assert len(shown) < len("The token *** is wrong") + 14


@pytest.mark.parametrize("text", ["Contact not found", "the demo workspace", "a" * 5_000])
def test_redact_returns_the_text_unchanged_when_it_holds_no_secret(text: str) -> None:
    assert redact(text, [Secret(t) for t in [*TOKENS, "demo"]]) == text


@pytest.mark.parametrize(
    "text", ["", "0004kp3n2q9v7g1", "9f1c2b7e-55aa-4d0e-8a51-0d6a3f7c9b21", "HTTP/1.1 200 OK"]
)
def test_redact_compiles_no_pattern_when_the_text_is_plain(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secret, "patterns_of", None)  # compiling costs more than a whole list
    assert redact(text, map(Secret, TOKENS)) == text


def answers(where: str, text: str) -> httpx.Response:
    """Return a response that repeats a text in one place."""
    plain = text.encode("ascii", "replace").decode().replace("\n", " ")
    if where == "status line":
        return httpx.Response(401, json={}, extensions={"reason_phrase": plain.encode()})
    if where in {"x-request-id", "content-type", "retry-after", "link", "location"}:
        status = {"content-type": 200, "link": 410, "location": 302}.get(where, 401)
        value = f"<https://api.test/contacts/{plain}>" if where == "link" else plain
        return httpx.Response(status, headers={where: value}, content=b"no JSON")
    if where == "web page":
        return httpx.Response(403, html=f"<html><title>Blocked: {text}</title></html>")
    body = {
        "message": {"errors": [{"code": "unauthorized", "message": text}]},
        "code": {"errors": [{"code": text, "message": "wrong"}]},
        "request id": {"request_id": text, "errors": []},
        "detail": {"detail": [{"loc": [text], "msg": text}]},
        "odd": {"errors": {"access_token": [{"deep": {"message": text}}]}},
    }[where]
    return httpx.Response(401, json=body)


PLACES = [
    *("message", "code", "request id", "detail", "odd", "web page", "status line"),
    *("x-request-id", "content-type", "retry-after", "link", "location"),
]


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("encoding", ["plain", "json lower", "percent", "base64", "html", "hex"])
async def test_error_and_log_have_no_secret_when_the_server_repeats_it(
    where: str, encoding: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = TOKENS[0]
    encoded = ENCODINGS[encoding](token)
    http = httpx.MockTransport(lambda _: answers(where, encoded))
    transport = Transport("https://api.test", BearerAuth(Secret(token)), http=http)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(APIError) as caught:
        await transport.send(Request("GET", "/me"), "check", fail_to_read)
    notes = getattr(caught.value, "__notes__", [])
    texts = [str(caught.value), repr(caught.value), str(vars(caught.value)), *notes, caplog.text]
    for text in texts:
        assert token not in text
        assert encoded not in text


def fail_to_read(response: Response) -> None:
    raise unreadable(response, "check", "is not JSON")


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_error_has_no_secret_when_the_http_library_repeats_it(
    kind: type[httpx.TransportError],
) -> None:
    token = TOKENS[0]

    def fail(request: httpx.Request) -> httpx.Response:
        raise kind(f"illegal header: {request.headers['authorization']} {quote(token)}")

    auth = BearerAuth(Secret(token))

    async def sleep(_: float) -> None:
        """Wait for nothing between the attempts."""

    http = httpx.MockTransport(fail)
    transport = Transport("https://api.test", auth, http=http, sleep=sleep)
    with pytest.raises(IntercomError) as caught:
        await transport.send(Request("POST", "/x"), "check", lambda r: r)
    assert token not in str(caught.value)
    assert quote(token) not in str(caught.value)
