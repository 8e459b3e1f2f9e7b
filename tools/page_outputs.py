"""Run the Python blocks of a Markdown page, and write their output into the `text` blocks below.

    python tools/page_outputs.py docs/recipes.md ...      [--pictures: draw the charts, too]

Blocks run in order, as the cells of one notebook, on the demo workspace at a fixed date, which is
also "today": a page can use "last-month" and "30d", which stay true for its readers. A `text` block
right below one holds the value of its last line, and an image below it the chart. A picture has the
texts of its chart in its metadata, so that an outdated one is found without drawing.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import functools
import inspect
import os
import pprint
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

os.environ.setdefault("INTERCOM_NB_DEMO_DATE", "2026-11-01")  # the date of the examples

import pandas as pd

from intercom_nb import IntercomConnector, demo
from intercom_nb.catalog import timestamps
from intercom_nb.models import IntercomAuthConfig

ROWS = 2  # shown of a table: enough to recognize it
BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```\n"
    r"(?:\n```text\n(?P<text>.*?)^```\n|\n!\[[^\]]*\]\((?P<image>[^)]+)\)\n)?",
    flags=re.S | re.M,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--pictures", action="store_true", help="draw the charts, too")
    arguments = parser.parse_args()
    for page in arguments.pages:
        page = page.resolve()
        folder = page.parent if arguments.pictures else None
        page.write_text(run_page(page, pictures=folder), encoding="utf-8")
    return 0


def run_page(page: Path, *, pictures: Path | None = None) -> str:
    """Run a page's blocks in an empty folder, and return its text with their present output."""
    text = page.read_text(encoding="utf-8")
    with own_workspace(), fixed_clock(), tempfile.TemporaryDirectory() as folder, chdir(folder):
        return asyncio.run(_run(text, page, pictures))


async def _run(text: str, page: Path, pictures: Path | None) -> str:
    scope: dict[str, Any] = {}
    pieces, end = [], 0
    for block in BLOCK.finditer(text):
        first_line = text[: block.start("code")].count("\n")
        value = await run_block("\n" * first_line + block["code"], page.name, scope)
        pieces.append(text[end : block.end("code")])
        end = block.end("code")
        if block["text"] is not None:
            pieces.append(f"```\n\n```text\n{shown(value)}\n")
            end = block.end("text")
        if block["image"] and pictures:
            draw(value, pictures / block["image"])
        elif block["image"]:
            check_picture(value, page.parent / block["image"])
    return "".join([*pieces, text[end:]])


async def run_block(source: str, name: str, scope: dict[str, Any]) -> Any:
    """Run a block as a cell, and return the value of its last line (None: it has none)."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    kinds = [(tree, "exec")]
    if isinstance(last, ast.Expr):
        kinds.append((ast.Expression(last.value), "eval"))
    value = None
    for part, kind in kinds:
        code = compile(part, name, kind, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        value = eval(code, scope)  # noqa: S307 - our own pages
        if inspect.isawaitable(value):
            value = await value
    return value


def shown(value: Any) -> str:
    """Return a value as text, as a reader can compare it with what they see."""
    if isinstance(value, pd.DataFrame | pd.Series):
        with pd.option_context(
            "display.max_colwidth", 48, "display.float_format", "{:,.2f}".format
        ):
            is_numbered = isinstance(value, pd.DataFrame) and value.index.name is None
            text = value[:ROWS].to_string(**({"index": False} if is_numbered else {}))
    else:
        text = value if isinstance(value, str) else pprint.pformat(value, width=100)
    return "\n".join(line.rstrip() for line in text.splitlines())


def draw(figure: Any, path: Path) -> None:
    """Write a chart as a small PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"Software": None, "Description": texts(figure)}
    figure.savefig(path, dpi=80, bbox_inches="tight", metadata=about)
    print(path)


def texts(figure: Any) -> str:
    """Return what can be read in a chart, one text a line."""
    from matplotlib.text import Text

    figure.canvas.draw()  # sets the labels of the ticks
    read = (text.get_text().strip() for text in figure.findobj(Text) if text.get_visible())
    return "\n".join(filter(None, read))


def check_picture(figure: Any, path: Path) -> None:
    """Raise ValueError if a stored picture is of another chart."""
    from PIL import Image

    with Image.open(path) as picture:
        stored = picture.info.get("Description")
    if stored != texts(figure):
        raise ValueError(f"{path} is out of date: draw it with --pictures")


@contextmanager
def fixed_clock() -> Iterator[None]:
    """Make periods and ages relative to noon of the date of the examples."""
    noon = pd.Timestamp(f"{os.environ['INTERCOM_NB_DEMO_DATE']} 12:00", tz="UTC")
    in_periods = mock.patch.object(pd.Timestamp, "now", lambda tz=None: noon.tz_convert(tz))
    in_ages = mock.patch.object(timestamps, "time", SimpleNamespace(time=noon.timestamp))
    with in_periods, in_ages:
        yield


@contextmanager
def own_workspace() -> Iterator[None]:
    """Make ``connect()`` find a token and reach the demo, so that blocks run as they stand."""
    make = IntercomConnector.__init__

    @functools.wraps(make)  # connect() looks at its parameters
    def init(self: IntercomConnector, **given: Any) -> None:
        hosted = not hasattr(given.get("auth_config"), "access_token")
        for name in ("airbyte_api_url", "airbyte_auth_url") if hosted else ("base_url",):
            given.setdefault(name, demo.DEMO_BASE_URL)
        if given.get("auth_config") == IntercomAuthConfig("..."):  # what a reader fills in
            given["auth_config"] = IntercomAuthConfig(demo.TOKEN)
        given.setdefault("http", demo.DemoTransport())
        make(self, **given)

    credentials = {
        "INTERCOM_ACCESS_TOKEN": demo.TOKEN,
        "AIRBYTE_CLIENT_ID": demo.CLIENT_ID,
        "AIRBYTE_CLIENT_SECRET": demo.CLIENT_SECRET,
    }
    patched = mock.patch.object(IntercomConnector, "__init__", init)
    with patched, mock.patch.dict(os.environ, credentials):
        yield


if __name__ == "__main__":
    sys.exit(main())
