"""The magics in a real kernel: Tab, while its loop runs, and an error in one line."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

pytestmark = pytest.mark.slow

SETUP = """
%load_ext intercom_nb
import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
c = inb.connect("demo")
stuck = inb.IntercomConnector(
    auth_config=inb.IntercomAuthConfig(TOKEN), base_url=DEMO_BASE_URL,
    http=DemoTransport(latency=60),
)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, BlockingKernelClient]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        manager, client = start_new_kernel()
        try:
            reply = client.execute_interactive(SETUP, timeout=60)
            assert reply["content"]["status"] == "ok", reply
            yield manager, client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def outputs(client: BlockingKernelClient, code: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    client.execute_interactive(code, timeout=60, output_hook=found.append)
    return [message["content"] for message in found if message["msg_type"] != "status"]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%intercom contacts sea", "search"),
        ("%intercom contacts list --per", "--per_page"),
        ("%%intercom df << conversations search --state sn", "snoozed"),
        ("%%intercom conversations search\nstate = cl", "closed"),
        ("found = await c.conversations.search(\n    st", "state="),
        ("c.sync.conversations.search(created_at__g", "created_at__gt="),
    ],
)
def test_kernel_completes_the_text_when_tab_is_pressed(
    kernel: Any, text: str, offered: str
) -> None:
    reply = kernel[1].complete(text, reply=True, timeout=20)["content"]
    assert offered in reply["matches"]
    at = slice(reply["cursor_start"], reply["cursor_end"])
    assert offered.startswith(text[at])


def test_kernel_shows_one_line_when_a_magic_raises(kernel: Any) -> None:
    shown = outputs(kernel[1], "%intercom teams list")
    assert "<table" in shown[-1]["data"]["text/html"]
    (error,) = [o for o in outputs(kernel[1], "%intercom teams lits") if "ename" in o]
    assert error["ename"] == "UnknownNameError"
    assert error["traceback"] == [
        "UnknownNameError: teams has no action 'lits'. Did you mean list?"
    ]


def test_kernel_history_has_no_credential_when_one_was_typed(kernel: Any) -> None:
    token = "dG9rOmEyNGZmYzYwXzM4"
    outputs(kernel[1], f"%intercom login {token}")
    outputs(kernel[1], "'the next cell'")
    told = kernel[1].history(hist_access_type="tail", n=5, raw=True, reply=True, timeout=20)
    text = json.dumps(told["content"])
    assert "the next cell" in text
    assert token not in text
    assert token not in json.dumps(outputs(kernel[1], "[*In, _i, _ii, _iii]"))


def test_magic_ends_when_the_kernel_is_interrupted(kernel: Any) -> None:
    manager, client = kernel
    asked = client.execute("print('now')\n%intercom -c stuck contacts list --limit all")
    error: dict[str, Any] = {}
    while not error:
        try:
            message = client.get_iopub_msg(timeout=20)
        except queue.Empty:
            pytest.fail("the cell went on for 20 s")
        if message["parent_header"].get("msg_id") != asked:
            continue
        if message["msg_type"] == "stream" and "Using stuck" in message["content"]["text"]:
            manager.interrupt_kernel()
        if message["msg_type"] == "error":
            error = message["content"]
    assert error["ename"] == "KeyboardInterrupt"
    assert error["traceback"] == ["KeyboardInterrupt: cancelled, its requests too"]
    client.kernel_info(reply=True, timeout=20)  # until then the kernel drops what comes
    shown = outputs(client, "%intercom df << teams list")
    assert "df: 6 rows" in shown[-1]["text"]
