"""What can be asked, for people: descriptions as text and as HTML, and a search over them."""

from __future__ import annotations

import html
from collections.abc import Iterable

import pandas as pd

from . import catalog
from .catalog.model import Operation, Parameter
from .namespace import docstring, extras, signature

_FOUND = ["entity", "action", "description", "found_in", "writes"]


class Description:
    """An entity or an operation, described: text in a terminal, HTML in a notebook."""

    def __init__(self, title: str, text: str, html_text: str) -> None:
        self._title = title
        self._text = text
        self._html = html_text

    def __repr__(self) -> str:
        return f"{self._title}\n\n{self._text}"

    def _repr_html_(self) -> str:
        return self._html


def describe(operations: Iterable[Operation], entity: str, action: str | None) -> Description:
    """Describe an operation, or all of an entity; raises UnknownNameError where there is none.

    >>> print(describe(catalog.operations(), "teams", "get"))
    teams.get(id: str)
    ...
    """
    if action is not None:
        known = {extra.name: extra for extra in extras(entity)}
        if action in known:
            title = f"{entity}.{action}{known[action].signature}"
            return Description(title, known[action].doc, _pre(title, known[action].doc))
        asked = catalog.operation(entity, action)
        # As the mode has it, or as the catalogue does where the mode lacks it.
        return _operation(next((op for op in operations if op.name == asked.name), asked))
    catalog.actions(entity)
    found = [op for op in operations if op.entity == entity]
    rows = [(f"{op.action}{signature(op)}", op.description) for op in found]
    rows += [(f"{e.name}{e.signature}", e.doc.partition("\n")[0]) for e in extras(entity)]
    description = catalog.entities()[entity].description
    text = "\n".join([description, "", *(f"{name}\n    {what}" for name, what in rows)])
    table = "".join(
        f"<tr><td style='text-align:left'><code>{html.escape(name)}</code></td>"
        f"<td style='text-align:left'>{html.escape(what)}</td></tr>"
        for name, what in rows
    )
    shown = f"<b>{html.escape(entity)}</b><p>{html.escape(description)}</p><table>{table}</table>"
    return Description(entity, text, shown)


def find(operations: Iterable[Operation], words: str) -> pd.DataFrame:
    """Find the operations that have all words in names, descriptions or parameters.

    Columns: entity, action, description, found_in (what has the words), writes; names first.

    >>> find(catalog.operations(), "csat")["action"].tolist()
    ['submit_csat']
    """
    wanted = words.lower().split()
    rows = []
    for op in operations:
        places = _places(op)
        whole = " ".join(places.values()).lower()
        if wanted and all(word in whole for word in wanted):
            where = [n for n, t in places.items() if any(word in t.lower() for word in wanted)]
            rows.append((op.entity, op.action, op.description, ", ".join(where), op.writes))
    rows.sort(key=lambda row: not row[3].startswith("name"))
    return pd.DataFrame(rows, columns=_FOUND)


def _places(op: Operation) -> dict[str, str]:
    return {
        "name": f"{op.entity} {op.action} {op.name}".replace("_", " ")
        + f" {op.entity} {op.action}",
        "description": op.description,
        **{p.name: f"{p.name} {p.description} {' '.join(map(str, p.enum))}" for p in op.params},
        "fields": " ".join(_fields(op)),
    }


def _fields(op: Operation) -> list[str]:
    searchable = catalog.search_fields(op.entity)
    by_query = op.paging.style == "cursor_body" and searchable is not None
    return list(searchable.fields) if by_query and searchable is not None else []


def _operation(op: Operation) -> Description:
    title = f"{op.name}{signature(op)}"
    rows = "".join(map(_row, op.params))
    head = "".join(f"<th style='text-align:left'>{name}</th>" for name in _HEAD)
    table = f"<table><tr>{head}</tr>{rows}</table>" if rows else "<p>It takes no parameters.</p>"
    marks = [f"{op.method} {op.path}"]
    marks += ["changes the workspace"] if op.writes else []
    marks += [f"since version {op.since}"] if op.since else []
    shown = (
        f"<b><code>{html.escape(title)}</code></b><p>{html.escape(op.description)}</p>{table}"
        f"<p><small>{html.escape(', '.join(marks))}</small></p>"
    )
    return Description(title, docstring(op), shown)


_HEAD = ("parameter", "value", "needed", "what it is", "example")


def _row(param: Parameter) -> str:
    needed = "yes" if param.required else ("sometimes" if param.required_when else "")
    example = "" if param.example is None else repr(param.example)
    cells = (param.name, param.hint, needed, param.description, example)
    made = "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in cells)
    return f"<tr>{made}</tr>"


def _pre(title: str, text: str) -> str:
    return f"<b><code>{html.escape(title)}</code></b><pre>{html.escape(text)}</pre>"
