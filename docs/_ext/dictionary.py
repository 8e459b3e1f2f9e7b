"""The data dictionary and the list of operations, drawn from the catalog while building.

``{records}`` gives every column of every kind of record and of its child tables, ``{operations}``
every operation, ``{models}`` every column of the end models of a dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

from intercom_nb import catalog
from intercom_nb.catalog.model import ListColumn, RecordColumns
from intercom_nb.dataset.end_model_sql import MODELS
from intercom_nb.frames import build_frame

HEAD = ("column", "dtype", "what it is")
MEANING = {
    "id": "an id, as text",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "time": "an instant, UTC",
    "ids": "a list of ids",
    "strings": "a list of texts",
    "json": "JSON, as text",
}


def rows(columns: RecordColumns, record: str) -> Iterator[tuple[str, str, str]]:
    """Give name, dtype and meaning of every declared column."""
    frame = build_frame([], columns, record)
    for name, kind in columns.items():
        if isinstance(kind, ListColumn):
            meaning = "a list of ids or names; a child table has the rest"
        elif kind == "attributes":
            yield f"{name}.*", "by value", "one column for each custom attribute"
            continue
        else:
            meaning = MEANING[kind]
        yield name, str(frame[name].dtype), meaning


def children(columns: RecordColumns, prefix: str = "") -> Iterator[tuple[str, ListColumn]]:
    """Give the child tables of a record, those of its children included."""
    for name, kind in columns.items():
        if isinstance(kind, ListColumn):
            yield prefix + name, kind
            yield from children(kind.columns, f"{prefix}{name} > ")


class Operations(Directive):
    """``{operations}``: every entity and action."""

    def run(self) -> list[nodes.Node]:
        """Make the table."""
        head = ("operation", "what it does", "needs", "writes", "since")
        found = (
            (
                operation.name,
                operation.description,
                ", ".join(operation.required),
                "yes" if operation.writes else "",
                operation.since or "",
            )
            for operation in catalog.operations()
        )
        return [table(head, found)]


class Records(Directive):
    """``{records}``: all kinds of record, each with its tables, under a heading of its own."""

    def run(self) -> list[nodes.Node]:
        """Make a section for each record of the catalog."""
        made: list[nodes.Node] = []
        for record in sorted({o.record for o in catalog.operations() if o.record}):
            section = nodes.section(ids=[f"record-{record.replace('_', '-')}"])
            section += nodes.title("", record)
            used = [o.name for o in catalog.operations() if o.record == record]
            if used:
                section += nodes.paragraph("", f"What {', '.join(used)} give.")
            section += tables(record)
            made.append(section)
        return made


class Models(Directive):
    """``{models}``: the columns of each end model, under a heading of its own."""

    def run(self) -> list[nodes.Node]:
        """Make a section for each model."""
        made: list[nodes.Node] = []
        for name, model in MODELS.items():
            section = nodes.section(ids=[name.replace("__", "-").replace("_", "-")])
            section += nodes.title("", name)
            section += nodes.paragraph(
                "", f"One row is {model.row}. Needs {', '.join(model.required)}."
            )
            section += table(("column", "what it is"), model.columns.items())
            made.append(section)
        return made


def tables(record: str) -> list[nodes.Node]:
    """Make the table of a record, and those of its child tables."""
    columns = catalog.record_columns(record)
    made: list[nodes.Node] = [table(HEAD, rows(columns, record))]
    for name, kind in children(columns):
        caption = nodes.paragraph("", "Child table ")
        caption += nodes.literal("", name)
        made.append(caption)
        if kind.columns:
            made.append(table(HEAD, rows(kind.columns, name)))
    return made


def table(head: tuple[str, ...], body: Any) -> nodes.table:
    """Make a table of text; the first column as code."""
    made = nodes.table()
    group = nodes.tgroup(cols=len(head))
    made += group
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head, code=False))
    group += nodes.tbody("", *(_row(cells, code=True) for cells in body))
    return made


def _row(cells: tuple[str, ...], *, code: bool) -> nodes.row:
    made = nodes.row()
    for number, cell in enumerate(cells):
        text = nodes.literal("", cell) if code and number == 0 else nodes.Text(cell)
        made += nodes.entry("", nodes.paragraph("", "", text))
    return made


def setup(app: Any) -> dict[str, bool]:
    """Tell Sphinx of the directives."""
    app.add_directive("operations", Operations)
    app.add_directive("records", Records)
    app.add_directive("models", Models)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
