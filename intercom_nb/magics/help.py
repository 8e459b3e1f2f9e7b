"""Help text of ``%intercom``, generated from the catalog."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence

from .. import catalog
from ..catalog.filters import OPERATORS
from ..catalog.hints import hint_of
from ..catalog.model import Operation, Parameter
from ..catalog.validation import DEFAULT_LIMIT, options_of, positional_names
from ..connector.composite import composite_methods
from ..errors import UnknownNameError, did_you_mean
from .parser import ALL, Line, operation_of, python_only, searched

USAGE = """\
%intercom [df <<] ENTITY ACTION [ID] [--PARAMETER VALUE ...] [--limit N|all] [-c NAME]
%%intercom [df <<] ENTITY search       with a query in the lines below
%intercom login                        show a form to connect
%intercom use [NAME]                   choose the connector's variable, or show which is used
%intercom ENTITY [ACTION] --help       list actions, or the parameters of one

The result is a DataFrame: the value of the cell, or of the variable in front of <<.
$name and {name} insert variables. Tab completes everything.
"""
_WIDTH = 96  # characters; a cell's output shows 107 in a window of 1,280 px
# Their values on a line differ from those in Python.
_OURS = {
    "limit": f"Maximum records (a whole number, or {ALL}; default {DEFAULT_LIMIT:,}).",
    "progress": "Show a progress bar (true or false; default: only for long calls).",
}


def manual(line: Line, operations: Sequence[Operation]) -> str:
    """Return the help text for the first words of a line.

    ``operations`` are those of the current mode. Raises UnknownNameError for an unknown name.
    """
    words = line.words
    if not words:
        return _overview(operations)
    if words[0].text in {"login", "use"}:
        return USAGE
    if len(words) == 1 or words[1].text.startswith("-"):
        return _entity(words[0].text, operations)
    known = {m.name: m for m in composite_methods(words[0].text)} if _is_entity(words) else {}
    if words[1].text in known:
        return f"{python_only(words[0].text, words[1].text)}\n\n{known[words[1].text].doc}"
    wanted = operation_of(words)
    return _operation(next((op for op in operations if op.name == wanted.name), wanted))


def _is_entity(words: Sequence[object]) -> bool:
    return getattr(words[0], "text", "") in catalog.entities()


def _overview(operations: Sequence[Operation]) -> str:
    names = dict.fromkeys(op.entity for op in operations)
    rows = [(name, catalog.entities()[name].description) for name in names]
    return f"{USAGE}\nEntities:\n{_table(rows)}"


def _entity(entity: str, operations: Sequence[Operation]) -> str:
    if entity not in catalog.entities():
        near = did_you_mean(entity, catalog.entities())
        raise UnknownNameError(f"Unknown entity {entity!r}.{near} All of them: %intercom --help")
    found = [op for op in operations if op.entity == entity]
    rows = [(op.action, op.description + _mark(op)) for op in found]
    head = f"%intercom {entity} ACTION\n\n{catalog.entities()[entity].description}"
    return f"{head}\n\nActions:\n{_table(rows)}{_python_only(entity)}"


def _python_only(entity: str) -> str:
    names = [f"c.sync.{entity}.{method.name}" for method in composite_methods(entity)]
    text = f"Also available in Python: {', '.join(names)}."
    return f"\n{textwrap.fill(text, _WIDTH)}\n" if names else ""


def _mark(operation: Operation) -> str:
    return " (changes the workspace)" if operation.writes else ""


def _operation(op: Operation) -> str:
    parts = [_usage(op), textwrap.fill(op.description, _WIDTH)]
    needed = [p for p in op.params if p.required and not (p.name == "query" and searched(op))]
    optional = [p for p in op.params if p not in needed]
    if needed:
        parts.append(f"Required:\n{_table(map(_parameter, needed))}")
    if op.one_of:
        groups = "; ".join(", ".join(group) for group in op.one_of)
        parts.append(f"At least one is required of: {groups}.")
    ours = [
        (f"--{name}", _OURS.get(name) or f"{option.doc} (a flag)")
        for name, option in options_of(op).items()
    ]
    if optional or ours:
        parts.append(f"Options:\n{_table([*map(_parameter, optional), *ours])}")
    parts += _search(op)
    if op.writes:
        parts.append("This changes the workspace and requires a connector with allow_writes=True.")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def _usage(op: Operation) -> str:
    needed = {p.name for p in op.params if p.required}
    first = [n for n in positional_names(op) if n != "query"]
    shown = [n.upper() if n in needed else f"[{n.upper()}]" for n in first]
    shown += [f"--{n} {n.upper()}" for n in sorted(needed - {*first, "query"})]
    sign = "%%" if searched(op) else "%"
    return " ".join([f"{sign}intercom {op.entity} {op.action}", *shown, "[--NAME VALUE ...]"])


def _parameter(param: Parameter) -> tuple[str, str]:
    default = f"; default {param.default}" if param.default is not None else ""
    example = ""
    if param.example is not None and not param.type.startswith("bool"):
        text = param.example if isinstance(param.example, str) else json.dumps(param.example)
        example = f" Example: {text}"
    hint = hint_of(param) if not param.type.startswith("object") else "JSON"
    hint = "a flag" if param.type.startswith("bool") else hint
    return f"--{param.name}", f"{param.description} ({hint}{default}){example}"


def _search(op: Operation) -> list[str]:
    fields = searched(op)
    if fields is None:
        return []
    how = (
        "Filters: on the line, --FIELD VALUE or --FIELD__OP VALUE; in the lines below, "
        "FIELD OP VALUE,\ncombined with AND, with a line `or` between alternatives; "
        "or a JSON object.\n"
        f"  OP  {'  '.join(f'{word} {sign}' for word, sign in OPERATORS.items())}"
    )
    rows = [
        (name, f"{field.type}{': ' if field.values else ''}{', '.join(field.values)}")
        for name, field in fields.fields.items()
    ]
    rows.append((f"{fields.custom}NAME", "a custom attribute of your workspace"))
    return [how, f"Fields:\n{_table(rows)}"]


def _table(rows: Iterable[tuple[str, str]]) -> str:
    """Format rows as names with wrapped text beside them."""
    listed = list(rows)
    wide = min(max((len(name) for name, _ in listed), default=0), 36)
    pad = " " * (wide + 4)
    lines = []
    for name, text in listed:
        wrapped = textwrap.wrap(text, _WIDTH - len(pad)) or [""]
        if len(name) > wide:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {name:<{wide}}  {wrapped.pop(0)}")
        lines += [pad + more for more in wrapped]
    return "\n".join(line.rstrip() for line in lines) + "\n"
