"""Descriptions of entities and operations as text and HTML."""

from __future__ import annotations

import html
import inspect
import re
from collections.abc import Iterable, Sequence

from .. import catalog
from ..catalog.hints import hint_of
from ..catalog.model import Operation, Parameter
from ..catalog.signatures import docstring, is_required, signature
from ..catalog.validation import options_of
from ..runtime.html import Cell, code, html_table
from .composite import CompositeMethod, composite_methods
from .find import search_field_names


class Description:
    """The description of an entity or an operation: text in a terminal, HTML in a notebook."""

    def __init__(self, title: str, text: str, html_text: str) -> None:
        self._title = title
        self._text = text
        self.html = html_text

    def __repr__(self) -> str:
        return f"{self._title}\n\n{self._text}"

    def _repr_html_(self) -> str:
        return self.html


def describe(operations: Iterable[Operation], entity: str, action: str | None) -> Description:
    """Describe an operation or an entity; raises UnknownNameError for an unknown name.

    >>> print(describe(catalog.operations(), "teams", "get"))
    teams.get(id: str)
    ...
    """
    if action is not None:
        known = {method.name: method for method in composite_methods(entity)}
        if action in known:
            title = f"{entity}.{action}{_shown(known[action].signature)}"
            return Description(title, known[action].doc, _pre(title, known[action].doc))
        wanted = catalog.operation(entity, action)
        # As in the mode, or as in the catalog if the mode lacks it.
        return _operation(next((op for op in operations if op.name == wanted.name), wanted))
    catalog.actions(entity)
    found = [op for op in operations if op.entity == entity]
    rows = [(f"{op.action}{_shown(signature(op))}", op.description) for op in found]
    composites = composite_methods(entity)
    rows += [(f"{m.name}{_shown(m.signature)}", _first_line(m.doc)) for m in composites]
    description = catalog.entities()[entity].description
    text = "\n".join([description, "", *(f"{name}\n    {what}" for name, what in rows)])
    return Description(entity, text, _entity(entity, description, found))


def _shown(what: inspect.Signature) -> str:
    """Return a signature without the quotes around its annotations."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(what))


def _first_line(doc: str) -> str:
    return doc.partition("\n")[0]


def _entity(entity: str, description: str, found: Sequence[Operation]) -> str:
    rows = [
        (
            code(op.action),
            op.description,
            ", ".join(p.name for p in op.params if is_required(p)),
            "yes" if op.writes else "",
        )
        for op in found
    ]
    rows += map(_composite, composite_methods(entity))
    shown = html_table(rows, ("action", "description", "required", "writes"), left=4)
    more = f"c.describe({entity!r}, {found[0].action!r})" if found else ""
    hint = f"<p><small><code>{html.escape(more)}</code> lists the parameters.</small></p>"
    return (
        f"<b>{html.escape(entity)}</b><p>{html.escape(description)}</p>{shown}"
        f"{hint if found else ''}"
    )


def _composite(method: CompositeMethod) -> tuple[Cell, str, str, str]:
    params = method.signature.parameters
    required = [name for name, p in params.items() if p.default is p.empty]
    writes = "yes" if method.writes else ""
    return code(method.name), _first_line(method.doc), ", ".join(required), writes


def _operation(op: Operation) -> Description:
    title = f"{op.name}{_shown(signature(op))}"
    rows: list[tuple[Cell | str, ...]] = [_row(param) for param in op.params]
    rows += [(code(name), o.type, "", o.doc, "") for name, o in options_of(op).items()]
    shown = html_table(rows, _HEAD, left=len(_HEAD)) if rows else "<p>No parameters.</p>"
    marks = [f"{op.method} {op.path}"]
    marks += ["changes the workspace: requires allow_writes=True"] if op.writes else []
    marks += [f"since version {op.since}"] if op.since else []
    shown = (
        f"<b><code>{html.escape(title)}</code></b><p>{html.escape(op.description)}</p>{shown}"
        f"{_one_of(op)}{_filters(op)}<p><small>{html.escape(', '.join(marks))}</small></p>"
    )
    return Description(title, docstring(op), shown)


_HEAD = ("parameter", "type", "required", "description", "example")


def _row(param: Parameter) -> tuple[Cell | str, ...]:
    required = "yes" if is_required(param) else ("sometimes" if param.required_when else "")
    example = "" if param.example is None else code(repr(param.example))
    return code(param.name), hint_of(param), required, param.description, example


def _one_of(op: Operation) -> str:
    groups = "; ".join(", ".join(group) for group in op.one_of)
    return f"<p>Pass at least one of: {html.escape(groups)}.</p>" if groups else ""


def _filters(op: Operation) -> str:
    fields = search_field_names(op)
    if not fields:
        return ""
    example = "<code>state='open'</code>, <code>created_at__gt='7d'</code>"
    names = " ".join(f"<code>{html.escape(name)}</code>" for name in fields)
    return (
        f"<p>Filters instead of a query: <code>field__op=value</code>, such as {example}.</p>"
        f"<details><summary>{len(fields)} fields to filter by</summary>{names}</details>"
    )


def _pre(title: str, text: str) -> str:
    return f"<b><code>{html.escape(title)}</code></b><pre>{html.escape(text)}</pre>"
