"""Calls that are not awaited, or not where they can be: one clear sentence each."""

from __future__ import annotations

import asyncio
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from scripted_server import ScriptedServer

from intercom_nb.errors import UnknownAttributeError


@pytest.fixture
def script() -> ScriptedServer:
    return ScriptedServer([httpx.Response(200, json={"id": "1"})])


# Lines as they stand in cells: the text decides whether a warning has anything to add.
REFUSED: dict[str, Callable[[Any], Any]] = {
    "run": lambda c: asyncio.run(c.tags.create(name="x")),
    "run_until_complete": lambda c: asyncio.get_running_loop().run_until_complete(c.tags.list()),
    "composite": lambda c: asyncio.run(c.tags.create_many([{"name": "x"}])),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_call_raises_without_a_warning_when_a_loop_runs_already(
    script: ScriptedServer, name: str, collect_garbage: Callable[[], int]
) -> None:
    connector = script.connector(allow_writes=True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(RuntimeError, match=r"running"):
            REFUSED[name](connector)
        collect_garbage()
    assert [str(w.message) for w in caught] == []
    assert not script.requests


def forgotten(connector: Any) -> None:
    connector.tags.create(name="x")


def test_call_warns_once_at_its_line_when_it_is_never_awaited(script: ScriptedServer) -> None:
    connector = script.connector(allow_writes=True)
    with pytest.warns(RuntimeWarning, match=r"tags\.create was not run\. Write `await`") as caught:
        forgotten(connector)
    line = inspect.getsourcelines(forgotten)[1] + 1
    assert [(w.filename, w.lineno) for w in caught] == [(__file__, line)]
    assert not script.requests


async def test_call_asks_for_await_when_it_is_used_as_its_result(
    script: ScriptedServer,
) -> None:
    call = script.connector(allow_writes=True).tags.create(name="x")
    assert repr(call) == "<tags.create: await it for its result>"
    with pytest.raises(UnknownAttributeError, match=r"no 'head' before it is awaited"):
        call.head()
    assert (await call)["id"].tolist() == ["1"]


@pytest.mark.parametrize("start", [asyncio.create_task, asyncio.ensure_future, asyncio.shield])
async def test_call_returns_its_result_when_asyncio_schedules_it(
    script: ScriptedServer, start: Callable[[Any], Any]
) -> None:
    made = await start(script.connector(allow_writes=True).tags.create(name="x"))
    assert made["id"].tolist() == ["1"]


async def test_call_is_not_sent_when_its_task_is_cancelled_before_it_starts(
    script: ScriptedServer,
    recwarn: pytest.WarningsRecorder,
    collect_garbage: Callable[[], int],
) -> None:
    task = asyncio.create_task(script.connector(allow_writes=True).tags.create(name="x"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    collect_garbage()
    assert not script.requests
    assert not recwarn.list
