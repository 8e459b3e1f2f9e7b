"""Fetcher of single records, which tells a broken record from a broken server."""

from __future__ import annotations

import msgspec

from ..errors import APIError, AuthenticationError, IntercomError, NotFoundError, RateLimitError
from .fetched_cache import FetchedCache
from .record_head import FetchedRecord, RecordHead
from .source import EntitySource

GONE = "gone"
# Failures in a row, without a success between, that count as an outage or a missing permission.
_MAX_FAILURES_IN_A_ROW = 20
# Each is several requests of the transport already, so a record that still fails is broken.
_ATTEMPTS = 2


class Fetcher:
    """Fetches records by id; a record that the API refuses is noted, and the others go on.

    Not found (404, 410) means deleted. After any other refusal, or a server error that outlasts
    all retries, the record is kept as the search returned it.
    """

    def __init__(self, source: EntitySource, fetched: FetchedCache) -> None:
        self._source = source
        self.fetched = fetched
        self._failed_in_a_row: list[str] = []

    async def fetch(self, head: RecordHead, raw: msgspec.Raw) -> FetchedRecord:
        """Fetch a record, at most once a run if it fails.

        Raises the error if it is not a matter of this record.
        """
        key, settled = str(head.id), self.fetched.settled_now()
        problem, requests = self.fetched.problems.get(key), 0
        while problem is None:
            requests += 1
            try:
                found = await self._source.fetch(head, raw)
            except APIError as error:
                if error.is_transient and requests < _ATTEMPTS:
                    continue
                self._note_failure(key, error)
                problem = _describe(error)
            else:
                self._failed_in_a_row.clear()
                found.is_settled = found.is_by_id and found.head.updated_at in settled
                return found
        kept = None if problem == GONE else raw
        return FetchedRecord(head, kept, requests, problem=problem)

    def _note_failure(self, key: str, error: APIError) -> None:
        if isinstance(error, (AuthenticationError, RateLimitError)):
            raise error
        if not _is_gone(error):
            self._failed_in_a_row.append(key)
        if len(self._failed_in_a_row) >= _MAX_FAILURES_IN_A_ROW:
            # The server fails, not these records: they get another chance.
            for failed in self._failed_in_a_row:
                self.fetched.problems.pop(failed, None)
            self._failed_in_a_row.clear()
            raise error
        self.fetched.problems[key] = _describe(error)


def _is_gone(error: IntercomError) -> bool:
    return isinstance(error, NotFoundError) or getattr(error, "status", None) == 410


def _describe(error: APIError) -> str:
    if _is_gone(error):
        return GONE
    return f"{error.status} {error.code}" if error.code else str(error.status)
