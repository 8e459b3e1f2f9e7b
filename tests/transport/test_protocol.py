"""What goes over the wire, and what its answers mean: the pure part of the transport."""

from __future__ import annotations

import email.utils
import json
from typing import Any

import pytest

from intercom_nb import catalog, errors
from intercom_nb.transport import failures, protocol, urls
from intercom_nb.transport.error_response import choose_error, unreadable
from intercom_nb.transport.protocol import RateLimit, Request, Response

NOW = 1_790_812_800.0


def build(name: str, params: dict[str, Any], version: str = "2.15") -> Request:
    return protocol.build_request(catalog.operation(*name.split(".")), params, version)


def test_request_has_its_parameters_in_path_query_and_body_when_declared_there() -> None:
    assert build("contacts.list", {"per_page": 50, "starting_after": "a b"}) == Request(
        method="GET",
        path="/contacts",
        query=(("per_page", "50"), ("starting_after", "a b")),
        body=None,
        headers={"Intercom-Version": "2.15"},
        retry_safe=True,
    )
    made = build("contacts.search", {"query": {"a": 1}, "per_page": 5, "starting_after": "x"})
    assert made.body == {"query": {"a": 1}, "pagination": {"per_page": 5, "starting_after": "x"}}
    assert made.query == ()
    made = build("notes.create", {"contact_id": "a/b", "body": "hello"}, "Preview")
    assert (made.method, made.path) == ("POST", "/contacts/a%2Fb/notes")
    assert made.body == {"body": "hello"}
    assert made.headers == {"Intercom-Version": "Preview"}
    assert not made.retry_safe


