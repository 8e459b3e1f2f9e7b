"""What can go wrong, as one tree.

IntercomError
├── ConfigurationError            a connector cannot be made from what was given
│   ├── CredentialError           no credential, or one that cannot be right
│   └── UnsupportedError          this mode, version or machine cannot do what was asked
├── RequestValidationError        refused here, before anything was sent
│   ├── UnknownNameError          an entity, action, parameter or field that does not exist
│   ├── InvalidParameterError     a value that cannot be right, or a required one that is missing
│   └── WritesNotAllowedError     a writing action on a connector that may only read
├── APIError                      the server answered, and the answer is not the wanted one
│   ├── BadRequestError           400, 405, 406, 409, 410, 422 and other 4xx
│   ├── AuthenticationError       401
│   ├── PermissionDeniedError     402, 403
│   ├── NotFoundError             404
│   ├── RateLimitError            429, after all waits
│   ├── ServerError               5xx, after all retries
│   └── InvalidResponseError      an answer that is not the JSON it should be
├── ConnectionFailedError         no answer: the host cannot be reached, or the connection broke
│   └── RequestTimeoutError       no answer in time
├── PagingError                   the pages cannot be followed to their end
├── JobFailedError                a job that ran in the background did not end well
├── ResultTooLargeError           a result is larger than an agent's tool may answer
└── DatasetError                  the folder of a dataset cannot be read or written as asked
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class IntercomError(Exception):
    """Base of every error that this package raises on purpose.

    Attributes: ``partial``, the DataFrame of what had arrived before a list broke off, or None.
    """

    partial: pd.DataFrame | None = None


class ConfigurationError(IntercomError):
    """A connector cannot be made from what was given."""


class CredentialError(ConfigurationError):
    """There is no credential, or one that cannot be right; a refused one is AuthenticationError.

    Attributes: ``reason``, ``missing`` or ``malformed``.
    """

    reason: str = "malformed"


class UnsupportedError(ConfigurationError):
    """This mode, API version or machine cannot do what was asked."""


class RequestValidationError(IntercomError):
    """The request was refused here; nothing was sent."""


class UnknownNameError(RequestValidationError):
    """An entity, action, parameter or field does not exist."""


class InvalidParameterError(RequestValidationError):
    """A value cannot be right, or a required parameter is missing."""


class WritesNotAllowedError(RequestValidationError):
    """A writing action was asked of a connector that may only read."""


class APIError(IntercomError):
    """The server answered, and the answer is not the wanted one.

    Attributes: ``status`` (HTTP status), ``code`` (the server's own word, or None),
    ``request_id`` (for the server's support, or None).
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), str(self), self.__dict__)


class BadRequestError(APIError):
    """The server does not accept the request as it is."""


class AuthenticationError(APIError):
    """The server refuses the credential."""


class PermissionDeniedError(APIError):
    """The credential is valid, but not for this."""


class NotFoundError(APIError):
    """There is no such record or path."""


class RateLimitError(APIError):
    """The server still says "too many requests" after all waits."""


class ServerError(APIError):
    """The server failed, and retrying did not help or was not safe."""


class InvalidResponseError(APIError):
    """The answer is not the JSON that it should be."""


class ConnectionFailedError(IntercomError):
    """There was no answer: the host cannot be reached, or the connection broke."""


class RequestTimeoutError(ConnectionFailedError):
    """There was no answer in time."""


class PagingError(IntercomError):
    """The pages cannot be followed to their end."""


class JobFailedError(IntercomError):
    """A job that ran in the background did not end well, or its result cannot be read."""


class ResultTooLargeError(IntercomError):
    """A result is larger than an agent's tool may answer; the text says how to narrow it."""


class DatasetError(IntercomError):
    """The folder of a dataset cannot be read or written as it was asked."""


def _rebuild(cls: type[APIError], message: str, state: dict[str, object]) -> APIError:
    """Make the error again after pickling, which cannot pass keyword-only arguments."""
    error = cls.__new__(cls, message)
    error.args = (message,)
    error.__dict__.update(state)
    return error


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Name the nearest known spellings, or list what there is when it is short.

    >>> did_you_mean("contcats", ["contacts", "tags"])
    ' Did you mean contacts?'
    """
    names = list(known)
    near = difflib.get_close_matches(str(name), names, n=2, cutoff=0.6)
    if near:
        return f" Did you mean {' or '.join(near)}?"
    if names and len(names) <= 30:
        return f" There is: {', '.join(names)}."
    return ""
