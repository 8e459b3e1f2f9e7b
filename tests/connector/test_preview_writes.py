"""The two writes of Preview with a body of another kind: an uploaded file, and a secret."""

from __future__ import annotations

import email
import email.policy
import json
import traceback
from typing import Any

import httpx
import pytest
from scripted_server import ScriptedServer

import intercom_nb as inb
from intercom_nb import agents, catalog
from intercom_nb.errors import IntercomError, InvalidParameterError
from intercom_nb.widgets.explorer.query.form_schema import offered_forms

PRODUCTS = [{"id": "prod-1", "title": "Caf\u00e9 cup", "url": "https://example.com/cup"}]
SECRET = "hmac-7f3b9c1de2"
PART = {"conversation_id": "5001", "id": "90001", "seen": True, "admin_id": 7001}


def writer(*answers: Any) -> tuple[ScriptedServer, inb.IntercomConnector]:
    script = ScriptedServer(list(answers))
    return script, script.connector(version="Preview", allow_writes=True)


def form_of(request: httpx.Request) -> dict[str, Any]:
    """Parse multipart/form-data with the standard library's parser of messages."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
    return {
        part.get_param("name", header="content-disposition"): part
        for part in message.iter_parts()  # type: ignore[attr-defined]
    }


def test_upload_catalog_sends_a_json_file_when_products_are_given() -> None:
    script, c = writer({"import_job_id": "job_1", "next_part_number": 2})
    done = c.sync.ecommerce_connectors.upload_catalog(
        "42939", catalog=PRODUCTS, finalize="false", part_number=1
    )
    assert done["next_part_number"].tolist() == [2]
    [request] = script.requests
    assert request.url.path == "/ecommerce/connectors/42939/catalog"
    form = form_of(request)
    assert form["catalog"].get_filename() == "catalog.json"
    assert json.loads(form["catalog"].get_payload(decode=True)) == PRODUCTS
    fields = {name: form[name].get_payload().strip() for name in ("finalize", "part_number")}
    assert fields == {"finalize": "false", "part_number": "1"}
    assert form["finalize"].get_filename() is None


def test_upload_catalog_sends_no_file_when_it_only_finalizes() -> None:
    script, c = writer({"import_job_id": "job_1", "status": "processing"})
    c.sync.ecommerce_connectors.upload_catalog("42939", finalize="true", import_job_id="job_1")
    assert set(form_of(script.requests[0])) == {"finalize", "import_job_id"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "requires one of catalog, finalize"),
        ({"finalize": "false"}, "requires catalog"),
        ({"finalize": "true"}, "requires import_job_id"),
        ({"catalog": "products.json"}, "catalog must be a list"),
    ],
)
def test_upload_catalog_raises_when_a_parameter_is_missing_or_invalid(
    given: dict[str, Any], expected: str
) -> None:
    script, c = writer({})
    with pytest.raises(InvalidParameterError, match=expected):
        c.sync.ecommerce_connectors.upload_catalog("42939", **given)
    assert not script.requests


def test_update_part_hides_the_secret_in_plan_and_attrs_when_it_is_sent() -> None:
    script, c = writer({"type": "conversation_part", "id": "90001"})
    plan = c.sync.conversations.update_part(**PART, secret=SECRET, dry_run=True)
    done = c.sync.conversations.update_part(**PART, secret=SECRET)
    body = json.loads(script.requests[0].content)
    assert body == {"secret": SECRET, "experimental": True, "seen": True, "admin_id": "7001"}
    shown = plan.to_csv() + json.dumps(plan.attrs, default=str) + json.dumps(done.attrs)
    assert SECRET not in shown
    assert "***" in plan["body"][0]


def test_update_part_error_hides_the_secret_when_the_server_repeats_it() -> None:
    error = {"type": "error.list", "errors": [{"code": "forbidden", "message": f"bad {SECRET}"}]}
    _, c = writer(httpx.Response(403, json=error))
    with pytest.raises(IntercomError) as caught:
        c.sync.conversations.update_part(**PART, secret=SECRET)
    assert SECRET not in "".join(traceback.format_exception_only(caught.value))


@pytest.mark.parametrize("secret", [["hmac-7f3b9c1de2"], 73914, ""])
def test_update_part_raises_without_the_secret_when_it_is_not_text(secret: Any) -> None:
    script, c = writer({})
    with pytest.raises(InvalidParameterError, match=r"secret must be text, not a \w+\.") as caught:
        c.sync.conversations.update_part(**PART, secret=secret)
    assert not secret or str(secret) not in str(caught.value)
    assert not script.requests


def test_operation_is_not_offered_when_it_takes_a_secret_or_a_file() -> None:
    _, c = writer({})
    offered = {(e["name"], a["name"]) for e in offered_forms(c) for a in e["actions"]}
    described = agents.describe_tool(allow_writes=True, mode="direct")
    for name in ("conversations.update_part", "ecommerce_connectors.upload_catalog"):
        entity, action = name.split(".")
        assert catalog.operation(entity, action).is_for_code
        assert (entity, action) not in offered
        assert action not in described
    assert ("conversations", "update") in offered
