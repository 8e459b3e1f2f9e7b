"""Progress bars: who sees them, and streams that cannot be written."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest

from intercom_nb.runtime import progress
from intercom_nb.runtime import progress_bars as drawn
from intercom_nb.runtime.progress import Progress, show_progress
from intercom_nb.runtime.progress_bars import progress_bars

SCRIPT = """
import asyncio, sys, tempfile
import intercom_nb
{prepare}
c = intercom_nb.connect("demo")
with tempfile.TemporaryDirectory() as folder:
    dataset = c.sync.extract("tags", to=folder, progress=True)
    frame = c.sync.contacts.list(limit=5, progress=True)
print(len(frame))
"""
PREPARE = {
    "none": "sys.stderr = None",
    "closed": "sys.stderr.close()",
    "full": "sys.stderr = open('/dev/full', 'w')",
    "closed_descriptor": "import os; os.close(2)",
    "reader_gone": "import os; r, w = os.pipe(); os.close(r); os.dup2(w, 2)",
}


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class Broken(Terminal):
    """A stream whose writes fail after a while."""

    def __init__(self, error: Exception, good: int) -> None:
        super().__init__()
        self._error = error
        self._good = good

    def write(self, text: str) -> int:
        self._good -= 1
        if self._good < 0:
            raise self._error
        return super().write(text)


@pytest.mark.slow
@pytest.mark.parametrize("prepare", PREPARE.values(), ids=PREPARE)
def test_calls_finish_when_stderr_cannot_be_written(prepare: str) -> None:
    code = SCRIPT.format(prepare=prepare)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=os.environ
    )
    assert done.stdout == "5\n", done.stderr


@pytest.mark.parametrize("good", [0, 1, 3])
@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device"),
        BrokenPipeError(32, "Broken pipe"),
        ValueError("I/O operation on closed file"),
        UnicodeEncodeError("ascii", "é", 0, 1, "ordinal not in range"),
    ],
    ids=lambda e: type(e).__name__,
)
def test_progress_bar_raises_nothing_when_its_stream_breaks(
    error: Exception, good: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Broken(error, good))
    with progress_bars(True, " rows", mininterval=0) as bars:
        for count in range(5):
            bars.draw("contacts", count, 5, "reading")
        bars.close("contacts")


@pytest.mark.parametrize(
    ("stream", "shown", "drawn"),
    [
        (Terminal, None, True),
        (Terminal, False, False),
        (io.StringIO, None, False),
        (io.StringIO, True, True),
    ],
)
def test_bars_are_drawn_when_stderr_is_a_terminal_or_they_are_on(
    stream: Any, shown: bool | None, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.setattr(sys, "stderr", stream())
    with progress_bars(shown, " rows") as bars:
        bars.draw("contacts", 3, 10, "reading")
        bars.close("contacts")
    text = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert ("contacts" in text and "3/10" in text) is drawn


@pytest.mark.parametrize("stderr", ["none", "closed"])
def test_show_progress_raises_nothing_when_there_is_no_stderr(
    stderr: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", None)
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", None if stderr == "none" else closed)
    for shown in (None, True):
        with show_progress("contacts", shown) as report:
            report(Progress(1, 2, 1))


class Publisher:
    """A display publisher that keeps what it is given."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str, bool]] = []

    def publish(self, data: dict[str, str], transient: dict[str, str], update: bool) -> None:
        self.shown.append((data.get("text/html", ""), transient["display_id"], update))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Publisher:
    publisher = Publisher()
    shell = SimpleNamespace(kernel=object(), display_pub=publisher)
    monkeypatch.setattr(drawn, "running_shell", lambda: shell)
    monkeypatch.setattr(sys, "stderr", None)
    return publisher


def test_progress_bar_is_one_escaped_output_and_empty_at_the_end_when_in_a_notebook(
    notebook: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "_REDRAW", 0)
    with progress_bars(None, " rows") as bars:
        bars.draw("<b>contacts</b>", 3, 10, "reading <i>")
        bars.draw("<b>contacts</b>", 12, None)
    first, second, last = notebook.shown
    assert "3 of 10 rows" in first[0]
    assert '<progress value="3" max="10"' in first[0]
    assert "<b>" not in first[0]
    assert "<i>" not in first[0]
    assert "12 rows" in second[0]
    assert [update for *_, update in notebook.shown] == [False, True, True]
    assert len({display_id for _, display_id, _ in notebook.shown}) == 1
    assert last[0] == ""


def test_progress_bar_is_not_shown_when_the_call_ends_before_the_delay(notebook: Publisher) -> None:
    with show_progress("contacts", None) as report:
        report(Progress(1, 2, 1))
    assert notebook.shown == []


def test_progress_bar_counts_from_the_start_of_the_call_when_it_is_drawn_after_the_delay(
    notebook: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(drawn, "time", SimpleNamespace(monotonic=lambda: now))
    with show_progress("contacts", None) as report:
        report(Progress(1, 20, 1))
        now += 3
        report(Progress(10, 20, 2))
    [first, last] = [html for html, *_ in notebook.shown]
    assert "10 of 20 records, 3 s" in first
    assert last == ""


def test_rate_counts_from_the_start_of_the_call_when_the_bar_is_drawn_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    begun = time.monotonic() - 100
    with progress_bars(True, " records", begun, mininterval=0) as bars:
        bars.draw("contacts", 200, 400)
    assert "200/400 [01:40<" in sys.stderr.getvalue()  # type: ignore[attr-defined]


def test_show_progress_yields_the_callback_when_one_is_given() -> None:
    seen: list[Progress] = []
    with show_progress("contacts", seen.append) as report:
        report(Progress(1, None, 1))
    assert seen == [Progress(1, None, 1)]
