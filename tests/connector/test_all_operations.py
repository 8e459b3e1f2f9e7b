"""The whole catalog: every request is built, every operation of 2.15 carried out on the demo."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest
from scripted_server import ScriptedServer, demo_connector, demo_workspace

from intercom_nb import IntercomConnector, catalog
from intercom_nb.calls.files import FileBytes, FileText
from intercom_nb.catalog.model import Operation, Parameter
from intercom_nb.catalog.validation import check_params
from intercom_nb.demo import DemoWorkspace
from intercom_nb.errors import InvalidParameterError, UnsupportedError, WritesNotAllowedError

from .values import Values, example, needed

pytestmark = pytest.mark.slow

ALL = [op for op in catalog.operations() if not op.hosted_only]
STABLE = [op for op in ALL if op.since is None]
READS = [op for op in STABLE if not op.writes]
WRITES = [op for op in STABLE if op.writes]
NEWER = [op for op in ALL if op.since is not None]
JOBS = ("content_data_exports", "reporting_data_exports")


def by_name(operations: list[Operation]) -> Any:
    return pytest.mark.parametrize("op", operations, ids=lambda op: op.name)


def by_entity(operations: list[Operation]) -> Any:
    """Parametrize by entity: one test for each operation would cost seconds."""
    kinds = {op.entity: [o for o in operations if o.entity == op.entity] for op in operations}
    return pytest.mark.parametrize("ops", kinds.values(), ids=kinds)


@pytest.fixture(scope="module")
def values() -> Values:
    return Values(demo_workspace())


@pytest.fixture(scope="module")
def newest() -> dict[str, IntercomConnector]:
    """Return a connector for each of the newest versions, the newest first."""
    return {
        version: ScriptedServer([{}]).connector(version=version, allow_writes=True)
        for version in ("Preview", "2.16")
    }


def fits(value: Any, param: Parameter) -> bool:
    """Tell whether a value on the wire has the form that the catalog declares."""
    if value is None:
        return param.nullable
    kinds: dict[str, Any] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "object": dict,
        "date": str,
        "secret": str,
        "object|array<object>": (dict, list),
        "id": int if param.send_as == "integer" else str,
        "time": str if param.send_as == "iso" else int,
    }
    kind = kinds.get(param.type, list)
    right = isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
    return right and (not param.enum or value in param.enum)


@by_entity(ALL)
@pytest.mark.parametrize("whole", [False, True], ids=["needed", "whole"])
def test_build_request_has_the_form_that_the_catalog_declares(
    newest: dict[str, IntercomConnector], ops: list[Operation], whole: bool
) -> None:
    for op in ops:
        given = {p.name: example(p) for p in op.params} if whole else needed(op)
        check_request(next(c for v, c in newest.items() if op.exists_in(v)), op, given)


def check_request(connector: IntercomConnector, op: Operation, given: dict[str, Any]) -> None:
    checked = check_params(op, given)
    request = connector._executor.request(op, checked)
    assert request.method == op.method
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", op.path), request.path)
    asked = {p.wire_name for p in op.params if p.location == "query" and p.name in checked}
    assert set(dict(request.query)) == asked, op.name
    if not any(p.location == "body" for p in op.params):
        assert request.body is None, op.name
        return
    body = json.loads(json.dumps(request.body, default=lambda secret: secret.reveal()))
    for param in (p for p in op.params if p.location == "body"):
        value = body
        for step in param.wire_name.split("."):
            value = value.get(step, {}) if isinstance(value, dict) else {}
        if param.name in checked:
            assert fits(value, param), (op.name, param.name, value)


@by_entity([op for op in ALL if op.required])
def test_execute_names_the_parameter_when_a_required_one_is_missing(ops: list[Operation]) -> None:
    script = ScriptedServer([{}])
    connector = script.connector(version="Preview", allow_writes=True)
    for op in ops:
        missing = "requires a filter" if op.is_search else op.required[0]
        with pytest.raises(InvalidParameterError, match=missing):
            connector.sync.execute(op.entity, op.action, {})
    assert not script.requests


def test_execute_names_the_version_when_the_operation_is_newer() -> None:
    script = ScriptedServer([{}])
    connector = script.connector(allow_writes=True)
    for op in NEWER:
        with pytest.raises(UnsupportedError, match=f"version='{op.since}'"):
            connector.sync.execute(op.entity, op.action, needed(op))
    assert not script.requests


@pytest.mark.parametrize("version", ["2.16", "Preview"])
def test_operation_is_sent_when_the_version_has_it(version: str) -> None:
    script = ScriptedServer([{"data": [{"id": "1"}], "pages": None}])
    assert len(script.connector(version=version).sync.macros.list()) == 1
    assert script.requests[0].headers["intercom-version"] == version


def test_get_raises_when_a_parameter_needs_a_newer_version() -> None:
    script = ScriptedServer([{"type": "contact", "id": "1"}])
    with pytest.raises(UnsupportedError, match=r"include_merge_history= of contacts\.get"):
        script.connector().sync.contacts.get("1", include_merge_history=True)
    script.connector(version="2.16").sync.contacts.get("1", include_merge_history=True)
    assert [r.url.query for r in script.requests] == [b"include_merge_history=true"]


@by_name([op for op in READS if op.entity not in JOBS])
def test_read_returns_the_declared_columns_when_the_demo_responds(
    op: Operation, values: Values
) -> None:
    given = values.of(op)
    result = getattr(getattr(demo_connector().sync, op.entity), op.action)(
        **given, **({"limit": 30} if op.paging.style != "none" else {})
    )
    if op.returns_file:
        assert isinstance(result, FileText if op.response == "text" else FileBytes)
        assert result
        return
    assert isinstance(result, pd.DataFrame)
    declared = [
        name for name, kind in catalog.record_columns(op.record).items() if kind != "attributes"
    ]
    assert [name for name in result.columns if name in declared] == declared
    assert "as_received" not in result.intercom.info
    json.dumps(result.intercom.info)
    empty = {"contacts.list_subscriptions", "companies.list_notes"}
    assert len(result) > 0 or op.name in empty


@by_name(WRITES)
def test_write_sends_the_previewed_request_when_writes_are_allowed(op: Operation) -> None:
    workspace = fresh()
    given = Values(workspace).of(op)
    if op.name == "content_data_exports.cancel":
        given["job_identifier"] = started(workspace)
    reader = demo_connector(workspace)
    asked = len(workspace.requests)
    with pytest.raises(WritesNotAllowedError, match="allow_writes=True"):
        reader.sync.execute(op.entity, op.action, {k: v for k, v in given.items() if v is not None})

    call = {("from_" if k == "from" else k): v for k, v in given.items()}
    shown = getattr(getattr(reader.sync, op.entity), op.action)(**call, dry_run=True)
    assert len(workspace.requests) == asked
    assert shown["method"].tolist() == [op.method]
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", op.path), urlsplit(shown["url"][0]).path)

    writer = demo_connector(workspace, allow_writes=True)
    done = getattr(getattr(writer.sync, op.entity), op.action)(**call)
    request = workspace.requests[-1]
    assert len(done) == 1
    assert (request.method, request.path) == (op.method, urlsplit(shown["url"][0]).path)
    assert request.body.decode() == (shown["body"][0] if pd.notna(shown["body"][0]) else "") or (
        json.loads(request.body) == json.loads(shown["body"][0])
    )
    assert done.intercom.info["request_id"]


_SHARED: list[DemoWorkspace] = []


def fresh() -> DemoWorkspace:
    """Give a workspace that writes may change; one for all, since each write has its own record."""
    if not _SHARED:
        _SHARED.append(DemoWorkspace(rate_limit=None))
    return _SHARED[0]


def started(workspace: DemoWorkspace) -> str:
    exports = workspace.store.tables["exports"]
    exports["content-9"] = {"job_identifier": "content-9", "status": "pending", "download_url": ""}
    return "content-9"
