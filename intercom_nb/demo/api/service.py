"""Intercom's side of a call: who asks, in which version, how often, and for what."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import msgspec

from intercom_nb.demo.api import support
from intercom_nb.demo.api.call import Call, File
from intercom_nb.demo.api.errors import ApiError, not_found
from intercom_nb.demo.api.routes import ROUTES, Router
from intercom_nb.demo.limits import RateWindow
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.settings import API_VERSION, TOKEN
from intercom_nb.demo.store import Store

_VERSIONS = frozenset(
    [f"1.{minor}" for minor in range(5)]
    + [f"2.{minor}" for minor in range(17)]
    + ["Preview", "Unstable"]
)
_ACCEPTED = ("application/json", "application/*", "*/*")


class IntercomService:
    """Answer Intercom's own paths; every path that nobody else claims is one."""

    def __init__(self, store: Store, rate: RateWindow, clock: Callable[[], float]) -> None:
        self._store = store
        self._rate = rate
        self._clock = clock
        self._router = Router(ROUTES)
        self._answered = 0

    def claims(self, path: str) -> bool:
        """Say that every path is Intercom's."""
        return True

    def answer(self, request: DemoRequest) -> DemoResponse:
        """Answer one request, with an error list where it can't be done."""
        self._answered += 1
        # Counted, not drawn, so that two runs of the same calls give the same bytes.
        request_id = f"{self._answered:08x}-4e62-4d0d-8a51-00000000de30"
        status, body = 200, b""
        more: dict[str, str] = {}
        try:
            answer = self._dispatch(request)
            if isinstance(answer, File):
                status, body, more = _file(answer)
            else:
                body = self._encoded(answer)
        except ApiError as error:
            status, body = error.status, msgspec.json.encode(error.body(request_id))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Intercom-Version": API_VERSION,
            "X-Request-Id": request_id,
            **self._rate.headers(),
            **more,
        }
        return DemoResponse(status, headers, body)

    def _encoded(self, answer: Any) -> bytes:
        return b"" if answer is None else msgspec.json.encode(answer)

    def _dispatch(self, request: DemoRequest) -> Any:
        allowed = self._rate.take()
        _check_accept(request)
        if not request.path.startswith(f"{support.FILES}/"):
            _check_token(request)
        _check_version(request)
        if not allowed:
            raise ApiError(429, "rate_limit_exceeded", "Exceeded rate limit")
        match = self._router.find(request.method, request.path)
        if match is None:
            # A known path with the wrong method is answered like an unknown path.
            raise not_found("The requested resource was not found")
        return match.handler(Call(self._store, request, match.values, self._clock()))


def _file(answer: File) -> tuple[int, bytes, dict[str, str]]:
    if answer.location is not None:
        return 302, b"", {"Location": answer.location}
    headers = {"Content-Type": answer.content_type}
    if answer.name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
    return answer.status, answer.content, headers


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
