"""The catalog's data files agree with themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from intercom_nb import catalog
from intercom_nb.catalog.declared_columns import ListColumn, RecordColumns
from intercom_nb.catalog.hints import hint_of
from intercom_nb.catalog.model import Operation, Parameter, read_data
from intercom_nb.catalog.signatures import docstring, signature
from intercom_nb.catalog.validation import check_params
from intercom_nb.errors import UnknownNameError

pytestmark = pytest.mark.slow

OPERATIONS = catalog.operations()
every_operation = pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)

NINE = {
    "contacts": "list search get create update delete",
    "conversations": "list search get create update delete",
    "companies": "list get create update delete",
    "teams": "list get",
    "admins": "list get",
    "segments": "list get",
    "tags": "list get create delete",
    "notes": "list get create",
    "internal_articles": "list get create update delete",
}


@pytest.mark.parametrize("entity", NINE)
def test_catalog_has_every_promised_action(entity: str) -> None:
    assert set(NINE[entity].split()) <= set(catalog.actions(entity))


@every_operation
def test_operation_path_parameters_equal_its_placeholders(op: Operation) -> None:
    in_path = re.findall(r"{(\w+)}", op.path)
    assert sorted(in_path) == sorted(p.wire_name for p in op.params if p.location == "path")
    assert all(p.required for p in op.params if p.location == "path")


@every_operation
def test_operation_parameters_have_descriptions_and_valid_bounds(op: Operation) -> None:
    names = [p.name for p in op.params]
    assert len(names) == len(set(names))
    wires = [(p.location, p.wire_name) for p in op.params]
    assert len(wires) == len(set(wires))
    for param in op.params:
        assert param.description.strip(), param.name
        assert hint_of(param), param.name
        assert len(param.enum) == len(set(param.enum)), param.name
        if None not in (param.min, param.max):
            assert param.min <= param.max, param.name
        if param.required:
            assert param.default is None, param.name


STAND_IN = {
    "id": "1",
    "string": "x",
    "object": {"a": 1},
    "boolean": True,
    "time": 1767225600,
    "day": "2026-12-25",
    "integer": 1,
    "number": 1.5,
    "any": 1,
}
RAW_QUERY = {"field": "created_at", "operator": ">", "value": 1}


def _value(param: Parameter) -> Any:
    if param.example is not None:
        return param.example
    if param.name == "query" and param.type == "object":
        return RAW_QUERY
    stand_in = [] if param.type.startswith("array") else STAND_IN[param.type]
    return param.enum[0] if param.enum and not param.type.startswith("array") else stand_in


@every_operation
def test_operation_defaults_and_examples_are_valid(op: Operation) -> None:
    examples = {p.name: _value(p) for p in op.params}
    defaults = {p.name: p.default for p in op.params if p.default is not None}
    for given in (examples, {**examples, **defaults}):
        assert set(check_params(op, given)) >= set(given)


@every_operation
def test_operation_parameters_have_examples_except_cursors(op: Operation) -> None:
    cursors = {"starting_after", "scroll_param", "cursor"}  # made by an answer, told by nobody else
    assert {p.name for p in op.params if p.example is None} <= cursors


@pytest.mark.parametrize(
    "op",
    [op for op in OPERATIONS if op.entity in NINE and not op.hosted_only],
    ids=lambda op: op.name,
)
def test_operation_paging_names_its_own_parameters(op: Operation) -> None:
    names = {p.name for p in op.params}
    paging = op.paging
    assert {n for n in (paging.cursor, paging.page, paging.size) if n} <= names
    if paging.style.startswith("cursor"):
        assert paging.cursor
        assert paging.next
    if paging.style == "page_number":
        assert paging.page
    if paging.style != "none":
        assert op.records
    if paging.size:
        assert op.max_page_size


@every_operation
def test_operation_record_has_columns_when_it_is_named(op: Operation) -> None:
    columns = catalog.record_columns(op.record)
    if op.record is not None:
        assert columns, op.record


@every_operation
def test_operation_flags_agree_with_its_method(op: Operation) -> None:
    if op.method == "GET":
        assert not op.writes
    if op.method in {"PUT", "DELETE", "PATCH"}:
        assert op.writes
    if op.action in {"list", "get", "search"}:
        assert not op.writes
    if not op.writes:  # a repeated scroll skips a page
        assert op.retry_safe is (op.action != "scroll")


CREATES_MORE_THAN_ONCE = ["contacts", "conversations", "notes", "internal_articles"]


@pytest.mark.parametrize("entity", CREATES_MORE_THAN_ONCE)
def test_operation_is_not_retry_safe_when_a_repeat_creates_another_record(entity: str) -> None:
    assert not catalog.operation(entity, "create").retry_safe


@every_operation
def test_signature_and_docstring_have_every_parameter(op: Operation) -> None:
    shown = signature(op).parameters
    text = docstring(op)
    assert text.splitlines()[0].strip()
    for param in op.params:
        name = "from_" if param.name == "from" else param.name
        assert name in shown or not name.isidentifier(), param.name
        assert f"    {param.name} (" in text
    assert ("allow_writes=True" in text) is op.writes


def _paths(columns: RecordColumns) -> list[str]:
    found = []
    for path, kind in columns.items():
        found.append(path)
        if isinstance(kind, ListColumn):
            assert kind.list == path or kind.list.startswith(f"{path}."), path
            found += [f"{path}[].{inner}" for inner in _paths(kind.columns)]
    return found


@pytest.mark.parametrize("record", sorted({op.record for op in OPERATIONS if op.record}))
def test_record_columns_have_unique_paths(record: str) -> None:
    columns = catalog.record_columns(record)
    paths = _paths(columns)
    assert len(paths) == len(set(paths))
    for path, kind in columns.items():
        below = [p for p in columns if p.startswith(f"{path}.")]
        if below:  # an object with keys of its own cannot be a plain value as well
            assert isinstance(kind, ListColumn), path


@pytest.mark.parametrize("entity", ["contacts", "conversations"])
def test_search_field_has_a_time_column_when_it_is_a_date(entity: str) -> None:
    fields = catalog.search_fields(entity)
    assert fields is not None
    declared = catalog.record_columns(catalog.operation(entity, "search").record)
    for name, field in fields.fields.items():
        assert field.type in fields.operators, name
        # Times are trimmed by the column: without one the exact instants would be lost.
        if field.type == "date" and field.record != "":
            assert declared.get(field.record or name) == "time", name


@pytest.mark.parametrize(
    ("entity", "action", "hint"),
    [
        ("contcats", "list", "Did you mean contacts"),
        ("contact", "list", "Did you mean contacts"),
        ("Contacts", "list", "Did you mean contacts"),
        ("contacts", "lst", "Did you mean list?"),
        ("contacts", "remove", "Available: list"),
        ("", "list", "Unknown entity ''"),
        (None, "list", "Unknown entity None"),
        (["contacts"], "list", "Unknown entity ['contacts']"),
        ("contacts", None, "no action None"),
        ("contacts", {}, "no action {}"),
    ],
)
def test_operation_suggests_the_nearest_name_when_a_name_is_unknown(
    entity: str, action: str, hint: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        catalog.operation(entity, action)
    assert hint in str(caught.value)


def test_entities_name_existing_first_columns() -> None:
    for name, entity in catalog.entities().items():
        assert entity.singular[:4] in name
        records = {spec.record for spec in entity.actions.values()}
        known = {path for record in records for path in catalog.record_columns(record)}
        for column in entity.first_columns:
            assert column in known or column.startswith("custom_attributes."), (name, column)


def columns_of(record: str) -> Iterator[tuple[str, str]]:
    """Yield each declared column of a record and of its child tables, with the holder's name."""
    pending = [(record, catalog.record_columns(record, "Preview"))]
    while pending:
        holder, columns = pending.pop()
        for name, kind in columns.items():
            yield holder, name
            if isinstance(kind, ListColumn):
                held = catalog.singular(kind.list.rpartition(".")[2])
                pending.append((held, kind.columns))


@pytest.mark.parametrize("record", sorted({op.record for op in OPERATIONS if op.record}))
def test_record_columns_have_a_meaning(record: str) -> None:
    without = [column for column in columns_of(record) if not catalog.meaning(*column)]
    assert without == []


def test_meanings_name_existing_columns() -> None:
    known: set[str] = set()

    def add(columns: RecordColumns) -> None:
        for name, kind in columns.items():
            steps = name.split(".")
            known.update(".".join(steps[i:]) for i in range(len(steps)))
            if isinstance(kind, ListColumn):
                add(kind.columns)

    for op in OPERATIONS:
        add(catalog.record_columns(op.record, "Preview"))
    meanings = read_data("meanings.json", dict[str, dict[str, str]])
    assert {
        (r, name) for r, found in meanings.items() for name in found if name not in known
    } == set()
