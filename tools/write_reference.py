"""Write the generated pages of the reference: operations, data dictionary, metric definitions.

    python tools/write_reference.py           writes docs/reference/*.md
    python tools/write_reference.py --check   fails if one of them is out of date

They are stored, so that they can be read on a hosting site and not only in the built guide.
"""

from __future__ import annotations

import argparse
import functools
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from intercom_nb import analysis, catalog
from intercom_nb.catalog.model import ListColumn, RecordColumns
from intercom_nb.dataset.models.model_sql import MODELS
from intercom_nb.frames import build_frame

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
MARK = "<!-- Generated: edit the catalog or the docstrings, and run tools/write_reference.py. -->"
KINDS = {
    "id": "id",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "time": "time, UTC",
    "ids": "list of ids",
    "strings": "list of texts",
    "json": "JSON as text",
}
MOST_USED = ("conversation", "conversation_part", "contact", "company", "ticket", "admin", "team")
NO_METRIC = {"MetricAccessor", "OfficeHours", "names"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail if out of date")
    check = parser.parse_args().check
    stale = [name for name, text in pages().items() if text != stored(name)]
    for name in stale:
        print(f"docs/reference/{name} is out of date" if check else f"docs/reference/{name}")
        if not check:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text(pages()[name], encoding="utf-8")
    return int(check and bool(stale))


def stored(name: str) -> str:
    """Return the text of a page as it is stored; empty if it is not there."""
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    made = {
        "dictionary.md": dictionary(),
        "metric-definitions.md": definitions(),
        "modeled-tables.md": models(),
        "operations.md": operations(),
    }
    return {name: "\n".join([*lines, "", MARK, ""]) for name, lines in made.items()}


def operations() -> Iterator[str]:
    """Yield the page of what can be queried."""
    yield "# What you can query"
    yield ""
    yield "Call them as `c.ENTITY.ACTION(...)`. *Since*: the API version that added the operation,"
    yield "if newer than 2.15. What *writes* needs `allow_writes=True`."
    for entity in catalog.entities():
        yield from ("", f"## {entity}", "")
        found = [o for o in catalog.operations() if o.entity == entity]
        head = ("action", "what it does", "required", "writes", "since")
        rows = (
            (
                f"`{o.action}`",
                o.description,
                ", ".join(f"`{name}`" for name in o.required),
                "yes" if o.writes else "",
                o.since or "",
            )
            for o in found
        )
        yield from table(head, rows)


def dictionary() -> Iterator[str]:
    """Yield the page with every declared column of every table."""
    yield "# Data dictionary"
    yield ""
    yield "Every declared column. Other fields of a response become extra columns. A column of a"
    yield 'list keeps its ids or names; `df.intercom.children("tags")` has the details. Units are'
    yield "in brackets; times are UTC."
    yield ""
    yield f"Most used: {', '.join(f'[{name}](#{name})' for name in MOST_USED)}."
    for record in sorted({o.record for o in catalog.operations() if o.record}):
        used = [f"`{o.name}`" for o in catalog.operations() if o.record == record]
        yield from ("", f"## {record}", "", f"Returned by {', '.join(used)}.", "")
        columns = catalog.record_columns(record)
        yield from columns_table(record, columns)
        for name, kind in children(columns):
            if kind.columns:
                yield from ("", f"Child table `{name}`:", "")
                held = catalog.singular(kind.list.rpartition(".")[2])
                yield from columns_table(held, kind.columns)


@functools.cache
def dtypes() -> dict[str, str]:
    """Return the dtype of each kind of column."""
    return build_frame([], {kind: kind for kind in KINDS}, "all").dtypes.astype(str).to_dict()


def columns_table(record: str, columns: RecordColumns) -> Iterator[str]:
    """Yield the lines of a table of columns."""
    rows = []
    for name, kind in columns.items():
        said = catalog.meaning(record, name)
        if isinstance(kind, ListColumn):
            rows.append((f"`{name}`", f"`{dtypes()['ids']}`", "list; has a child table", said))
        elif kind == "attributes":
            rows.append((f"`{name}.*`", "by value", "one column for each attribute", said))
        else:
            rows.append((f"`{name}`", f"`{dtypes()[kind]}`", KINDS[kind], said))
    return table(("column", "dtype", "content", "meaning"), rows)


def children(columns: RecordColumns, prefix: str = "") -> Iterator[tuple[str, ListColumn]]:
    """Yield the child tables of a record, and those of its children."""
    for name, kind in columns.items():
        if isinstance(kind, ListColumn):
            yield prefix + name, kind
            yield from children(kind.columns, f"{prefix}{name} > ")


def models() -> Iterator[str]:
    """Yield the page with every column of the end models of a dataset."""
    yield "# Columns of the modeled tables"
    yield ""
    yield "[Modeled tables](../modeled-tables.md) explains where they come from."
    for name, model in MODELS.items():
        needs = ", ".join(f"`{needed}`" for needed in model.required)
        yield from ("", f"## {name}", "", f"One row is {model.row}. Needs {needs}.", "")
        rows = ((f"`{column}`", content) for column, content in model.columns.items())
        yield from table(("column", "content"), rows)


def definitions() -> Iterator[str]:
    """Yield the page of the metrics: their docstrings, as Markdown."""
    yield "# Definitions of the metrics"
    yield ""
    yield "What each metric counts and leaves out; `result.metric.definition` shows the same."
    yield "[Metrics](../metrics.md) has their common rules, and lists them by question."
    names = sorted(set(analysis.__all__) - NO_METRIC)
    yield from ("", "| metric | what it does |", "| --- | --- |")
    for name in names:
        summary = (inspect.getdoc(getattr(analysis, name)) or "").partition("\n")[0]
        yield f"| [{name}](#{name}) | {summary} |"
    for name in names:
        function = getattr(analysis, name)
        yield from ("", f"## {name}", "", f"`{name}{signature(function)}`")
        yield from docstring(inspect.getdoc(function) or "")


def signature(function: Callable[..., object]) -> inspect.Signature:
    """Return the signature of a function without its types."""
    found = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return found.replace(parameters=bare, return_annotation=found.empty)


def docstring(text: str) -> Iterator[str]:
    """Yield a Google-style docstring as Markdown: paragraphs, arguments as bullets, no example."""
    text = text.partition("\n>>> ")[0].replace("``", "`").strip()
    for block in text.split("\n\n"):
        yield ""
        if block.startswith("Args:"):
            body = inspect.cleandoc(block.partition("\n")[2])
            for line in re.sub(r"\n\s+", " ", body).splitlines():
                argument, _, meaning = line.partition(": ")
                yield f"* `{argument}`: {meaning}"
        else:
            block = re.sub(r"^(Definition|Raises):", r"**\1:**", " ".join(block.split()))
            yield re.sub(r"^Returns ", "**Returns** ", block)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


if __name__ == "__main__":
    sys.exit(main())
