"""Where threads cannot start (Pyodide), work runs in the caller's thread, with the same results."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from intercom_nb.runtime import thread_pools
from intercom_nb.runtime.inline_loop import InlineExecutor

# What CPython itself raises at a limit of threads, and Pyodide always.
NO_THREADS = """
import threading
def refuse(thread):
    raise RuntimeError("can't start new thread")
threading.Thread.start = refuse
"""
FIRST = """
import asyncio, sys
import intercom_nb as inb
c = inb.connect("demo", now="2026-11-01")
"""


def run(code: str, folder: Path, threads_start: bool = False) -> str:
    script = ("" if threads_start else NO_THREADS) + FIRST + code
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "never awaited" not in done.stderr, done.stderr
    return done.stdout


WORK = {
    "sync": """
df = c.sync.conversations.search(created_at__gt="30d", limit=None)
print(df.to_csv(), c.whoami(), c.sync.check().status)
c.sync.close()
print(len(c.sync.contacts.list(limit=3)))
""",
    "await": """
async def main():
    both = await asyncio.gather(c.teams.list(), c.admins.list())
    print(*(frame.to_csv() for frame in both))
    found = c.submit("contacts", "list", limit=2)  # ends with the loop's next rounds
    while not found.done():
        await asyncio.sleep(0)
    print(found.result().to_csv())
asyncio.run(main())
""",
    "click": """
form = inb.explore(c)
async def main():
    form.send = lambda content, buffers=None: None  # instead of a page
    message = {"kind": "run", "entity": "contacts", "action": "list", "limit": "5"}
    form._handle_custom_msg(message, [])
    for _ in range(1_000):
        if form.result is None:
            await asyncio.sleep(0.01)
    print(form.df.to_csv(), form.code)
asyncio.run(main())
""",
    "clicks": """
import io, itertools
import pandas as pd
heard, tokens = [], itertools.count()
form = inb.explore(c)
form.send = lambda content, buffers=None: heard.append({**content, "buffers": buffers})
async def wait(**match):
    for _ in range(2_000):
        for message in heard:
            if match.items() <= message.items():
                return message
        await asyncio.sleep(0.01)
    raise SystemExit(f"no {match} among {heard}")
async def ask(kind, **content):
    token = f"t{next(tokens)}"
    form._handle_custom_msg({"kind": kind, "token": token, **content}, [])
    return await wait(token=token)
async def main():
    form._handle_custom_msg({"kind": "hello"}, [])
    print([tile["text"] for tile in (await wait(kind="start", status="ready"))["tiles"]])
    form._handle_custom_msg({"kind": "question", "key": "ratings"}, [])
    await wait(kind="run", status="done")
    result = next(message for message in heard if message["kind"] == "result")["id"]
    look = {"measure": "count", "by": [{"column": "state"}]}
    chart = await ask("ask", what="summary", result=result, **look)
    print({name: value for name, value in chart.items() if name != "token"})
    for kind, name in {"csv": "csv", "tsv": "table", "xlsx": "excel", "parquet": "parquet"}.items():
        reply = await ask("export", **{"as": kind, "all_columns": True})
        frame = getattr(pd, f"read_{name}")(io.BytesIO(reply["buffers"][0]))
        print(reply["name"], reply["type"], reply["rows"], frame.to_csv())
    print((await ask("thread", id=form.df["id"][0]))["thread"])
    print((await ask("ask", what="json", result=result))["text"])
    form._handle_custom_msg({"kind": "extract", "entity": "companies", "to": "picked"}, [])
    print((await wait(kind="extraction", status="done"))["tables"])
asyncio.run(main())
""",
    "analysis": """
from intercom_nb import analysis
print(analysis.volume(c.sync.conversations.search(created_at__gt="30d", limit=None)).to_csv())
""",
    "awaited dataset": """
async def main():
    ds = await c.extract("conversations", to="new", since="2026-10-20")
    print(len(ds.pandas("conversations")), sorted(table.name for table in ds.path.iterdir()))
asyncio.run(main())
""",
    "dataset": """
ds = c.sync.extract("conversations", to="new", with_parts=True, since="2026-10-20")
ds = c.sync.extract("conversations", to="new", with_parts=True, since="2026-10-10")
print(len(ds.pandas("conversations")), len(ds.pandas("conversation_parts")))
print(ds.sql("select state, count(*) as n from conversations group by state order by 1"))
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WORK)
def test_results_are_the_same_when_threads_cannot_start(name: str, tmp_path: Path) -> None:
    ours, usual = tmp_path / "ours", tmp_path / "usual"
    ours.mkdir()
    usual.mkdir()
    assert run(WORK[name], ours) == run(WORK[name], usual, threads_start=True) != ""


@pytest.mark.slow
def test_report_is_written_when_threads_cannot_start(tmp_path: Path) -> None:
    run('inb.report(c, period="last-month").save("report.html")', tmp_path)
    assert "October 2026" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_sync_call_is_refused_when_a_loop_runs_and_threads_cannot_start(tmp_path: Path) -> None:
    code = """
async def main():
    try:
        c.sync.teams.list()
    except inb.IntercomError as error:
        print(type(error).__name__, error)
asyncio.run(main())
"""
    assert run(code, tmp_path).startswith("UnsupportedError Threads cannot start here")


@pytest.mark.slow
def test_sync_call_ends_when_ctrl_c_is_pressed_and_threads_cannot_start(tmp_path: Path) -> None:
    code = """
import signal
from intercom_nb.runtime.portal import portal
async def long():
    try:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(60)
    finally:
        print("ended")
try:
    portal.run(long())
except KeyboardInterrupt:
    print("interrupted")
print(len(c.sync.teams.list()) > 0)
"""
    assert run(code, tmp_path).split() == ["ended", "interrupted", "True"]


def test_inline_executor_starts_work_later_when_other_work_is_running() -> None:
    order: list[str] = []
    executor = InlineExecutor()

    def outer() -> None:
        executor.submit(order.append, "inner")
        order.append("outer")

    executor.submit(outer)
    assert order == ["outer", "inner"]


def test_inline_executor_keeps_the_error_when_work_raises() -> None:
    executor = InlineExecutor()
    failed = executor.submit(int, "x")
    with pytest.raises(ValueError, match="invalid literal"):
        failed.result()
    assert executor.submit(int, "1").result() == 1


def test_thread_pool_has_threads_when_they_can_start() -> None:
    with thread_pools.thread_pool(1, "own-name") as pool:
        name = pool.submit(lambda: __import__("threading").current_thread().name).result()
    assert name.startswith("own-name")
