"""Data attributes: list, create, update."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.data.organization import Record


def list_all(call: ApiCall) -> Record:
    """Handle `GET /data_attributes`."""
    model = call.text("model")
    if model not in (None, "contact", "company", "conversation"):
        raise invalid("model must be contact, company or conversation", "model")
    call.is_set("include_archived")
    records = call.store.organization.attributes
    # Without a model, the official schema of the response allows these two only.
    wanted = ("contact", "company") if model is None else (model,)
    data = [record for record in records if record["model"] in wanted]
    return {"type": "list", "data": call.on_first_page(data)}


def create(call: ApiCall) -> Record:
    """Handle `POST /data_attributes`."""
    body = call.json()
    require_fields(body, "name", "model", "data_type")
    fields = {"name": "text", "model": "text", "data_type": "text", "description": "text"}
    given = pick_fields(body, {**fields, "messenger_writable": "flag", "options": "list"})
    known = call.store.organization.attributes
    if any(r["name"] == given["name"] and r["model"] == given["model"] for r in known):
        raise ApiError(400, "parameter_invalid", "The name is already taken", "name")
    options = [option["value"] for option in given.pop("options", [])]
    kind = "string" if given["data_type"] == "options" else given["data_type"]
    now = call.store.record_write()
    record = {
        **known[-1],
        **given,
        "data_type": kind,
        "id": 12_870 + len(known),
        "label": given["name"],
        "full_name": f"custom_attributes.{given['name']}",
        "created_at": now,
        "updated_at": now,
        **({"options": options} if options else {}),
    }
    known.append(record)
    return record


def update(call: ApiCall) -> Record:
    """Handle `PUT /data_attributes/{id}`."""
    given = pick_fields(
        call.json(), {"archived": "flag", "description": "text", "messenger_writable": "flag"}
    )
    known = call.store.organization.attributes
    for position, record in enumerate(known):
        if str(record.get("id")) == call.path["id"]:
            known[position] = {**record, **given, "updated_at": call.store.record_write()}
            return known[position]
    raise not_found()
