"""Custom object instances: get, create or update, delete."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields
from intercom_nb.demo.api.crud import Resource, page_response
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.data.organization import Record

_ORDERS = Resource("orders")


def get(call: ApiCall) -> Record:
    """Return a custom object instance by its id."""
    _check_type(call)
    return _ORDERS.find(call)


def get_or_list(call: ApiCall) -> Record:
    """Return an instance by its external id, or from 2.16 on those of a contact or conversation."""
    _check_type(call)
    references = [call.text(f"references_{kind}_id") for kind in ("contact", "conversation")]
    if call.is_version("2.16") and any(references):
        owners = (call.store.people.contacts, call.store.conversations)
        if any(key and key not in known for key, known in zip(references, owners, strict=True)):
            raise not_found()
        # Each order belongs to the contacts and conversations that the rest of its id selects.
        chosen = int((references[0] or references[1] or "0")[-4:], 16) % 6
        orders = [r for r in _ORDERS.records(call).values() if int(r["id"]) % 6 == chosen]
        return page_response(call, orders, _ORDERS)
    for record in _ORDERS.records(call).values():
        if record["external_id"] == call.text("external_id"):
            return record
    raise not_found()


def _check_type(call: ApiCall) -> None:
    if call.path["type"] != "Order":
        raise not_found("Custom object type not found")


def create_or_update(call: ApiCall) -> Record:
    """Handle `POST /custom_object_instances/{type}`: an existing external id is updated."""
    body = call.json()
    kinds = {"external_id": "text", "external_created_at": "date?", "external_updated_at": "date?"}
    given = pick_fields(body, {**kinds, "custom_attributes": "object?"})
    orders = call.store.tables["orders"]
    now = call.store.record_write()
    same = (r for r in orders.values() if r["external_id"] == given.get("external_id"))
    pattern = next(iter(orders.values()))
    new = {**pattern, "id": str(1_000 + len(orders)), "created_at": now, "custom_attributes": {}}
    record = next(same, new)
    orders[record["id"]] = {**record, **given, "updated_at": now}
    return orders[record["id"]]


def delete(call: ApiCall) -> Record:
    """Delete a custom object instance by its id or external id."""
    orders = call.store.tables["orders"]
    external = call.text("external_id")
    for record in list(orders.values()):
        if record["id"] == call.path.get("id") or record["external_id"] == external:
            call.store.record_write()
            del orders[record["id"]]
            return {"id": record["id"], "object": call.path["type"], "deleted": True}
    raise not_found()
