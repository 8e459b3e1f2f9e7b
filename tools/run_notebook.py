"""Run a notebook from top to bottom in a fresh kernel, and print the last table that it shows.

    python tools/run_notebook.py notebooks/01_quickstart.ipynb [--save executed.ipynb]

Ends with exit code 1, the cell's source and its traceback when a cell fails. The notebook itself is
left as it is; what `--save` writes holds the outputs, and never the state of widgets.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

ANSI_COLOR = re.compile(r"\x1b\[[0-9;]*m")
DATAFRAME = 'class="dataframe"'


def main() -> int:
    arguments = parse_arguments()
    path: Path = arguments.notebook
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=arguments.timeout,
        kernel_name="python3",
        coalesce_streams=True,  # one print may arrive in two messages
        config=Config(KernelManager={"transport_encryption": "auto"}),
        resources={"metadata": {"path": str(path.parent)}},
    )
    started = time.perf_counter()
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(describe_failure(path, notebook, error), file=sys.stderr)
        return 1
    seconds = time.perf_counter() - started

    if arguments.save:
        # A form's state would bring what was typed into it, and the rows that it shows.
        notebook.metadata.pop("widgets", None)
        nbformat.write(notebook, arguments.save)
    print(last_table(notebook) or "(no cell shows a table)")
    cells = sum(is_code(cell) for cell in notebook.cells)
    print(f"\n{path}: {cells} cells in {seconds:.1f} s")
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the executed notebook")
    parser.add_argument(
        "--timeout", type=int, default=60, metavar="SECONDS", help="for each cell (default: 60)"
    )
    return parser.parse_args()


def describe_failure(path: Path, notebook: NotebookNode, error: Exception) -> str:
    """Print the failed cell with its source and traceback."""
    reached = [cell for cell in notebook.cells if is_code(cell) and "execution" in cell.metadata]
    source = reached[-1].source if reached else "(no cell was reached)"
    lines = [f"{path}: code cell {len(reached)} failed:", "", source, ""]
    if not isinstance(error, CellExecutionError):  # that one would only repeat what follows
        lines += [str(error).partition("\n")[0], ""]
    for output in reached[-1].outputs if reached else []:
        if output.output_type == "error":
            lines += output.traceback
    return ANSI_COLOR.sub("", "\n".join(lines))


def last_table(notebook: NotebookNode) -> str | None:
    """Find the plain text of the last DataFrame that a cell shows."""
    for cell in reversed(notebook.cells):
        for output in reversed(cell.get("outputs", [])):
            shown = output.get("data", {})
            if DATAFRAME in shown.get("text/html", ""):
                return shown["text/plain"]
    return None


def is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


if __name__ == "__main__":
    sys.exit(main())
