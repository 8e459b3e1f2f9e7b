"""Write the types of all operations, from the catalog: intercom_nb/entities.pyi.

Run it after a change of the catalog; a test fails if the file is out of date.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from intercom_nb import catalog
from intercom_nb.catalog.model import Operation, Parameter
from intercom_nb.catalog.signatures import is_required, python_name
from intercom_nb.catalog.validation import options_of, positional_names
from intercom_nb.connector.composite import CompositeMethod, composite_methods

TARGET = Path(__file__).parent.parent / "intercom_nb" / "entities.pyi"
HEAD = '''# ruff: noqa: A002, E501
"""The types of all entities and actions. Written by tools/make_stubs.py: do not edit."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from .bulk.rows import Rows
from .calls.files import FileBytes, FileText
from .catalog.expressions import Filter
from .runtime.progress import ProgressCallback

Time = str | int | float | dt.datetime | dt.date
Object = Mapping[str, Any]
'''
TYPES = {
    "id": "str | int",
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "object": "Object",
    "time": "Time",
    "date": "str | dt.date",
    "secret": "str",
    "object|array<object>": "Object | Sequence[Object]",
    "any": "Any",
}
INDENT = " " * 4
# Longer ones would be laid out over several lines by the formatter.
LONGEST = 60


def main() -> None:
    TARGET.write_text(stubs(), encoding="utf-8")
    print(f"wrote {TARGET}")


def stubs() -> str:
    """Return the text of the file."""
    parts = [HEAD]
    for entity in catalog.entities():
        parts += [namespace(entity, is_async=True), namespace(entity, is_async=False)]
    parts += [everything("AsyncEntities", "Async"), everything("SyncEntities", "Sync")]
    return "\n".join(parts)


def namespace(entity: str, *, is_async: bool) -> str:
    lines = [f"class {class_name(entity, is_async)}:"]
    lines += [f'{INDENT}"""{catalog.entities()[entity].description}"""', ""]
    for action in catalog.actions(entity):
        lines += method(catalog.operation(entity, action), is_async)
    for composite in composite_methods(entity):
        lines += composite_method(composite, is_async)
    return "\n".join(lines)


def method(op: Operation, is_async: bool) -> list[str]:
    first = positional_names(op)
    by_name = {p.name: p for p in op.params}
    shown = [argument(by_name[name]) for name in first]
    rest = sorted((p for p in op.params if p.name not in first), key=lambda p: not is_required(p))
    named = [argument(p) for p in rest]
    named += [
        f"{name}: {option.type} = {option.default!r}" for name, option in options_of(op).items()
    ]
    searches = op.is_search
    keywords = [
        *shown,
        *(["*", *named] if named else []),
        *(["**filters: Any"] if searches else []),
    ]
    returns = "pd.DataFrame"
    if op.returns_file:
        returns = "FileText" if op.response == "text" else "FileBytes"
    return definition(op.action, keywords, returns, op.description, is_async)


def composite_method(composite: CompositeMethod, is_async: bool) -> list[str]:
    keywords: list[str] = []
    for param in composite.signature.parameters.values():
        if param.kind is param.KEYWORD_ONLY and "*" not in keywords:
            keywords.append("*")
        keywords.append(f"{param.name}: {param.annotation}{default_of(param)}")
    first_line = composite.doc.partition("\n")[0]
    return definition(composite.name, keywords, composite.returns, first_line, is_async)


def definition(
    name: str, arguments: list[str], returns: str, doc: str, is_async: bool
) -> list[str]:
    start = f"{INDENT}{'async ' if is_async else ''}def {name}("
    head = [f"{start}self) -> {returns}:"]
    if arguments:
        body = [f"{INDENT * 2}{argument}," for argument in ["self", *arguments]]
        head = [start, *body, f"{INDENT}) -> {returns}:"]
    return [*head, f'{INDENT * 2}"""{doc}"""', ""]


def argument(param: Parameter) -> str:
    kind = type_of(param)
    if param.name == "query" and param.type == "object":
        kind = f"{kind} | Filter"
    if param.name == "sort":
        kind = f"{kind} | str"
    if is_required(param):
        return f"{python_name(param)}: {kind}{' | None' if param.nullable else ''}"
    return f"{python_name(param)}: {kind} | None = None"


def type_of(param: Parameter) -> str:
    if param.enum and all(isinstance(value, str) for value in param.enum):
        literal = f"Literal[{', '.join(quoted(value) for value in param.enum)}]"
        return literal if len(literal) <= LONGEST else "str"
    if param.type.startswith("array"):
        return f"Sequence[{TYPES[param.type.removeprefix('array').strip('<>') or 'any']}]"
    return TYPES[param.type]


def default_of(param: inspect.Parameter) -> str:
    return "" if param.default is param.empty else f" = {param.default!r}"


def everything(name: str, prefix: str) -> str:
    lines = [f"class {name}:"]
    for entity in catalog.entities():
        made = class_name(entity, is_async=prefix == "Async")
        lines += [
            f"{INDENT}@property",
            f"{INDENT}def {entity}(self) -> {made}:",
            f'{INDENT * 2}"""{catalog.entities()[entity].description}"""',
            "",
        ]
    return "\n".join(lines)


def class_name(entity: str, is_async: bool) -> str:
    return ("Async" if is_async else "Sync") + entity.title().replace("_", "")


def quoted(value: Any) -> str:
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    main()
