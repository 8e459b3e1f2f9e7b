"""Short tracebacks in IPython: one line for an error of ours, its details folded below it."""

from __future__ import annotations

import html
import sys
import sysconfig
import traceback
from pathlib import Path
from typing import Any

from . import is_notebook, running_shell

_PYTHON = sysconfig.get_path("stdlib")
# `%xmode` modes that show more or less than the default does.
_CHOSEN_MODES = {"Plain", "Verbose", "Minimal", "Docs", "Doctest"}
_HINT = "%xmode Verbose"
_FACTS = ("status", "code", "request_id")
_STYLE = "margin:2px 0 2px 8px;font-size:90%;opacity:.85"


def short_traceback(error: BaseException) -> list[str]:
    """Return the lines that IPython shows for an error: its message, and where it happened.

    In a notebook the second part is published as folded HTML. Any ``%xmode`` other than the
    default is IPython's own.
    """
    shell = running_shell()
    if shell is not None and shell.InteractiveTB.mode in _CHOSEN_MODES:
        tb = error.__traceback__
        return list(shell.InteractiveTB.structured_traceback(type(error), error, tb))
    line = f"{type(error).__name__}: {error}"
    if not is_notebook(shell):
        return [line, f"{_summary(error)} All frames: {_HINT}".strip()]
    if _is_first_time(shell, error):
        shell.display_pub.publish({"text/html": _details(error), "text/plain": _summary(error)})
    return [line]


def shorten(error: BaseException, text: str) -> None:
    """Show only a text in IPython for an exception of another kind, such as an interrupt."""
    lines = [f"{type(error).__name__}: {text}"]
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]  # read by IPython


_shown: tuple[int, int] | None = None


def _is_first_time(shell: Any, error: BaseException) -> bool:
    """Check that these details are not on the page yet: IPython renders an error twice."""
    global _shown
    this = (id(error), len(getattr(shell, "user_ns", {}).get("In", ())))
    is_first, _shown = this != _shown, this
    return is_first


def _is_hidden(file: str) -> bool:
    """Check for code of this package, of IPython and of Python itself."""
    found = (sys.modules.get(name) for name in (__name__.partition(".")[0], "IPython"))
    packages = (Path(module.__file__ or "").parent for module in found if module is not None)
    if any(package in Path(file).parents for package in packages):
        return True
    return file.startswith(_PYTHON) and "site-packages" not in file


def _locations(error: BaseException) -> list[str]:
    """Return where the user's own code was, outermost first, without its text."""
    found = []
    shell = running_shell()
    for frame in traceback.extract_tb(error.__traceback__):
        if _is_hidden(frame.filename):
            continue
        known = None if shell is None else shell.compile.format_code_name(frame.filename)
        kind, name = known or ("File", frame.filename)
        inside = "" if frame.name.startswith("<") else f", in {frame.name}"
        found.append(f"{kind} {name}, line {frame.lineno}{inside}")
    return found


def _summary(error: BaseException) -> str:
    locations = _locations(error)
    return f"{locations[-1]}." if locations else ""


def _details(error: BaseException) -> str:
    lines = [*_locations(error), *getattr(error, "__notes__", [])]
    facts = ((name, getattr(error, name, None)) for name in _FACTS)
    lines += [f"{name.replace('_', ' ')}: {value}" for name, value in facts if value is not None]
    items = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
    hint = f"<div>All frames: run <code>{_HINT}</code>, then the cell again.</div>"
    summary = "<summary style='cursor:pointer'>Details of the error below</summary>"
    return f"<details style='{_STYLE}'>{summary}{items}{hint}</details>"
