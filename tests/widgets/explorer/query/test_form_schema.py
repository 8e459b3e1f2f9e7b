"""Schema of the forms: parameters, controls, operators, scripts."""

from __future__ import annotations

import re

import pytest

from intercom_nb import catalog
from intercom_nb.catalog.data_types import GROUPS
from intercom_nb.widgets import Explorer, LoginForm
from intercom_nb.widgets.explorer.query.form_parser import parse_form
from intercom_nb.widgets.explorer.query.form_schema import catalog_forms, offered_forms
from intercom_nb.widgets.form import join_scripts

from ...conftest import demo_connector


@pytest.mark.parametrize("mode", ["direct", "hosted"])
def test_forms_have_every_parameter_when_the_mode_offers_the_operation(mode):
    drawn = {
        (entity["name"], action["name"]): {p["name"] for p in action["params"]}
        for entity in catalog_forms(mode)
        for action in entity["actions"]
    }
    adapt = catalog.hosted_operation if mode == "hosted" else lambda op: op
    known = [adapt(op) for op in catalog.operations() if mode == "hosted" or not op.hosted_only]
    offered = [op for op in known if op and not op.is_for_code]
    expected = {(op.entity, op.action): {p.name for p in op.params} for op in offered}
    assert drawn == expected


def test_form_schema_hints_at_a_choice_when_a_search_offers_its_orders():
    for entity in catalog_forms("direct"):
        for action in entity["actions"]:
            hints = [p["hint"] for p in action["params"] if p["control"] == "sort"]
            assert hints in ([], ["one of the orders listed"])


def test_script_draws_every_control_of_the_forms():
    script = join_scripts("form.js")
    controls = {
        param["control"]
        for entity in catalog_forms("direct")
        for action in entity["actions"]
        for param in action["params"]
    }
    drawn = set(re.findall(r"^  (\w+): \((?:param|_), props\)", script, re.MULTILINE))
    drawn |= {"query", "sort"}
    assert controls <= drawn


@pytest.mark.parametrize("form", [Explorer, LoginForm])
def test_join_scripts_returns_one_module_when_a_form_has_several(form):
    script = form._esm
    names = re.findall(r"^(?:async )?(?:function|const|let|class) (\w+)", script, re.MULTILINE)
    assert len(names) == len(set(names))
    assert "import " not in re.sub(r"//.*|\"[^\"]*\"", "", script)
    assert len(re.findall(r"^export ", script, re.MULTILINE)) == 1


def test_form_has_no_errors_when_a_search_field_uses_an_offered_operator():
    for entity in ("contacts", "conversations", "tickets"):
        for field in next(
            a["search"]["fields"]
            for e in catalog_forms("direct")
            if e["name"] == entity
            for a in e["actions"]
            if a["name"] == "search"
        ):
            value = {"boolean": "true", "date": "7d"}.get(field["type"], "5")
            value = field["values"][0] if field["values"] else value
            for op in field["operators"]:
                row = {"id": "r", "field": field["name"], "op": op, "value": value}
                form = {"query": {"groups": [{"rows": [row]}]}, "limit": "1"}
                found = parse_form(catalog.operation(entity, "search"), form)
                assert found.errors == {}, (field, op)


def test_offered_forms_have_no_writes_when_the_connector_is_read_only():
    for connector, expected in (
        (demo_connector(), False),
        (demo_connector(allow_writes=True), True),
    ):
        found = any(a["writes"] for e in offered_forms(connector) for a in e["actions"])
        assert found is expected


def test_offered_forms_are_ordered_by_group():
    groups = [entity["group"] for entity in offered_forms(demo_connector())]
    assert list(dict.fromkeys(groups)) == [group.capitalize() for group in GROUPS]
    assert groups == sorted(groups, key=lambda group: GROUPS.index(group.lower()))
