"""Compare the catalog with an official API description and print what differs.

    python tools/check_spec.py api.intercom.io.yaml [--api-version 2.16]

Reads YAML or JSON (OpenAPI 3). Prints one line for each gap: an operation, a parameter, an enum
value, a required mark or a field of a response that only one of the two has. Exits with 1 if there
are gaps. Differences in which the description is wrong come last, with the reason.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from intercom_nb import catalog
from intercom_nb.catalog.declared_columns import ListColumn, RecordColumns
from intercom_nb.catalog.model import Operation, Parameter

METHODS = ("get", "post", "put", "patch", "delete")
_MAX_DEPTH = 7  # records nest less; conversations and their parts refer to each other
# Wrappers of lists, which the catalog has as paging or as the list's path.
_ENVELOPE = {"type", "pages", "total_count", "per_page", "page", "has_more", "url"}
Schema = Mapping[str, Any]


class Description:
    """An OpenAPI description, with its references resolved on demand.

    >>> Description({"paths": {"/tags": {"get": {}}}}).operations()
    {('GET', '/tags'): {'parameters': []}}
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.version = str(document.get("info", {}).get("version", ""))

    def operations(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the operations by method and path, with the parameters of their path."""
        found = {}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    shared = item.get("parameters", [])
                    params = [*shared, *item[method].get("parameters", [])]
                    found[method.upper(), path] = {**item[method], "parameters": params}
        return found

    def target(self, reference: str) -> Any:
        """Return what a reference such as ``#/components/schemas/tag`` stands for."""
        found: Any = self.document
        for key in reference.removeprefix("#/").split("/"):
            found = found[key.replace("~1", "/")]
        return found

    def resolve(self, node: Any) -> Schema:
        """Follow references, and join the parts of allOf, oneOf and anyOf."""
        while isinstance(node, Mapping) and "$ref" in node:
            node = self.target(node["$ref"])
        if not isinstance(node, Mapping):
            return {}
        joined: dict[str, Any] = {k: v for k, v in node.items() if k not in _PARTS}
        alternatives = len(node.get("oneOf", node.get("anyOf", ())))
        for part in (p for key in _PARTS for p in node.get(key, ())):
            other = self.resolve(part)
            joined["properties"] = {**other.get("properties", {}), **joined.get("properties", {})}
            if alternatives < 2:
                joined["required"] = [*joined.get("required", ()), *other.get("required", ())]
            joined = {**{k: v for k, v in other.items() if k not in _JOINED}, **joined}
        return joined

    def parameters(self, operation: Mapping[str, Any]) -> dict[str, Schema]:
        """Return the parameters of query and body by name, each as a schema.

        Those of the path belong to the route: versions name them differently.
        """
        found: dict[str, Schema] = {}
        for raw in operation["parameters"]:
            param = self.resolve(raw)
            if param.get("in") != "query":
                continue
            schema = self.resolve(param.get("schema", {}))
            if schema.get("type") == "object" and param.get("explode"):  # its fields are sent
                inside = schema.get("properties", {}).items()
                found |= {n: {**self.resolve(s), "is_required": False} for n, s in inside}
            else:
                found[param["name"]] = {**schema, "is_required": bool(param.get("required"))}
        content = self.resolve(operation.get("requestBody", {})).get("content", {})
        body = self.resolve(next(iter(content.values()), {}).get("schema", {}))
        for name, raw in body.get("properties", {}).items():
            required = name in body.get("required", ())
            found.setdefault(name, {**self.resolve(raw), "is_required": required})
        return found

    def records(self, operation: Mapping[str, Any], path: str | None) -> list[Schema]:
        """Return the schemas of a record in the response, at the catalog's path of the list.

        There are several if the response or the list has alternatives.
        """
        for status, raw in operation.get("responses", {}).items():
            content = self.resolve(raw).get("content", {})
            if str(status).startswith("2") and content:
                schemas = self.alternatives(next(iter(content.values())).get("schema", {}))
                for key in path.split(".") if path else ():
                    inside = (s["properties"][key] for s in schemas if key in s["properties"])
                    schemas = [other for node in inside for other in self.alternatives(node)]
                items = (s.get("items", s) for s in schemas)
                return [other for node in items for other in self.alternatives(node)]
        return []

    def alternatives(self, node: Any) -> list[Schema]:
        """Return the schemas of oneOf or anyOf, or the schema itself."""
        while "$ref" in node:
            node = self.target(node["$ref"])
        found = node.get("oneOf", node.get("anyOf", ()))
        return [{"properties": {}, **self.resolve(part)} for part in found or (node,)]

    def leaves(self, schema: Schema, depth: int = 0) -> Iterator[str]:
        """Yield the dotted paths of a schema's values; ``[]`` marks the items of a list."""
        for name, raw in schema.get("properties", {}).items():
            child = self.resolve(raw)
            items = self.resolve(child["items"]) if "items" in child else {}
            for inside, prefix in ((child, f"{name}."), (items, f"{name}[].")):
                if inside.get("properties") and depth < _MAX_DEPTH:
                    yield from (prefix + path for path in self.leaves(inside, depth + 1))
            if not child.get("properties") and not items.get("properties"):
                yield name


_PARTS = ("allOf", "oneOf", "anyOf")
_JOINED = {"properties", "required"}


def gaps(description: Description, version: str) -> Iterator[str]:
    """Yield one line for each difference of the catalog and a description of a version."""
    official = {_route(*key): op for key, op in description.operations().items()}
    known: dict[tuple[str, str], list[Operation]] = {}
    for op in catalog.operations():
        if not op.hosted_only and op.exists_in(version):
            known.setdefault(_route(op.method, op.path), []).append(op)
    for route in sorted(official.keys() - known.keys()):
        yield f"operation missing in the catalog: {' '.join(route)}"
    for route in sorted(known.keys() - official.keys()):
        yield f"operation not in the description: {known[route][0].name} ({' '.join(route)})"
    seen: dict[str, set[str]] = {}
    for route in sorted(known.keys() & official.keys()):
        yield from _parameter_gaps(description, official[route], known[route], version)
        # Several operations of ours share a route: the one that fits the response best counts.
        found = [_undeclared(description, official[route], op, version) for op in known[route]]
        record, missing = min(found, key=lambda pair: len(pair[1]))
        seen.setdefault(record, set()).update(missing)
    for record, paths in sorted(seen.items()):
        for path in sorted(paths):
            yield f"field missing in record {record}: {path}"


def _undeclared(
    description: Description, official: Mapping[str, Any], known: Operation, version: str
) -> tuple[str, list[str]]:
    """Return the record and the fields it lacks, in the alternative that fits it best."""
    columns = catalog.record_columns(known.record, version)
    found = [
        [path for path in description.leaves(schema) if not declares(columns, path)]
        for schema in description.records(official, known.records)
        if known.record
    ]
    return str(known.record), min(found, key=len, default=[])


def _route(method: str, path: str) -> tuple[str, str]:
    return method, re.sub(r"{\w+}", "{}", path)


def _parameter_gaps(
    description: Description,
    operation: Mapping[str, Any],
    known: list[Operation],
    version: str,
) -> Iterator[str]:
    official = description.parameters(operation)
    ours: dict[str, list[Parameter]] = {}
    for op in known:
        for param in op.params:
            if param.location != "path" and param.exists_in(version):
                ours.setdefault(param.wire_name.partition(".")[0], []).append(param)
    name = known[0].name
    in_path = {p.wire_name for op in known for p in op.params if p.location == "path"}
    for missing in sorted(official.keys() - ours.keys() - in_path):
        yield f"parameter missing: {name} {missing}"
    # Several lists page, and searches sort, although their description does not mention it.
    unmentioned = {
        *(n for op in known for n in (op.paging.size, op.paging.page, op.paging.cursor)),
        *("sort" for op in known if op.is_search),
    }
    for more in sorted(ours.keys() - official.keys() - unmentioned):
        yield f"parameter not in the description: {name} {more}"
    for both in sorted(ours.keys() & official.keys()):
        if ours[both][0].wire_name == both:  # not one inside of it
            yield from _value_gaps(f"{name} {both}", ours[both][0], official[both])


def _value_gaps(name: str, param: Parameter, schema: Schema) -> Iterator[str]:
    values = {str(v) for v in schema.get("enum", ())}
    if values and param.enum and values - set(map(str, param.enum)):
        missing = ", ".join(sorted(values - set(map(str, param.enum))))
        yield f"enum values missing: {name}: {missing}"
    if schema["is_required"] and not (param.required or param.always or param.required_when):
        yield f"required in the description only: {name}"


def declares(columns: RecordColumns, path: str) -> bool:
    """Return whether declared columns cover a path: itself, JSON above it, or a list's columns.

    >>> declares({"a": "json", "b.c": "id", "d": "id"}, "a.x"), declares({"b.c": "id"}, "b.d")
    (True, False)
    """
    plain = path.replace("[]", "")
    for name, kind in columns.items():
        at = kind.list if isinstance(kind, ListColumn) else name
        if plain in (name, at):
            return True
        if not plain.startswith(f"{at}."):
            continue
        rest = path.replace("[]", "", at.count(".") + 1 if "[]" in path else 0)
        inside = rest[len(at) + 1 :]
        if isinstance(kind, ListColumn):
            if not kind.columns or declares(kind.columns, inside):
                return True
        elif kind in {"json", "attributes", "ids", "strings"}:
            return True
    # The wrapper of a list: {"type": "tag.list", "tags": [...], "total_count": 3}
    parent, _, last = plain.rpartition(".")
    wraps = any(
        isinstance(kind, ListColumn) and kind.list.rpartition(".")[0] == parent
        for kind in columns.values()
    )
    return last in _ENVELOPE and (wraps or not parent)


# Differences that stay, each with the reason why the description is wrong or incomplete.
_CLIENTS_SEND_IT = "the official clients for Python and Node.js send it"
_BODY_IS_LOST = "Preview's description lost the body; 2.16 has it, and an update needs one"
KNOWN = {
    "parameter not in the description: help_centers.list page": _CLIENTS_SEND_IT,
    "parameter not in the description: help_centers.list per_page": _CLIENTS_SEND_IT,
    "parameter not in the description: segments.list type": (
        "the way to list segments of companies; the published Singer tap sends it"
    ),
    "field missing in record data_export: job_identfier": (
        "misspelled: the examples and the paths have job_identifier"
    ),
    **{
        f"parameter not in the description: companies.update {name}": _BODY_IS_LOST
        for name in (
            "custom_attributes", "industry", "monthly_spend", "name", "plan", "size", "website",
        )
    },
}  # fmt: skip


def main() -> int:
    """Print the gaps of a description file; return the exit status."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--api-version", help="version to compare (default: the file's own)")
    options = parser.parse_args()
    text = options.path.read_text(encoding="utf-8")
    if options.path.suffix == ".json":
        document = json.loads(text)
    else:
        import yaml

        document = yaml.safe_load(text)
    description = Description(document)
    found = list(gaps(description, options.api_version or description.version))
    unknown = [line for line in found if line not in KNOWN]
    known = [f"{line} ({KNOWN[line]})" for line in found if line in KNOWN]
    print("\n".join([*unknown, f"{len(unknown)} gaps, {len(known)} known differences", *known]))
    return bool(unknown)


if __name__ == "__main__":
    sys.exit(main())
