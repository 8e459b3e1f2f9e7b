"""Retries: how many attempts, which errors, which waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from intercom_nb import errors
from intercom_nb.models import RetryPolicy
from intercom_nb.runtime.retry import Retrier

TRANSIENT = [
    errors.ConnectionFailedError("refused"),
    errors.RequestTimeoutError("slow"),
    errors.PagingError("again the same page"),
    errors.RateLimitError("too many", status=429),
    errors.ServerError("down", status=503),
    errors.BadRequestError("slow request", status=408),
    errors.InvalidResponseError("no JSON", status=200),
]
LASTING = [
    errors.CredentialError("none"),
    errors.InvalidParameterError("wrong"),
    errors.AuthenticationError("refused", status=401),
    errors.NotFoundError("gone", status=404),
    errors.ServerError("not implemented", status=501),
    errors.InvalidResponseError("elsewhere", status=302),
    errors.DatasetError("no folder"),
]


class Attempts:
    """Fails with the given errors, one an attempt, and then returns."""

    def __init__(self, *failures: errors.IntercomError) -> None:
        self.failures = list(failures)
        self.numbers: list[int] = []
        self.waits: list[float] = []

    async def __call__(self, number: int) -> str:
        self.numbers.append(number)
        if self.failures:
            raise self.failures.pop(0)
        return "done"

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def run(self, policy: RetryPolicy, **options: Any) -> str:
        return asyncio.run(Retrier(policy, self.sleep).run(self, **options))


@pytest.mark.parametrize("error", TRANSIENT, ids=str)
def test_retrier_tries_again_when_the_error_is_transient(error: errors.IntercomError) -> None:
    attempts = Attempts(error, error)
    assert attempts.run(RetryPolicy()) == "done"
    assert attempts.numbers == [1, 2, 3]


@pytest.mark.parametrize("error", LASTING, ids=str)
def test_retrier_raises_at_once_when_the_error_is_lasting(error: errors.IntercomError) -> None:
    attempts = Attempts(error)
    with pytest.raises(type(error)):
        attempts.run(RetryPolicy())
    assert (attempts.numbers, attempts.waits) == ([1], [])
    assert not hasattr(error, "__notes__")


def test_retrier_notes_the_attempts_when_it_gives_up() -> None:
    failures = [errors.ServerError("down", status=500) for _ in range(3)]
    last = failures[-1]
    with pytest.raises(errors.ServerError) as caught:
        Attempts(*failures).run(RetryPolicy(attempts=3))
    assert caught.value is last
    assert last.__notes__ == ["Gave up after 3 attempts."]


def test_retrier_waits_as_requested_when_the_error_has_retry_after() -> None:
    asked = errors.RateLimitError("too many", status=429)
    asked.retry_after = 7.0
    attempts = Attempts(asked, errors.ServerError("down", status=500))
    attempts.run(RetryPolicy(first_wait=1.0))
    assert 7.0 < attempts.waits[0] < 7.5
    assert 1.0 <= attempts.waits[1] <= 2.0


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.InvalidResponseError),
        (400, errors.BadRequestError),
        (401, errors.AuthenticationError),
        (402, errors.PermissionDeniedError),
        (404, errors.NotFoundError),
        (418, errors.BadRequestError),
        (429, errors.RateLimitError),
        (599, errors.ServerError),
    ],
)
def test_error_class_follows_the_status_when_a_response_is_no_success(
    status: int, kind: type[errors.APIError]
) -> None:
    assert errors.api_error_class(status) is kind


async def test_retrier_gives_up_at_once_when_the_requested_wait_is_too_long() -> None:
    waits: list[float] = []
    attempts: list[int] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def attempt(number: int) -> None:
        attempts.append(number)
        error = errors.RateLimitError("refused", status=429)
        error.retry_after = 99_999_999
        raise error

    with pytest.raises(errors.RateLimitError) as caught:
        await Retrier(RetryPolicy(), sleep).run(attempt)
    assert attempts == [1]
    assert waits == []
    assert "max_retry_after" in "".join(caught.value.__notes__)
