"""Redaction of secrets in the logs of the HTTP libraries."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Iterable
from typing import Protocol

from ..secret import Secret, redact


class HasSecrets(Protocol):
    """Something that knows the secrets that it sends."""

    @property
    def secrets(self) -> Iterable[Secret]:
        """The secrets to mask."""


class _LogFilter(logging.Filter):
    """Masks the secrets of all transports in the log records of the HTTP libraries.

    They log status lines and headers as servers send them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.senders: weakref.WeakSet[HasSecrets] = weakref.WeakSet()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        clean = redact(text, [s for sender in self.senders for s in sender.secrets])
        if clean != text:
            record.msg, record.args = clean, ()
        return True


_log_filter = _LogFilter()
# A filter belongs to one logger, not to those below it: these are the ones that log.
_LOGGERS = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


def redact_logs(sender: HasSecrets) -> None:
    """Mask the secrets of a sender in the logs of httpx and httpcore, as long as it lives."""
    _log_filter.senders.add(sender)
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_log_filter)  # added once