def test_query_has_true_or_false_when_a_parameter_is_a_flag() -> None:
    made = build("segments.list", {"include_count": True})
    assert made.query == (("include_count", "true"),)
    made = build("segments.list", {"include_count": False})
    assert made.query == (("include_count", "false"),)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.intercom.io",
        "https://api.intercom.io/",
        "https://proxy.example/intercom/",
        "http://127.0.0.1:8000",
        "http://localhost",
        "http://[::1]:5000",
        "HTTPS://API.example",
    ],
)
def test_base_url_is_accepted_when_it_is_https_or_local(url: str) -> None:
    assert urls.check_base_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.intercom.io",
        "http://api.intercom.io",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://[::1",
        "ftp://api.intercom.io",
        "file:///etc/passwd",
        "https://",
        "https://user:password@api.intercom.io",
        "https://token@api.intercom.io",
        "https://api.intercom.io?a=b",
        "https://api.intercom.io/#here",
        None,
        5,
        b"https://api.intercom.io",
    ],
    ids=repr,
)
def test_base_url_is_refused_when_it_is_invalid(url: Any) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        urls.check_base_url(url)
    assert "password@" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "86400"}, 86400),
        ({"retry-after": email.utils.formatdate(NOW + 9, usegmt=True)}, 9),
        ({"retry-after": email.utils.formatdate(NOW - 9, usegmt=True)}, 0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon", "x-ratelimit-reset": str(NOW + 3)}, 3),
        ({"retry-after": "2", "x-ratelimit-reset": str(NOW + 3)}, 2),
        ({"x-ratelimit-reset": str(NOW + 3)}, 3),
        ({"x-ratelimit-reset": str(NOW - 3)}, 0),
        ({"x-ratelimit-reset": str(NOW + 3600)}, protocol.MAX_WAIT),
        ({"x-ratelimit-reset": str(NOW * 1000)}, None),  # milliseconds: a misread header
        ({"x-ratelimit-reset": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_returns_seconds_when_a_header_has_a_known_format(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert failures.retry_after(Response(429, headers, b""), NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "read"),
    [
        ({}, None),
        ({"x-ratelimit-limit": "x"}, None),
        ({"x-ratelimit-limit": "nan"}, None),
        (
            {"x-ratelimit-limit": "1666", "x-ratelimit-remaining": "5", "x-ratelimit-reset": "99"},
            RateLimit(1666, 5, 99.0),
        ),
        ({"x-ratelimit-remaining": "0"}, RateLimit(None, 0, None)),
    ],
)
def test_read_rate_limit_returns_the_window_when_headers_have_it(
    headers: dict[str, str], read: RateLimit | None
) -> None:
    assert protocol.read_rate_limit(headers) == read


REPEATED = {
    (429, True): True,
    (429, False): True,
    **{(status, True): True for status in (408, 500, 502, 503, 504)},
    **{(status, False): False for status in (408, 500, 502, 503, 504)},
    **{
        (status, retry_safe): False
        for status in (
            300,
            301,
            304,
            307,
            400,
            401,
            402,
            403,
            404,
            405,
            406,
            409,
            410,
            422,
            501,
            505,
        )
        for retry_safe in (True, False)
    },
}


@pytest.mark.parametrize(("case", "repeat"), REPEATED.items(), ids=str)
def test_request_is_repeated_only_when_the_response_allows_it(
    case: tuple[int, bool], repeat: bool
) -> None:
    status, retry_safe = case
    error = choose_error(Response(status, {}, b""), "asked", retry_safe=retry_safe)
    assert failures.should_repeat(Request("GET", "/", retry_safe=retry_safe), error) is repeat


def error_list(code: str, message: str, **more: Any) -> bytes:
    entry = {"code": code, "message": message, **more}
    return json.dumps({"type": "error.list", "request_id": "r-1", "errors": [entry]}).encode()


@pytest.mark.parametrize(
    ("status", "kind", "advice"),
    [
        (301, errors.InvalidResponseError, "Redirects are not followed"),
        (400, errors.BadRequestError, ""),
        (401, errors.AuthenticationError, "the region is right"),
        (402, errors.PermissionDeniedError, "plan"),
        (403, errors.PermissionDeniedError, "Developer Hub"),
        (404, errors.NotFoundError, "Check the id"),
        (405, errors.BadRequestError, ""),
        (406, errors.BadRequestError, ""),
        (408, errors.BadRequestError, ""),
        (409, errors.BadRequestError, "exists already"),
        (410, errors.BadRequestError, "merged"),
        (418, errors.BadRequestError, ""),
        (422, errors.BadRequestError, ""),
        (429, errors.RateLimitError, "try again in a minute"),
        (500, errors.ServerError, "server's side"),
        (502, errors.ServerError, "server's side"),
        (503, errors.ServerError, "server's side"),
        (504, errors.ServerError, "server's side"),
        (599, errors.ServerError, "server's side"),
    ],
)
def test_error_has_class_and_advice_when_the_status_is_known(
    status: int, kind: type[errors.APIError], advice: str
) -> None:
    body = error_list("some_code", "Something is wrong", field="email")
    error = choose_error(Response(status, {}, body), "contacts.create")
    assert type(error) is kind
    assert (error.status, error.code, error.request_id) == (status, "some_code", "r-1")
    text = str(error)
    assert text.startswith(
        f"contacts.create: the server responded with {status}, some_code: email: Som"
    )
    assert advice in text
    assert text.endswith("(request id r-1)")


@pytest.mark.parametrize(
    ("body", "code", "request_id", "says"),
    [
        (b"", None, "h-1", "responded with 400. "),
        (b"<html>Bad gateway</html>", None, "h-1", "responded with 400. A gateway or firewall"),
        (b'{"errors": [{"code": "a"', None, "h-1", "the response is not JSON"),
        (b"[]", None, "h-1", "responded with 400. "),
        (b'"text"', None, "h-1", "responded with 400: text. "),
        (b"{}", None, "h-1", "responded with 400. "),
        (b'{"errors": null, "request_id": null}', None, "h-1", "responded with 400. "),
        (b'{"errors": {"code": "a"}}', "a", "h-1", "responded with 400, a. "),
        (b'{"errors": ["a", null, {}]}', None, "h-1", "responded with 400: a. "),
        (b'{"errors": [{"message": "m!"}]}', None, "h-1", "responded with 400: m! "),
        (b'{"errors": [{"code": "a"}]}', "a", "h-1", "responded with 400, a. "),
        (
            b'{"request_id": "b-1", "errors": [{"code": "a", "message": "x"}, {"message": "y"}]}',
            "a",
            "b-1",
            "400, a: x; y. ",
        ),
    ],
)
def test_error_is_readable_when_its_body_is_unexpected(
    body: bytes, code: str | None, request_id: str, says: str
) -> None:
    error = choose_error(Response(400, {"x-request-id": "h-1"}, body), "tags.get")
    assert (error.code, error.request_id) == (code, request_id)
    assert says in f"{error} "


@pytest.mark.parametrize("status", [408, 500, 503])
def test_error_warns_of_a_repeat_when_the_outcome_of_a_write_is_unknown(status: int) -> None:
    answer = Response(status, {}, b"")
    text = str(choose_error(answer, "contacts.create", retry_safe=False))
    assert "It may have taken effect: check before you send it again." in text
    assert "try again later" not in text


def test_error_names_the_content_type_when_the_response_is_a_web_page() -> None:
    answer = Response(
        200, {"content-type": "text/html", "x-request-id": "r"}, b"<!doctype html><HTML>..."
    )
    error = unreadable(answer, "contacts.list", "is not the expected JSON")
    text = str(error)
    assert "contacts.list: the response (200, text/html) is not the expected JSON" in text
    assert "a proxy or a wrong base_url" in text
    assert error.request_id == "r"
    assert error.status == 200


@pytest.mark.parametrize(
    "content",
    [
        *("", "plain", "Zoë", "日本", "🙂"),
        *(b"\xff", b"Zo\xeb", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "🙂".encode()[:3]),
    ],
    ids=repr,
)
def test_is_utf8_is_true_when_python_decodes_the_bytes(content: str | bytes) -> None:
    is_text = isinstance(content, str)
    around = content.encode() if isinstance(content, str) else content
    for whole in (around, b"before " + around, around + b" after"):
        assert protocol.is_utf8(whole) is is_text
