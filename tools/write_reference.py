"""Write the generated pages of the reference: API, operations, data dictionary, metrics.

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
from typing import Any

import intercom_nb as inb
from intercom_nb import agents, analysis, catalog, errors
from intercom_nb.catalog.declared_columns import ListColumn, RecordColumns
from intercom_nb.connector.connector import IntercomConnector, SyncConnector
from intercom_nb.dataset.dataset import Dataset, open_dataset
from intercom_nb.dataset.models.end_models import EndModels
from intercom_nb.dataset.models.model_sql import MODELS
from intercom_nb.frames import IntercomAccessor, build_frame
from intercom_nb.reporting import Dashboard, Report

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
    "strings": "list of text values",
    "json": "JSON as text",
}
MOST_USED = ("conversation", "conversation_part", "contact", "company", "ticket", "admin", "team")
NO_METRIC = {"MetricAccessor", "OfficeHours", "names"}
# What the API page documents, by section; what comes before a member's name in code.
API: dict[str, dict[Any, str]] = {
    "Connecting": {
        inb.connect: "inb.",
        inb.login: "inb.",
        inb.IntercomAuthConfig: "",
        inb.AirbyteAuthConfig: "",
        inb.IntercomReplicationConfig: "",
        inb.enable_nested_loops: "inb.",
    },
    "Connector": {IntercomConnector: "c.", SyncConnector: "c.sync.", inb.F: 'F("state").'},
    "Results": {IntercomAccessor: "df.intercom.", inb.read_parquet: "inb."},
    "Forms and pages": {
        inb.explore: "inb.",
        inb.show: "inb.",
        inb.report: "inb.",
        Report: "report.",
        inb.dashboard: "inb.",
        Dashboard: "dashboard.",
    },
    "Metrics": {
        analysis.MetricAccessor: "result.metric.",
        analysis.names: "analysis.",
        analysis.OfficeHours: "hours.",
    },
    "Datasets": {open_dataset: "", Dataset: "ds.", EndModels: "ds.models()."},
    "Agents": {
        inb.build_connector_tools: "inb.",
        agents.ConnectorTools: "tools.",
    },
}
# Members that other packages of ours call, and the connector's `sync`, a class of its own.
INTERNAL = re.compile("_|run_|check_allowed|close_connections|resolve_operation|sync$")


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
        "api.md": api(),
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
    yield "in parentheses; times are UTC."
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
        yield f"| [{name}](#{name}) | {summary(getattr(analysis, name))} |"
    for name in names:
        function = getattr(analysis, name)
        yield from ("", f"## {name}", "", f"`{name}{signature(function)}`")
        yield from docstring(inspect.getdoc(function) or "")


def api() -> Iterator[str]:
    """Yield the page of functions and classes: signature, docstring and example of each."""
    yield "# Python API"
    yield ""
    yield "`import intercom_nb as inb`. [Operations](operations.md), such as `c.contacts.list`, and"
    yield "[metrics](metric-definitions.md) have pages of their own."
    shown = [(heading(thing), thing) for part in API.values() for thing in part]
    yield from ("", "| name | what it does |", "| --- | --- |")
    for title, thing in shown:
        yield f"| [{title}](#{title.lower().replace(' ', '-')}) | {summary(thing)} |"
    for section, documented in API.items():
        yield from ("", f"## {section}")
        for thing, prefix in documented.items():
            yield from ("", f"### {heading(thing)}")
            yield from described(thing, "" if inspect.isclass(thing) else prefix)
            for member in members(thing):
                yield from ("", f"#### {prefix}{member}")
                yield from described(member_of(thing, member), prefix)
    yield from ("", "## Errors", "", "In `intercom_nb.errors`:", "", "```text")
    yield from ((errors.__doc__ or "").partition("\n\n")[2].strip(), "```")
    for error in (errors.IntercomError, errors.APIError):
        yield from ("", f"### {error.__name__}")
        yield from docstring(inspect.getdoc(error) or "")


def heading(thing: Any) -> str:
    """Return the heading of a function or class; `report` and `Report` differ in more than case."""
    return f"class {thing.__name__}" if inspect.isclass(thing) else thing.__name__


def summary(thing: Any) -> str:
    """Return the first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0].replace("``", "`")


def members(thing: Any) -> list[str]:
    """Return the names of a class's members that are for users of the package."""
    if not inspect.isclass(thing):
        return []
    owners = [k for k in thing.__mro__ if k.__module__.startswith("intercom_nb.")]
    named = dict.fromkeys(name for owner in owners for name in vars(owner))
    return [n for n in named if not INTERNAL.match(n) and is_documented(member_of(thing, n))]


def is_documented(member: Any) -> bool:
    """Return whether this is a method or property with a docstring, not a stored value."""
    kinds = property | functools.cached_property
    return bool(inspect.getdoc(member)) and (callable(member) or isinstance(member, kinds))


def member_of(kind: type, name: str) -> Any:
    """Return a member as an instance would have it; a property itself."""
    stored = inspect.getattr_static(kind, name)
    return stored if isinstance(stored, property) else getattr(kind, name)


def described(thing: Any, prefix: str) -> Iterator[str]:
    """Yield how something is called, its docstring, and its example."""
    if callable(thing):
        owner = getattr(thing, "__self__", None)  # of a class method
        call = f"{owner.__name__}." if inspect.isclass(owner) else prefix
        wait = "await " if inspect.iscoroutinefunction(thing) else ""
        yield from ("", f"`{wait}{call}{thing.__name__}{signature(thing)}`")
    text = inspect.getdoc(thing) or ""
    yield from docstring(text)
    example = "".join(text.partition("\n>>> ")[1:]).strip()
    if example:
        yield from ("", "```pycon", re.sub(r" *# doctest: .*", "", example), "```")


def signature(function: Callable[..., object]) -> inspect.Signature:
    """Return the signature of a function without its types and its ``self``."""
    found = inspect.signature(function)
    shown = [p for p in found.parameters.values() if p.name not in {"self", "cls"}]
    bare = [p.replace(annotation=p.empty) for p in shown]
    return found.replace(parameters=bare, return_annotation=found.empty)


def docstring(text: str) -> Iterator[str]:
    """Yield a Google-style docstring as Markdown: paragraphs, arguments as bullets, no example."""
    text = text.partition("\n>>> ")[0].replace("``", "`").strip()
    for block in text.split("\n\n"):
        yield ""
        if block.startswith(("Args:", "Attributes:")):
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
