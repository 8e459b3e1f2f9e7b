"""No address that stands in an answer gets the credential, unless it is below the base URL."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from scripted_server import NO_WAIT, TOKEN, ScriptedServer

from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.errors import (
    ConnectionFailedError,
    InvalidResponseError,
    PagingError,
    RequestValidationError,
)
from intercom_nb.secret import Secret
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.protocol import Request
from intercom_nb.transport.urls import resolve

PAGES = "https://intercom.test/ai/external_pages"
ELSEWHERE = [
    "@collector.example/external_pages?page=2",
    ".collector.example/external_pages?page=2",
    "collector.example/external_pages?page=2",
    ":8443/external_pages?page=2",
    "-x.collector.example/x",
    "//collector.example/x",
    "///collector.example/x",
    "////collector.example/x",
    "\\\\collector.example\\x",
    "/\\collector.example/x",
    "http:collector.example/x",
    "https:/collector.example/x",
    "https:///collector.example/x",
    "HTTPS://collector.example/x",
    "http://intercom.test/x",
    "https://intercom.test:8443/x",
    "https://intercom.test:0/x",
    "https://intercom.test@collector.example/x",
    "https://intercom.test\\@collector.example/x",
    "https://user:word@intercom.test/x",
    "https://intercom.test./x",
    "https://intercom.test.collector.example/x",
    "https://intercom%2Etest/x",
    "https://intercom.test%2Ecollector.example/x",
    "https://\u0131ntercom.test/x",
    "https://\uff49ntercom.test/x",
    "https://[::1/x",
    "https://intercom.test:99999999/x",
    "ht\ntps://collector.example/x",
    "//collector\t.example/x",
    " //collector.example/x",
    "\x00@collector.example",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "ftp://intercom.test/x",
    "#second",
    " ",
]


def _pages(next_: Any) -> dict[str, Any]:
    rows = [{"type": "external_page", "id": "1", "title": "One"}]
    return {"type": "list", "data": rows, "total_count": 2, "pages": {"next": next_}}


@pytest.mark.parametrize("link", ELSEWHERE)
def test_list_raises_paging_error_when_the_next_page_is_not_below_the_base_url(link: str) -> None:
    script = ScriptedServer([_pages(link)])
    with pytest.raises(PagingError, match="token is not sent there") as caught:
        script.connector().sync.external_pages.list(limit=None)
    assert [str(r.url).partition("?")[0] for r in script.requests] == [PAGES]
    assert len(caught.value.partial) == 1
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("?page=2", f"{PAGES}?page=2"),
        ("/ai/external_pages?page=2", f"{PAGES}?page=2"),
        ("external_pages?page=2#rows", f"{PAGES}?page=2"),
        ("//intercom.test/ai/external_pages?page=2", f"{PAGES}?page=2"),
        ("HTTPS://Intercom.TEST:443/ai/external_pages?page=2", f"{PAGES}?page=2"),
        (f"{PAGES}?after=a%2Fb%40c", f"{PAGES}?after=a%2Fb%40c"),
    ],
)
def test_list_follows_the_next_page_when_it_is_below_the_base_url(link: str, expected: str) -> None:
    last = _pages(None) | {"data": [{"id": "2"}]}
    script = ScriptedServer([_pages(link), last])
    assert script.connector().sync.external_pages.list(limit=None)["id"].tolist() == ["1", "2"]
    assert str(script.requests[1].url) == expected


def test_link_is_resolved_against_the_request_when_it_was_a_next_page() -> None:
    third = _pages(None) | {"data": [{"id": "3"}]}
    script = ScriptedServer(
        [_pages("/ai/more?page=2"), _pages("?page=3") | {"data": [{"id": "2"}]}, third]
    )
    script.connector().sync.external_pages.list(limit=None)
    assert str(script.requests[2].url) == "https://intercom.test/ai/more?page=3"


@pytest.mark.parametrize(
    "link",
    [
        "https://intercom.test/other/ai/external_pages?page=2",
        "https://intercom.test/proxyx/ai/external_pages?page=2",
        "/ai/external_pages?page=2",
        "/proxy/../x",
        "/proxy/%2e%2e/x",
    ],
)
def test_list_raises_paging_error_when_the_next_page_is_outside_the_path_of_the_base_url(
    link: str,
) -> None:
    script = ScriptedServer([_pages(link)])
    connector = IntercomConnector(
        auth_config=IntercomAuthConfig(TOKEN),
        base_url="https://intercom.test/proxy",
        http=httpx.MockTransport(script),
        retry=NO_WAIT,
    )
    with pytest.raises(PagingError, match="outside the API"):
        connector.sync.external_pages.list(limit=None)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "path",
    ["@evil.test/x", ".evil.test/x", ":8443/x", "\\@evil.test/x", "/../x", "evil/x", "%2e.test/x"],
)
@pytest.mark.parametrize("base_url", ["https://a.test", "https://a.test/v1", "https://a.test:44"])
async def test_transport_sends_nothing_when_the_path_leaves_the_base_url(
    base_url: str, path: str
) -> None:
    if path == "/../x" and not base_url.endswith("v1"):
        path = "@evil.test/x"
    script = ScriptedServer([{}])
    http = httpx.MockTransport(script)
    transport = Transport(base_url, BearerAuth(Secret(TOKEN)), http=http)
    with pytest.raises(RequestValidationError, match="nothing was sent"):
        await transport.send(Request("GET", path), "test", lambda answer: answer)
    assert script.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "http://files.test/44",
        "//files.test/44",
        "@files.test/44",
        "https:files.test/44",
        "https://user:word@files.test/44",
        "ftp://127.0.0.1/44",
        "file:///etc/passwd",
        "https://fi\tles.test/44",
        "https://[::1/44",
    ],
)
def test_download_is_refused_when_its_link_is_not_a_public_https_address(location: str) -> None:
    headers = [(b"location", location.encode())]
    script = ScriptedServer([httpx.Response(302, headers=headers)])
    # httpx itself refuses some of these, as an answer that is no HTTP.
    with pytest.raises((InvalidResponseError, ConnectionFailedError)):
        script.connector().sync.calls.get_recording("44")
    assert {r.url.host for r in script.requests} == {"intercom.test"}


def test_resolve_returns_the_link_unchanged_when_it_leads_back() -> None:
    asked = httpx.URL(f"{PAGES}?page=2")
    assert resolve("?page=2#again", asked) == "?page=2#again"
