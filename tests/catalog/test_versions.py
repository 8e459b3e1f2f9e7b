"""What API versions 2.16 and Preview add, held against facts of the official descriptions.

`facts/new_in_versions.json` lists parameters and response fields that the description of 2.16 has
and that of 2.15 lacks, and the operations that only Preview has.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted_server import demo_connector

from intercom_nb import IntercomConnector, catalog
from intercom_nb.catalog.declared_columns import ListColumn
from intercom_nb.catalog.model import Operation, Parameter
from intercom_nb.errors import BadRequestError, InvalidParameterError, UnsupportedError
from intercom_nb.models import IntercomAuthConfig

sys.path.append(str(Path(__file__).parents[2] / "tools"))
from check_spec import KNOWN, Description, declares, gaps

FACTS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "facts" / "new_in_versions.json").read_text(encoding="utf-8")
)


def _with_examples(operation: Operation, name: str) -> dict[str, Any]:
    wanted = {name, *operation.required, *(group[0] for group in operation.one_of)}
    conditional = {p.name for p in operation.params if p.required_when}
    return {p.name: p.example for p in operation.params if p.name in wanted | conditional}


NEW_PARAMETERS = [(fact, "2.15", "2.16") for fact in FACTS["parameters"]]
NEW_PARAMETERS += [(fact, "2.16", "Preview") for fact in FACTS["preview_parameters"]]


@pytest.mark.parametrize(("fact", "before", "since"), NEW_PARAMETERS)
def test_build_request_raises_when_a_parameter_needs_a_newer_version(
    fact: str, before: str, since: str
) -> None:
    name, parameter = fact.split()
    operation = catalog.operation(*name.split("."))
    given = _with_examples(operation, parameter)
    request = demo_connector(version=since).build_request(operation, given)
    assert parameter in {**(request.body or {}), **dict(request.query)}
    with pytest.raises(
        UnsupportedError, match=rf"{parameter}= of {name} needs API version {since}"
    ):
        demo_connector(version=before).build_request(operation, given)


def test_record_columns_include_a_field_only_when_the_version_has_it() -> None:
    assert sum(map(len, FACTS["fields"].values())) > 230
    for facts, before, since in (("fields", "2.15", "2.16"), ("preview_fields", "2.16", "Preview")):
        for record, paths in FACTS[facts].items():
            for path in paths:
                assert declares(catalog.record_columns(record, since), path), f"{record} {path}"
                assert not declares(catalog.record_columns(record, before), path)
                assert not declares(catalog.record_columns(record), path)


def test_record_columns_keep_list_columns_when_a_version_adds_one() -> None:
    parts = catalog.record_columns("conversation", "Preview")["conversation_parts"]
    assert isinstance(parts, ListColumn)
    assert {"body", "author.id", "translations"} <= set(parts.columns)


def test_operations_of_preview_do_not_exist_in_2_16() -> None:
    routes: dict[str, list[Operation]] = {}
    for op in catalog.operations():
        if not op.hosted_only:
            routes.setdefault(f"{op.method} {re.sub(r'{[^}]*}', '{}', op.path)}", []).append(op)
    for route in FACTS["preview"]:
        assert [op.since for op in routes[route]] == ["Preview"]
        assert not routes[route][0].exists_in("2.16")
    versions = ("2.15", "2.16")
    counts = [sum(any(op.exists_in(v) for op in ops) for ops in routes.values()) for v in versions]
    assert counts == [162, 231]


def test_build_request_raises_when_the_version_dropped_the_operation() -> None:
    operation = catalog.operation("ip_allowlists", "get")
    assert demo_connector(version="2.16").supports(operation)
    with pytest.raises(UnsupportedError, match="ended with API version Preview"):
        demo_connector(version="Preview").build_request(operation, {})


def test_build_request_accepts_a_whatsapp_message_when_the_version_is_2_16() -> None:
    operation = catalog.operation("messages", "create")
    given = {"message_type": "whatsapp", "from": {"type": "admin", "id": 1}, "to": {"type": "user"}}
    assert demo_connector(version="2.16").build_request(operation, given).body == given
    with pytest.raises(InvalidParameterError, match="must be one of in_app, email, not"):
        demo_connector(version="2.15").build_request(operation, given)
    given["message_type"] = "in_app"
    with pytest.raises(InvalidParameterError, match="requires body"):
        demo_connector(version="2.15").build_request(operation, given)


def test_at_version_keeps_parameters_when_they_have_no_version() -> None:
    operation = catalog.operation("teams", "get")
    assert operation.at_version("2.15").params == operation.params


def test_exists_in_is_true_when_the_version_is_between_since_and_until() -> None:
    param = Parameter(
        name="x", description="", location="body", type="string", since="2.9", until="2.16"
    )
    assert [param.exists_in(v) for v in ("2.8", "2.9", "2.15", "2.16", "Preview")] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_list_returns_new_columns_when_the_version_has_them() -> None:
    old = demo_connector(version="2.15").sync.conversations.list(limit=1)
    new = demo_connector(version="2.16").sync.conversations.list(limit=1)
    added = {"channel.current", "sales_agent.outcome", "scorecards", "source.recipients"}
    assert added <= set(new.columns)
    assert not added & set(old.columns)
    assert str(new["sales_agent_participated"].dtype) == "boolean"


def _merged(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/new"):
        return httpx.Response(200, json={"type": "contact", "id": "new", "role": "user"})
    link = {"Link": '</contacts/new>; rel="canonical"'}
    error = {"type": "error.list", "errors": [{"code": "contact_merged", "message": "Merged."}]}
    return httpx.Response(410, headers=link, json=error)


@pytest.mark.parametrize("action", ["get", "get_by_external_id"])
async def test_get_returns_the_merged_contact_when_follow_merged_is_on(action: str) -> None:
    c = IntercomConnector(
        auth_config=IntercomAuthConfig("t"), http=httpx.MockTransport(_merged), version="2.16"
    )
    with pytest.raises(BadRequestError, match="merged into new") as caught:
        await getattr(c.contacts, action)("old")
    assert caught.value.merged_into == "new"
    frame = await getattr(c.contacts, action)("old", follow_merged=True)
    assert frame["id"].tolist() == ["new"]


def test_check_spec_reports_a_gap_when_description_and_catalog_differ() -> None:
    get = {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/t"}}}}}}
    search = {
        "parameters": [
            {"name": "state", "in": "query", "required": True, "schema": {"enum": ["new"]}},
            {"name": "sort", "in": "query", "schema": {}},
        ]
    }
    document = {
        "paths": {
            "/teams/{id}": {"get": get},
            "/x": {"get": {}},
            "/articles/search": {"get": search},
        },
        "t": {"properties": {"id": {"type": "string"}, "mood": {"type": "string"}}},
    }
    found = list(gaps(Description(document), "2.15"))
    assert "operation missing in the catalog: GET /x" in found
    assert "operation not in the description: teams.list (GET /teams)" in found
    assert "parameter missing: articles.search sort" in found
    assert not any("articles.search page" in line for line in found)
    assert "parameter not in the description: articles.search phrase" in found
    assert "enum values missing: articles.search state: new" in found
    assert "required in the description only: articles.search state" in found
    assert "field missing in record team: mood" in found
    assert not any("teams.get" in line for line in found)  # the path names its id differently
    assert not any("team: id" in line for line in found)


def test_check_spec_reads_the_fields_when_an_object_is_exploded() -> None:
    alternatives = [{"properties": {name: {}}} for name in ("user_id", "email")]
    filter_by = {"name": "filter", "in": "query", "explode": True, "required": True}
    schema = {"type": "object", "oneOf": alternatives}
    events = {"parameters": [{**filter_by, "schema": schema}]}
    found = set(gaps(Description({"paths": {"/events": {"get": events}}}), "2.15"))
    named = {line.split()[-1] for line in found if "data_events.list" in line}
    assert {"intercom_user_id", "type"} <= named  # ours only, as this description has neither
    assert not {"filter", "user_id", "email"} & named


def test_known_differences_name_existing_parameters() -> None:
    assert all(KNOWN.values())
    for line in KNOWN:
        kind, _, rest = line.partition(": ")
        name, _, item = rest.partition(" ")
        if kind.startswith("parameter"):
            assert item in {p.name for p in catalog.operation(*name.split(".")).params}
