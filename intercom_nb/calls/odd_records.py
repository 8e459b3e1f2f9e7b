"""Odd records: entries of a response that are not records, and records that cannot be read."""

from __future__ import annotations

import dataclasses

import msgspec

from ..catalog.model import Operation
from ..errors import InvalidResponseError
from ..executors.base import Page
from ..transport.error_response import mark_outcome_unknown


def without_odd_records(page: Page) -> tuple[Page, int]:
    """Return a page without nulls and other entries that are not objects, and how many it had.

    A response of another shape, without any object, is returned as it is.
    """
    objects = [raw for raw in page.records if bytes(raw).lstrip().startswith(b"{")]
    if not objects:
        return page, 0
    return dataclasses.replace(page, records=objects), len(page.records) - len(objects)


def invalid_record(
    operation: Operation, error: msgspec.DecodeError, request_id: str | None
) -> InvalidResponseError:
    """Build the error for a response with a record that cannot be read."""
    text = f"{operation.name}: the response has a record that is not valid: {error}."
    invalid = InvalidResponseError(text, status=200, request_id=request_id)
    if operation.writes and not operation.retry_safe:
        mark_outcome_unknown(invalid)
    return invalid
