"""Messages from a form to its front end, and the one thread that runs a form's work."""

from __future__ import annotations

import concurrent.futures
import functools
import logging
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from ..runtime.thread_pools import thread_pool

_log = logging.getLogger(__name__)

REPORT_SECONDS = 0.1
"""Least time between two progress reports: what people take for immediate.

https://www.nngroup.com/articles/response-times-3-important-limits/
"""


@functools.cache
def _worker() -> concurrent.futures.Executor:
    """Return the one thread that all forms share, so that they need no locks.

    Depending on the version of ipykernel, widget callbacks run on the kernel's main thread or on
    threads of their own.
    """
    return thread_pool(1, "intercom-nb-forms")


def run_on_form_thread(work: Callable[..., None], *args: Any) -> concurrent.futures.Future[None]:
    """Run work on the forms' thread. An unexpected exception is logged.

    While the process ends, the work is cancelled instead.
    """
    try:
        future = _worker().submit(work, *args)
    except RuntimeError as error:
        if "shutdown" not in str(error):
            raise
        future = concurrent.futures.Future()
        future.cancel()
    future.add_done_callback(_log_failure)
    return future


def _log_failure(future: concurrent.futures.Future[None]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _log.error("the form failed", exc_info=error)


class Channel:
    """Interface of a form to its helpers: send messages, run work on the forms' thread."""

    def __init__(self, widget: ipywidgets.DOMWidget) -> None:
        self._widget = widget

    def send(self, kind: str, buffers: Sequence[bytes] | None = None, **content: Any) -> None:
        """Send a message to every view of the form."""
        self._widget.send({"kind": kind, **content}, buffers)

    def run_on_form_thread(
        self, work: Callable[..., None], *args: Any
    ) -> concurrent.futures.Future[None]:
        """Run work on the forms' thread. An unexpected exception is shown in the form."""
        future = run_on_form_thread(work, *args)
        future.add_done_callback(self._report_failure)
        return future

    def _report_failure(self, future: concurrent.futures.Future[None]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self.send("failure", text=f"The form failed: {type(error).__name__}: {error}")
