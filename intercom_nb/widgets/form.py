"""What the forms have in common: messages in, messages out, one thread that works them off."""

from __future__ import annotations

import concurrent.futures
import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

import anywidget

from ..credentials import hidden

FORM = "the form"
"""Where a typed credential comes from, as its source says it."""

_log = logging.getLogger(__name__)

# Widget callbacks come on the kernel's main thread or on threads of their own, depending on the
# version of ipykernel. All of them hand over to this one thread, so the forms need no locks.
_worker = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="intercom-nb-forms")


@functools.cache
def static(*names: str) -> str:
    """Join files of the ``static`` folder: a form's script is one module, with no build step."""
    folder = resources.files(__package__) / "static"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def run_later(work: Callable[..., None], *args: Any) -> concurrent.futures.Future[None]:
    """Run work on the forms' thread; what it raises unexpectedly is logged."""
    future = _worker.submit(work, *args)
    future.add_done_callback(_log_failure)
    return future


def _log_failure(future: concurrent.futures.Future[None]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _log.error("the form failed", exc_info=error)


class Panel(anywidget.AnyWidget):
    """A form that is drawn by its own script and talks to it in messages.

    Subclasses answer messages in ``receive``, which runs on the forms' thread, and call ``tell``.
    """

    _css = static("style.css")

    def __init__(self) -> None:
        super().__init__()
        self.on_msg(self._on_message)

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Work a message off; on the forms' thread."""
        raise NotImplementedError

    def tell(self, kind: str, buffers: Sequence[bytes] | None = None, **content: Any) -> None:
        """Send a message to every place where the form is shown."""
        self.send({"kind": kind, **content}, buffers)

    def later(self, work: Callable[..., None], *args: Any) -> concurrent.futures.Future[None]:
        """Run work on the forms' thread; what it raises unexpectedly is shown in the form."""
        future = run_later(work, *args)
        future.add_done_callback(self._report)
        return future

    def _on_message(self, _: object, content: Any, __: object) -> None:
        if isinstance(content, dict) and isinstance(content.get("kind"), str):
            if isinstance(content.get("secrets"), dict):
                _seal(content["secrets"])
            self.later(self.receive, content["kind"], content)

    def _report(self, future: concurrent.futures.Future[None]) -> None:
        error = None if future.cancelled() else future.exception()
        if error is not None:
            self.tell("failure", text=f"The form failed: {type(error).__name__}: {error}")


def _seal(secrets: dict[str, Any]) -> None:
    """Replace typed credentials in place, so that no frame, queue or message keeps the text."""
    for name in list(secrets):
        is_text = isinstance(secrets[name], str)
        secrets[name] = hidden(secrets.pop(name), FORM) if is_text else None
