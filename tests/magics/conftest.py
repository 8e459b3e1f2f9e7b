"""A shell as a terminal has it, with the magics loaded and the demo workspace in ``c``."""

from __future__ import annotations

import atexit
import dataclasses
import gc
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import intercom_nb as inb

ANSI_COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclasses.dataclass
class Shell:
    """What a person types, and what they see."""

    ip: InteractiveShell
    history: Path
    capture: pytest.CaptureFixture[str]

    def run(self, cell: str) -> Any:
        """Run a cell that must not fail, and give its value."""
        done = self.ip.run_cell(cell, store_history=True)
        done.raise_error()
        return done.result

    def fail(self, cell: str) -> str:
        """Run a cell that must fail with an error of ours, and give what is shown of it."""
        self.capture.readouterr()
        done = self.ip.run_cell(cell, store_history=True)
        assert isinstance(done.error_in_exec, inb.IntercomError), done.error_in_exec
        return self.printed()

    def printed(self) -> str:
        """Give what was printed since the last time."""
        out, err = self.capture.readouterr()
        return ANSI_COLOR.sub("", out + err)

    def offers(self, text: str) -> list[str]:
        """Press Tab at the end of a text: the whole texts that come of it."""
        with provisionalcompleter():
            found = list(self.ip.Completer.completions(text, len(text)))
        return [text[: one.start] + one.text for one in found]

    def written_history(self) -> bytes:
        """Give what the history's file holds, as it lies on the disk."""
        self.ip.history_manager.writeout_cache()
        with sqlite3.connect(self.history) as database:
            assert database.execute("select count(*) from history").fetchone()[0] > 0
        database.close()
        return self.history.read_bytes()


@pytest.fixture(scope="package")
def ipython(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    folder = tmp_path_factory.mktemp("ipython")
    config = Config()
    config.HistoryManager.hist_file = str(folder / "history.sqlite")
    config.HistoryManager.db_cache_size = 1_000  # a write to the disk takes long
    config.Completer.use_jedi = False
    ip = InteractiveShell(config=config, ipython_dir=str(folder))
    ip.history_manager.db.execute("pragma synchronous = off")
    yield ip
    history = ip.history_manager
    atexit.unregister(ip.atexit_operations)
    gc.freeze()  # it collects garbage, and the demo's records take long to look through
    ip.atexit_operations()
    gc.unfreeze()
    history.db.close()


@pytest.fixture
def shell(ipython: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> Shell:
    for name in set(ipython.user_ns) - set(ipython.user_ns_hidden):  # reset() takes much longer
        del ipython.user_ns[name]
    ipython.user_ns["c"] = inb.connect("demo")
    running = Shell(ipython, Path(ipython.history_manager.hist_file), capsys)
    loaded = "intercom_nb" in ipython.extension_manager.loaded
    running.run(f"%{'reload' if loaded else 'load'}_ext intercom_nb")
    running.printed()
    return running
