"""A stand-in for the page: it says what clicks would say, and hears what the form says."""

from __future__ import annotations

import ast
import inspect
import threading
from types import CodeType, FunctionType
from typing import Any

import pytest
from scripted_server import demo_workspace

import intercom_nb as inb
from intercom_nb import IntercomConnector
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.models import IntercomAuthConfig
from intercom_nb.widgets import Explorer
from intercom_nb.widgets.form import Form


class Front:
    """The other end of a panel's messages."""

    def __init__(self, panel: Form) -> None:
        self.panel = panel
        self.heard: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._asked = 0
        panel.send = self._hear  # what a comm would carry to the page

    def _hear(self, content: dict[str, Any], buffers: Any = None) -> None:
        with self._news:
            self.heard.append(content)
            self._news.notify_all()

    def say(self, kind: str, **content: Any) -> dict[str, Any]:
        """Send a message as the page does; gives the message, as the form left it."""
        message = {"kind": kind, **content}
        self.panel._handle_custom_msg(message, [])
        return message

    def wait(self, kind: str, after: int = 0, timeout: float = 60, **match: Any) -> dict[str, Any]:
        """Wait for a message of a kind, with these contents."""

        def found() -> list[dict[str, Any]]:
            known = [m for m in self.heard[after:] if m["kind"] == kind]
            return [m for m in known if match.items() <= m.items()]

        with self._news:
            if not self._news.wait_for(found, timeout):
                raise AssertionError(f"no {kind} {match} among {self.heard[after:]}")
            return found()[0]

    def ask(self, kind: str, **content: Any) -> dict[str, Any]:
        """Ask and wait for the answer."""
        self._asked += 1
        token = f"test:{self._asked}"
        self.say(kind, token=token, **content)
        with self._news:
            assert self._news.wait_for(lambda: self._answer(token) is not None, 60), content
        answer = self._answer(token)
        assert answer is not None
        return answer

    def _answer(self, token: str) -> dict[str, Any] | None:
        return next((m for m in self.heard if m.get("token") == token), None)

    def run(self, entity: str, action: str, **form: Any) -> dict[str, Any]:
        """Press Run and wait for the outcome."""
        after = len(self.heard)
        self.say("run", entity=entity, action=action, **{"limit": "20", **form})
        with self._news:
            assert self._news.wait_for(lambda: self._outcome(after) is not None, 60), "no outcome"
        outcome = self._outcome(after)
        assert outcome is not None
        return outcome

    def write(self, entity: str, action: str, **form: Any) -> dict[str, Any]:
        """Press Review, then the button that sends what is shown; gives the last outcome."""
        shown = self.run(entity, action, **form)
        if shown.get("status") != "confirm":
            return shown
        return self.run(entity, action, confirmed=True, **form)

    def _outcome(self, after: int) -> dict[str, Any] | None:
        known = (m for m in self.heard[after:] if m["kind"] in {"run", "failure"})
        return next((m for m in known if m.get("status") != "running"), None)

    @property
    def result(self) -> dict[str, Any]:
        """The newest result that was told."""
        return next(m for m in reversed(self.heard) if m["kind"] == "result")

    def rows(self, start: int = 0, stop: int = 10) -> list[dict[str, Any]]:
        """Pull rows, as the table does when they come into sight."""
        asked = {"what": "rows", "result": self.result["id"], "start": start, "stop": stop}
        return self.ask("ask", **asked)["rows"]


async def run_cell(code: str, name: str = "df") -> Any:
    """Run a cell with top-level await, as a notebook does."""
    tree = compile(code, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, CodeType)
    names: dict = {}
    done = FunctionType(tree, names)()
    if inspect.isawaitable(done):
        await done
    return names[name]


def shared_demo() -> DemoTransport:
    """Serve the demo workspace that all tests may read."""
    return DemoTransport(demo_workspace())


def demo_connector(transport: Any = None, **options: Any) -> IntercomConnector:
    """Make a connector to a demo workspace, by another transport than the shared one if given."""
    return IntercomConnector(
        auth_config=IntercomAuthConfig(TOKEN),
        base_url=DEMO_BASE_URL,
        http=shared_demo() if transport is None else transport,
        **options,
    )


@pytest.fixture
def explorer() -> Explorer:
    return inb.explore(demo_connector())


@pytest.fixture
def front(explorer: Explorer) -> Front:
    return Front(explorer)
