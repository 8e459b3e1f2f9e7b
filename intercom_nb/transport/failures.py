"""Failed and refused requests: their errors, and whether and when to send them again."""

from __future__ import annotations

import dataclasses

import httpx

from .. import errors
from .environment import certificate_hint, proxy_hint
from .error_response import OUTCOME_UNKNOWN, choose_error, mark_outcome_unknown
from .limits import Limits
from .protocol import MAX_WAIT, Request, Response, number, parse_http_date, read_rate_limit

# The next attempt may succeed after broken connections and cut responses, but not after errors
# of this side or of a proxy.
_TRANSIENT = (httpx.TransportError, httpx.DecodingError)
_LASTING = (httpx.UnsupportedProtocol, httpx.ProxyError, httpx.LocalProtocolError)


@dataclasses.dataclass(frozen=True)
class Failure:
    """An attempt without a usable response.

    ``can_repeat``: it may be sent again. ``can_have_effect``: it may have taken effect.
    """

    error: errors.IntercomError
    can_repeat: bool
    can_have_effect: bool = True


class TooLargeError(Exception):
    """A response is larger than allowed (MB)."""

    def __init__(self, status: int, limit: float) -> None:
        self.status, self.limit = status, limit


def too_large(request: Request, label: str, error: TooLargeError) -> Failure:
    """Return the failure of a request whose response is larger than allowed."""
    text = (
        f"{label}: the response is larger than {error.limit:,.0f} MB (decompressed). Ask for "
        "less, or allow more with max_response_mb=."
    )
    large = errors.InvalidResponseError(text, status=error.status)
    large.is_transient = False
    if not request.retry_safe:
        mark_outcome_unknown(large)
    return Failure(large, can_repeat=False)


def refused(request: Request, response: Response, label: str, now: float) -> Failure:
    """Return the failure of a request that the server refused; ``now`` is the server's time."""
    error = choose_error(response, label, retry_safe=request.retry_safe, service=request.service)
    if response.status in {429, 503}:
        error.retry_after = retry_after(response, now)
    return Failure(error, should_repeat(request, error), can_have_effect=response.status != 429)


def no_response(
    request: Request, error: Exception, text: str, limits: Limits, proxied: httpx.URL | None
) -> Failure:
    """Return the failure of a request without a response.

    ``text`` begins the error; ``proxied`` is the URL that a proxy may stand before, if any.
    """
    nothing_sent = _is_unsent(error)
    past_deadline = isinstance(error, TimeoutError)
    timed_out = past_deadline or isinstance(error, httpx.TimeoutException)
    transient = isinstance(error, _TRANSIENT) and not isinstance(error, _LASTING)
    kind = errors.RequestTimeoutError if timed_out else errors.ConnectionFailedError
    unknown = not nothing_sent and not request.retry_safe
    if past_deadline:
        text += f" within {limits.seconds:g} s, the deadline of a request."
    elif timed_out:
        text += f" in time ({type(error).__name__}, {limits.timeout:g} s)."
    else:
        text += f": {str(error).rstrip('.') or type(error).__name__}."
    if "CERTIFICATE_VERIFY_FAILED" in text:
        text += certificate_hint()
    elif proxied is not None and (nothing_sent or isinstance(error, httpx.ProxyError)):
        text += proxy_hint(proxied)
    failed = kind(text + (f" {OUTCOME_UNKNOWN}" if unknown else ""))
    failed.is_transient, failed.outcome_unknown = transient or past_deadline, unknown
    # No retry at once after the deadline: the server takes as long again.
    repeat = transient and (nothing_sent or request.retry_safe)
    return Failure(failed, repeat, can_have_effect=not nothing_sent)


def _is_unsent(error: Exception) -> bool:
    """Return whether a request certainly did not leave this machine."""
    # httpx-aiohttp (0.2.0), a transport to pass as ``http=``, reports as ConnectTimeout that a
    # connection was lost, also after the request was sent.
    source = type(error.__cause__).__module__.partition(".")[0]
    if isinstance(error, httpx.ConnectTimeout):
        return source != "aiohttp"
    return isinstance(error, (httpx.ConnectError, httpx.PoolTimeout))


def retry_after(response: Response, now: float) -> float | None:
    """Return the seconds that the server asks to wait, or None if it does not say.

    ``Retry-After`` (seconds or a date) first. For a 429, then ``X-RateLimit-Reset`` (Unix
    seconds), unless requests remain: such a refusal is not about the window. A window that ends
    later than in a minute is a misread header; what ``Retry-After`` asks for is returned as it is.
    """
    header = response.headers.get("retry-after")
    if header is not None:
        seconds = number(header)
        if seconds is None:
            date = parse_http_date(header)
            seconds = None if date is None else date - now
        if seconds is not None:
            return max(seconds, 0.0)
    rate = read_rate_limit(response.headers)
    if response.status != 429 or rate is None or rate.reset_at is None or rate.remaining:
        return None
    return min(max(rate.reset_at - now, 0.0), MAX_WAIT)


def should_repeat(request: Request, error: errors.APIError) -> bool:
    """Return whether the same request may be sent again after this error."""
    if error.status == 429 and request.refused_undone:  # refused before anything was done
        return True
    return request.retry_safe and error.is_transient
