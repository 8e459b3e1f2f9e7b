"""Saving a result of the explorer: to a file, to a variable, its code to a new cell."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ....errors import ConfigurationError, IntercomError
from ....frames.export import KINDS, export
from ....shell import running_shell
from .frame_result import FrameResult

_NO_NOTEBOOK = "This is not running in a notebook. Use explorer.{} instead."


def save_to_file(
    result: FrameResult, content: Mapping[str, Any]
) -> tuple[dict[str, Any], list[bytes]]:
    """Write the selected rows as a file, or all rows in the table if none is selected."""
    kind = str(content["as"])
    frame = result.chosen(all_columns=bool(content.get("all_columns")))
    try:
        data = export(frame, kind)
    except IntercomError as error:
        return {"error": str(error)}, []
    name = f"{result.entity}.{kind}"
    return {"name": name, "type": KINDS[kind], "rows": len(frame)}, [data]


def save_to_variable(frame: pd.DataFrame | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """Assign the result to a variable of the notebook."""
    name = str(content.get("name") or "").strip()
    if not name.isidentifier() or keyword.iskeyword(name):
        return {"error": f"{name!r} is not a valid variable name."}
    shell = running_shell()
    if shell is None or frame is None:
        return {"error": _NO_NOTEBOOK.format("df")}
    shell.push({name: frame})
    return {"text": f"Saved to {name}."}


def insert_below(code: str) -> None:
    """Insert code as a new cell below the running one.

    A notebook accepts a new cell only while a cell runs, so a click cannot do it. Raises
    ConfigurationError before the first run, and outside of a notebook.
    """
    shell = running_shell()
    if not code:
        raise ConfigurationError("No code to save yet. Press Run in the explorer first.")
    if shell is None or not hasattr(shell, "kernel"):
        raise ConfigurationError(_NO_NOTEBOOK.format("code"))
    shell.set_next_input(code, replace=False)
