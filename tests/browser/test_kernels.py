"""The core of it on each ipykernel that people have: callbacks run in different threads there."""

from __future__ import annotations

import json
import re
import time

import pytest
from environments import python_with
from playwright.sync_api import expect

from .harness import Lab, Notebook, wait_until
from .test_explorer import SLOW, explorer_of, open_query, press_run, run_cell

VERSIONS = ("6.31.0", "7.1.0", "7.3.0", "7.4.0")
# Sync calls in several cells: what hangs "Run All" where the event loop is patched.
CELLS = (
    "import ipykernel; print('this is', ipykernel.__version__)",
    SLOW.format(held="starting_after", started=""),
    "print('by sync calls:', len(c.sync.contacts.list(limit=20)))",
    "print('and again:', len(await c.contacts.list(limit=5)), len(c.sync.teams.list()))",
    "%load_ext intercom_nb",
    "%intercom df << contacts list --limit 3",
    "explorer = inb.explore(c)\nexplorer",
)
STUCK = """
stuck = inb.IntercomConnector(
    auth_config=IntercomAuthConfig(TOKEN), base_url=DEMO_BASE_URL, http=Slow(latency=600)
)
asked.clear(), cancelled.clear()
started = "stuck.started"
print("it is stuck")
{call}
"""
CALLS = ("stuck.sync.contacts.list(limit=None)", "%intercom -c stuck contacts list --limit all")
AFTER = "print('asked, cancelled, shown:', asked, cancelled, len(explorer.df))"
ADD_CELL = """
source => window.jupyterapp.shell.currentWidget.content.model.sharedModel.addCell(
  {cell_type: 'code', source, metadata: {}}
)
"""


@pytest.fixture(params=VERSIONS)
def kernel(request: pytest.FixtureRequest, lab: Lab) -> str:
    """Offer a kernel of one version to the JupyterLab that runs; gives its name."""
    version = request.param
    name = f"ipykernel-{version}"
    python = python_with(f"ipykernel=={version}", with_ours=True)
    folder = lab.root / "data" / "kernels" / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {
        "argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": f"Python 3 on ipykernel {version}",
        "language": "python",
    }
    (folder / "kernel.json").write_text(json.dumps(spec))
    return name


def write(lab: Lab, kernel: str, *cells: str) -> str:
    """Write a notebook for a kernel; gives its name."""
    path = lab.write(f"{kernel}.ipynb", cells)
    notebook = json.loads(path.read_text())
    notebook["metadata"]["kernelspec"]["name"] = kernel
    path.write_text(json.dumps(notebook))
    return path.name


def test_explorer_runs_and_cancels_when_the_ipykernel_is_of_any_version(
    lab: Lab, kernel: str
) -> None:
    with lab.open(write(lab, kernel, *CELLS)) as notebook:
        notebook.run_all()
        version = kernel.removeprefix("ipykernel-")
        for said in (f"this is {version}", "by sync calls: 20", "and again: 5 6", "df: 3 rows"):
            expect(notebook.output(said)).to_be_visible()
        rows_arrive_and_cancel_stops(notebook)
        for call in CALLS:
            interrupt_cancels(notebook, call)
        assert notebook.console_errors == []


def rows_arrive_and_cancel_stops(notebook: Notebook) -> None:
    form = explorer_of(notebook.page)
    limit = form.get_by_role("textbox", name="Rows")
    limit.fill("15")
    press_run(form)
    expect(form.get_by_text(re.compile(r"^15 rows in "))).to_be_visible()
    expect(form.locator(".inb-g-row")).not_to_have_count(0)
    open_query(form)
    limit.fill("")
    press_run(form)
    expect(form.get_by_text(re.compile(r"^[\d,]+ of [\d,]+ records"))).to_be_visible()
    clicked = time.monotonic()
    form.get_by_role("button", name="Cancel", exact=True).click()
    form.get_by_text("Cancelled.").wait_for()
    print(f"Cancelled after {time.monotonic() - clicked:.2f} s")


def interrupt_cancels(notebook: Notebook, call: str) -> None:
    """Interrupt a cell that waits for its answer; its request is cancelled, and the rest works."""
    cells = notebook.page.locator(".jp-CodeCell")
    at = cells.count()
    for source in (STUCK.format(call=call), AFTER):
        notebook.page.evaluate(ADD_CELL, source)
    stuck, after = cells.nth(at), cells.nth(at + 1)
    started = notebook.path.with_name("stuck.started")
    started.unlink(missing_ok=True)
    run_cell(notebook, at)
    stuck.locator(".jp-OutputArea-output", has_text="it is stuck").wait_for()
    wait_until(started.exists, "the request of the cell")
    notebook.menu("Kernel", "Interrupt Kernel")
    stuck.locator(".jp-OutputArea-output", has_text="KeyboardInterrupt").wait_for()
    notebook.wait_for_idle()  # the kernel drops a cell that is sent before the other's end
    run_cell(notebook, at + 1)
    said = "asked, cancelled, shown: ['/contacts'] ['/contacts'] 15"
    after.locator(".jp-OutputArea-output", has_text=said).wait_for()
