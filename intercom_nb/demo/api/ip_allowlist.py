"""IP allowlist: get and update."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields
from intercom_nb.demo.data.organization import Record


def get(call: ApiCall) -> Record:
    """Handle `GET /ip_allowlist`."""
    return {"type": "ip_allowlist", "enabled": False, "ip_allowlist": ["203.0.113.0/24"]}


def update(call: ApiCall) -> Record:
    """Handle `PUT /ip_allowlist`."""
    given = pick_fields(call.json(), {"enabled": "flag", "ip_allowlist": "list"})
    call.store.record_write()
    return {**get(call), **given}
