"""Tables in the guide that the benchmarks write: ``<!-- bench NAME -->`` to ``<!-- end -->``."""

from __future__ import annotations

import os
import pathlib
import platform
import re

PAGE = pathlib.Path(__file__).parents[1] / "docs" / "performance.md"


def machine() -> str:
    """Return what the figures depend on."""
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores ({platform.machine()}, "
        f"{platform.system()}), load {load:.1f} before the run."
    )


def replaced(page: str, name: str, text: str) -> str:
    r"""Return a page with the text between the marks of a name.

    Raises ValueError if the page does not have the marks once.

    >>> replaced("<!-- bench a -->\nold\n<!-- end -->", "a", "new")
    '<!-- bench a -->\n\nnew\n\n<!-- end -->'
    """
    marks = re.compile(rf"(<!-- bench {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    found, count = marks.subn(lambda mark: f"{mark[1]}\n{text}\n\n{mark[2]}", page)
    if count != 1:
        raise ValueError(f"{count} places for {name!r} in the page, not 1")
    return found


def write(name: str, text: str) -> None:
    """Write a text into the guide."""
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
