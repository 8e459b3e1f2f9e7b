"""Error classes, as one tree.

IntercomError
├── ConfigurationError            a connector cannot be made from the arguments
│   ├── CredentialError           no credential, or a malformed one
│   └── UnsupportedError          this mode, version or machine cannot do that
├── RequestValidationError        refused before anything was sent
│   ├── UnknownNameError          an entity, action, parameter or field that does not exist
│   │   └── UnknownAttributeError an attribute of a connector or of the package; an AttributeError
│   ├── InvalidParameterError     an invalid value, or a missing required one
│   └── WritesNotAllowedError     a write on a read-only connector
├── APIError                      the server sent an error
│   ├── BadRequestError           400, 405, 406, 409, 410, 422 and other 4xx
│   ├── AuthenticationError       401
│   ├── PermissionDeniedError     402, 403
│   ├── NotFoundError             404
│   ├── RateLimitError            429, after all retries
│   ├── ServerError               5xx, after all retries
│   └── InvalidResponseError      a response that is not the expected JSON
├── ConnectionFailedError         no response: unreachable host or broken connection
│   └── RequestTimeoutError       no response in time
├── PagingError                   pagination failed: a repeated page, or an invalid cursor or link
├── JobFailedError                a background job failed
├── ResultTooLargeError           a result is too large for an agent's tool
└── DatasetError                  a dataset's folder cannot be read or written
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from .shell.tracebacks import short_traceback

if TYPE_CHECKING:
    import pandas as pd


class IntercomError(Exception):
    """Base of every error that this package raises on purpose.

    Attributes:
        partial: The DataFrame of the rows that had arrived before a list broke off, or None.
        is_transient: Whether the same call may succeed later without a change.
        retry_after: Seconds to wait before that as the server requests, or None.
        outcome_unknown: Whether a write may have taken effect in spite of the error.
    """

    partial: pd.DataFrame | None = None
    is_transient: bool = False
    retry_after: float | None = None
    outcome_unknown: bool = False

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change all texts: message, attributes, notes."""
        self.args = tuple(change(a) if isinstance(a, str) else a for a in self.args)
        for name, value in vars(self).items():
            if isinstance(value, str):
                setattr(self, name, change(value))
        if hasattr(self, "__notes__"):
            self.__notes__ = [change(note) for note in self.__notes__]

    def _render_traceback_(self) -> list[str]:  # called by IPython
        return short_traceback(self)


class ConfigurationError(IntercomError):
    """A connector cannot be made from the arguments."""


class CredentialError(ConfigurationError):
    """A credential is missing or malformed; a refused one is AuthenticationError.

    Attributes:
        reason: ``missing`` or ``malformed``.
    """

    reason: str = "malformed"


class UnsupportedError(ConfigurationError):
    """This mode, API version or machine cannot do that."""


class RequestValidationError(IntercomError):
    """The request was refused before anything was sent."""


class UnknownNameError(RequestValidationError):
    """An entity, action, parameter or field does not exist."""


class UnknownAttributeError(UnknownNameError, AttributeError):
    """An attribute does not exist; also an AttributeError, as Python requires of it."""


class InvalidParameterError(RequestValidationError):
    """A value is invalid, or a required parameter is missing."""


class WritesNotAllowedError(RequestValidationError):
    """A write was called on a read-only connector."""


class APIError(IntercomError):
    """The server sent an error.

    Attributes:
        status: HTTP status.
        code: The server's error code, or None.
        request_id: Id of the request, to quote to the server's support; None if missing.
        merged_into: Id of the record that the requested one was merged into, or None.
    """

    # The statuses that a class stands for; if two classes have one, the class with fewer has it.
    statuses: ClassVar[Sequence[int]] = ()

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.is_transient = status in {408, 429} or (status >= 500 and status not in {501, 505})
        self.status = status
        self.code = code
        self.request_id = request_id
        self.merged_into: str | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), self.__dict__)


class BadRequestError(APIError):
    """The server rejects the request as it is (400, and each 4xx without its own class)."""

    statuses = range(400, 500)


class AuthenticationError(APIError):
    """The server rejects the credential (401)."""

    statuses = (401,)


class PermissionDeniedError(APIError):
    """The credential is valid, but not for this (402, 403)."""

    statuses = (402, 403)


class NotFoundError(APIError):
    """The record or path does not exist (404)."""

    statuses = (404,)


class RateLimitError(APIError):
    """The server still reports too many requests after all retries (429)."""

    statuses = (429,)


class ServerError(APIError):
    """The server failed (5xx), and retrying did not help or was not safe."""

    statuses = range(500, 1000)


class InvalidResponseError(APIError):
    """The response is not the expected JSON, or leads elsewhere (3xx)."""

    statuses = range(300, 400)

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message, **details)
        self.is_transient = self.status < 300  # a gateway's hiccup; a redirect stays one


class ConnectionFailedError(IntercomError):
    """No response arrived: the host cannot be reached, or the connection broke."""

    is_transient = True


class RequestTimeoutError(ConnectionFailedError):
    """No response arrived in time."""


class PagingError(IntercomError):
    """Pagination failed: a repeated page, a limit, or a cursor or link that is not valid."""

    is_transient = True


class JobFailedError(IntercomError):
    """A background job failed, or its result cannot be read."""


class ResultTooLargeError(IntercomError):
    """A result is too large for an agent's tool; the message explains how to narrow it."""


class DatasetError(IntercomError):
    """A dataset's folder cannot be read or written."""


def api_error_class(status: int) -> type[APIError]:
    """Return the error class of an HTTP status that is not a success.

    >>> api_error_class(404).__name__, api_error_class(409).__name__
    ('NotFoundError', 'BadRequestError')
    """
    known = [kind for kind in APIError.__subclasses__() if status in kind.statuses]
    return min(known, key=lambda kind: len(kind.statuses), default=ServerError)


def _rebuild(cls: type[APIError], message: str, state: dict[str, object]) -> APIError:
    """Rebuild the error after pickling, which cannot pass keyword-only arguments."""
    error = cls.__new__(cls, message)
    error.args = (message,)
    error.__dict__.update(state)
    return error


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the nearest known names, or with all of them if they are few.

    >>> did_you_mean("contcats", ["contacts", "tags"])
    ' Did you mean contacts?'
    """
    names = list(known)
    near = difflib.get_close_matches(str(name), names, n=2, cutoff=0.6)
    if near:
        return f" Did you mean {' or '.join(near)}?"
    if names and len(names) <= 40:
        return f" Available: {', '.join(names)}."
    return ""
