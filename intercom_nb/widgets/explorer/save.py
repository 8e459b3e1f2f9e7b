"""What one takes along from the explorer: files, variables, the code in a cell of its own."""

from __future__ import annotations

import keyword
import sys
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...errors import ConfigurationError, IntercomError
from ...frames.export import KINDS, export
from .result.result_tabs import Result

_NO_NOTEBOOK = "There is no notebook here; use explorer.{}."


def as_file(result: Result, content: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Write the rows as a file: those that are ticked, or else those that are shown."""
    kind = str(content["as"])
    frame = result.chosen(all_columns=bool(content.get("all_columns")))
    try:
        data = export(frame, kind)
    except IntercomError as error:
        return {"error": str(error)}, []
    name = f"{result.operation.entity}.{kind}"
    return {"name": name, "type": KINDS[kind], "rows": len(frame)}, [data]


def as_variable(frame: pd.DataFrame | None, content: Mapping[str, Any]) -> dict[str, Any]:
    """Put the result into a variable of the notebook."""
    name = str(content.get("name") or "").strip()
    if not name.isidentifier() or keyword.iskeyword(name):
        return {"error": f"{name!r} cannot be the name of a variable."}
    shell = _shell()
    if shell is None or frame is None:
        return {"error": _NO_NOTEBOOK.format("df")}
    shell.push({name: frame})
    return {"text": f"{name} is the DataFrame now."}


def insert_below(code: str) -> None:
    """Put code into a new cell below the one that runs.

    A notebook takes a new cell only as part of the answer to a cell, so no click can do it.
    Raises ConfigurationError where nothing was asked yet, or outside of a notebook.
    """
    shell = _shell()
    if not code:
        raise ConfigurationError("Nothing was asked yet, so there is no code: press Run first.")
    if shell is None or not hasattr(shell, "kernel"):
        raise ConfigurationError(_NO_NOTEBOOK.format("code"))
    shell.set_next_input(code, replace=False)


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()
