"""Intercom service: checks token, version and rate limit, then calls the handler."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import msgspec

from intercom_nb.demo.api import calls
from intercom_nb.demo.api.api_call import ApiCall, FileResponse
from intercom_nb.demo.api.errors import ApiError, not_found
from intercom_nb.demo.api.routes import ROUTES, Router
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.rate_limit import RateWindow
from intercom_nb.demo.settings import API_VERSION, TOKEN
from intercom_nb.demo.store import Store

_VERSIONS = frozenset(
    [f"1.{minor}" for minor in range(5)]
    + [f"2.{minor}" for minor in range(17)]
    + ["Preview", "Unstable"]
)
_ACCEPTED = ("application/json", "application/*", "*/*")


class IntercomService:
    """Serve Intercom's API: every path that no other service handles."""

    def __init__(self, store: Store, rate: RateWindow, clock: Callable[[], float]) -> None:
        self._store = store
        self._rate = rate
        self._clock = clock
        self._router = Router(ROUTES)
        self._served = 0

    def can_handle(self, path: str) -> bool:
        """Return True: this service handles every path."""
        return True

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the response to one request, or an error list."""
        self._served += 1
        # Counted instead of random, so that two runs of the same calls return the same bytes.
        request_id = f"{self._served:08x}-4e62-4d0d-8a51-00000000de30"
        status, body = 200, b""
        more: dict[str, str] = {}
        try:
            result = self._dispatch(request)
            if isinstance(result, FileResponse):
                status, body, more = _file_response(result)
            else:
                body = self._encoded(result)
        except ApiError as error:
            status, body = error.status, msgspec.json.encode(error.body(request_id))
            more = dict(error.headers)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Intercom-Version": request.headers.get("intercom-version", API_VERSION),
            "X-Request-Id": request_id,
            **self._rate.headers(),
            **more,
        }
        return DemoResponse(status, headers, body)

    def _encoded(self, result: Any) -> bytes:
        return b"" if result is None else msgspec.json.encode(result)

    def _dispatch(self, request: DemoRequest) -> Any:
        allowed = self._rate.acquire()
        _check_accept(request)
        if not request.path.startswith(f"{calls.FILES}/"):
            _check_token(request)
        _check_version(request)
        if not allowed:
            raise ApiError(429, "rate_limit_exceeded", "Exceeded rate limit")
        match = self._router.find(request.method, request.path)
        if match is None:
            # As in the API, a wrong method gets the same response as an unknown path.
            raise not_found("The requested resource was not found")
        return match.handler(ApiCall(self._store, request, match.values, self._clock()))


def _file_response(result: FileResponse) -> tuple[int, bytes, dict[str, str]]:
    if result.location is not None:
        return 302, b"", {"Location": result.location}
    headers = {"Content-Type": result.content_type}
    if result.name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{result.name}"'
    return result.status, result.content, headers


def _check_accept(request: DemoRequest) -> None:
    accept = request.headers.get("accept", "*/*")
    kinds = [entry.partition(";")[0].strip().lower() for entry in accept.split(",")]
    wanted: tuple[str, ...] = _ACCEPTED
    if request.path.startswith("/download/"):
        wanted = ("application/octet-stream",)
    elif request.path.endswith("/transcript"):
        wanted = ("text/plain", "text/*", "*/*")
    if not any(kind in wanted for kind in kinds):
        raise ApiError(406, "not_acceptable", f"The Accept header should be {wanted[0]}")


def _check_token(request: DemoRequest) -> None:
    given = request.headers.get("authorization", "")
    if not given.strip():
        raise ApiError(401, "missing_authorization", "Missing authorization")
    scheme, _, token = given.partition(" ")
    expected = TOKEN.encode()
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), expected):
        raise ApiError(401, "unauthorized", "Access Token Invalid")


def _check_version(request: DemoRequest) -> None:
    version = request.headers.get("intercom-version", API_VERSION)
    if version not in _VERSIONS:
        text = f"The requested version '{version}' is not known"
        raise ApiError(400, "intercom_version_invalid", text)
