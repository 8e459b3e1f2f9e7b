"""Download from a public address, to which a redirect leads, without the credential."""

from __future__ import annotations

import dataclasses
from typing import cast

import httpx

from ..runtime.retry import Retrier
from .client import Transport
from .error_response import choose_error
from .protocol import Request, Response
from .urls import check_public_url

_NO_AUTH = httpx.Auth()
"""Adds nothing, and keeps httpx from looking for a credential elsewhere."""


async def download(transport: Transport, url: str, label: str) -> Response:
    """Get what an address has, in at most three attempts.

    Raises InvalidResponseError if it leads elsewhere than to https or this machine.
    """

    async def attempt(_: int) -> Response:
        request = Request("GET", "", retry_safe=True)
        response, failure = await transport.request_once(request, httpx.URL(url), label, _NO_AUTH)
        if failure is not None:
            raise failure.error
        response = cast(Response, response)
        if response.status >= 300:
            raise choose_error(response, label)
        return response

    policy = dataclasses.replace(transport.retry, attempts=min(3, transport.retry.attempts))
    with transport.redacting():
        check_public_url(url, label)
        return await Retrier(policy, transport.sleep).run(attempt)
