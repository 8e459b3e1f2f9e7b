"""Messages about the current result, the same in every form that shows one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

from ....errors import IntercomError
from ...channel import Channel
from . import save
from .frame_result import FrameResult
from .thread_source import Thread

RESULT_SCRIPTS = (
    "filters.js",
    "miniature.js",
    "grid.js",
    "charts.js",
    "summarize.js",
    "record.js",
    "tabs.js",
    "save.js",
    "result.js",
)
"""The scripts of the result view, which come after ``format.js``, ``dom.js`` and ``wire.js``."""

# Rows of a result whose text is read before a search asks for it. 100,000 rows of 80 columns take
# 0.5 s of CPU and 106 MB, at most 110 ms a column. Fewer need no time, and more too much memory.
_READ_AHEAD = range(5_000, 200_001)

_Content = Mapping[str, Any]


class ResultMessages:
    """Replies to a view's messages about the result; ``fetch_thread`` returns a thread by id."""

    def __init__(
        self,
        channel: Channel,
        current: Callable[[], FrameResult | None],
        fetch_thread: Callable[[str], Future[Thread] | None],
    ) -> None:
        self._channel = channel
        self._current = current
        self._fetch = fetch_thread
        self._thread: Future[Thread] | None = None
        self.actions: dict[str, Callable[[_Content], None]] = {
            "ask": self._query,
            "arrange": self._arrange,
            "thread": self._fetch_thread,
            "export": self._export,
            "variable": self._save_to_variable,
        }

    def reply(self, content: _Content, **reply: Any) -> None:
        """Answer a message."""
        self._channel.send("answer", token=content.get("token"), **reply)

    def _shown(self, content: _Content) -> FrameResult | None:
        result = self._current()
        return result if result is not None and content.get("result") == result.id else None

    def _query(self, content: _Content) -> None:
        result = self._shown(content)
        if result is not None:
            reply = result.query(str(content["what"]), content)
            self.reply(content, result=result.id, **reply)
            if content["what"] == "facets" and len(result.frame) in _READ_AHEAD:
                self._read_ahead(result, result.view.index.read_columns(result.view.display))

    def _read_ahead(self, result: FrameResult, columns: Iterator[str]) -> None:
        """Read the columns for a search, one by one between the page's own messages."""
        if result is self._current() and next(columns, None) is not None:
            self._channel.run_on_form_thread(self._read_ahead, result, columns)

    def _arrange(self, content: _Content) -> None:
        result = self._shown(content)
        if result is None:
            return
        try:
            reply = result.arrange(content)
        except IntercomError as error:
            reply = {"error": str(error)}
        self.reply(content, **reply)

    def _fetch_thread(self, content: _Content) -> None:
        """Fetch one conversation with its parts, for the record tab."""
        if self._thread is not None:
            self._thread.cancel()
        self._thread = self._fetch(str(content["id"]))
        if self._thread is not None:
            self._thread.add_done_callback(
                lambda future: self._channel.run_on_form_thread(self._send, content, future)
            )

    def _send(self, content: _Content, future: Future[Thread]) -> None:
        result = self._current()
        if future is not self._thread or result is None:
            return
        try:
            thread = future.result()
        except CancelledError:
            return
        except IntercomError as error:
            self.reply(content, error=str(error))
            return
        result.learn_thread(str(content["id"]), thread.text)
        self.reply(content, **thread.describe(result.view.display))

    def _export(self, content: _Content) -> None:
        result = self._current()
        if result is not None:
            reply, buffers = save.save_to_file(result, content)
            self._channel.send("answer", buffers, token=content.get("token"), **reply)

    def _save_to_variable(self, content: _Content) -> None:
        result = self._current()
        frame = None if result is None else result.frame
        self.reply(content, **save.save_to_variable(frame, content))
