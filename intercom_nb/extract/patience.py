"""Doing again what may go well the next time, longer than a single request is repeated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..errors import (
    BadRequestError,
    ConnectionFailedError,
    InvalidResponseError,
    NotFoundError,
    PagingError,
    RateLimitError,
    ServerError,
)

_T = TypeVar("_T")
# A question that is refused stays refused, unless it is by a cursor or a scroll that died.
_OF_A_CURSOR = (BadRequestError, NotFoundError)
_PASSING = (
    *_OF_A_CURSOR,
    ConnectionFailedError,
    PagingError,
    RateLimitError,
    ServerError,
    InvalidResponseError,
)
_ATTEMPTS = 8
_FIRST_WAIT, _MOST_WAIT = 0.5, 60.0


class DiffersError(Exception):
    """What arrived is not what the API counted, or the count changed on the way."""


class Retrier:
    """Does something again, from its start, while what it meets may pass.

    ``entity`` is what the errors speak of; ``sleep`` waits, for seconds.
    """

    def __init__(self, entity: str, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._entity = entity
        self._sleep = sleep

    async def __call__(
        self,
        attempt: Callable[[int], Awaitable[_T]],
        by_cursor: Callable[[], bool] = lambda: False,
    ) -> _T:
        """Give what an attempt gives; it is called with its number, from 1.

        ``by_cursor`` tells whether the attempt had got as far as to follow one.
        """
        for number in range(1, _ATTEMPTS + 1):
            try:
                return await attempt(number)
            except DiffersError:
                wait = 0.0
            except _PASSING as error:
                busy = getattr(error, "code", None) == "scroll_exists"
                lasting = isinstance(error, _OF_A_CURSOR) and not busy and not by_cursor()
                if number == _ATTEMPTS or lasting:
                    error.add_note(
                        f"{self._entity}: a part of it could not be read in {number} "
                        "attempts. What is done is kept: extract again into the same folder."
                    )
                    raise
                # The other scroll ends by itself, a minute after its last use.
                wait = _MOST_WAIT if busy else min(_FIRST_WAIT * 2 ** (number - 1), _MOST_WAIT)
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")
