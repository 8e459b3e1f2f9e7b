"""Admins and teams: identity, lists, activity logs, away mode."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.crud import Resource, page_response
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.data.organization import Record, admin_id, me
from intercom_nb.demo.dates import NOW

_LOGS = Resource("activity_logs")


def identify(call: ApiCall) -> Record:
    """Handle `GET /me`."""
    return me(call.store.organization.admins[admin_id(0)])


def list_all(call: ApiCall) -> Record:
    """Handle `GET /admins`; pictures come on request only."""
    records = list(call.store.organization.admins.values())
    if not call.is_set("display_avatar"):
        records = [{k: v for k, v in record.items() if k != "avatar"} for record in records]
    return {"type": "admin.list", "admins": call.on_first_page(records)}


def get(call: ApiCall) -> Record:
    """Handle `GET /admins/{id}`."""
    record = call.store.organization.admins.get(call.path["id"])
    if record is None:
        raise not_found("Admin not found", "admin_not_found")
    return record


def set_away(call: ApiCall) -> Record:
    """Handle `PUT /admins/{id}/away`."""
    body = call.json()
    require_fields(body, "away_mode_enabled", "away_mode_reassign")
    names = {"away_mode_enabled": "flag", "away_mode_reassign": "flag"}
    given = pick_fields(body, {**names, "away_status_reason_id": "integer?"})
    admin = call.store.organization.admins.get(call.path["id"])
    if admin is None:
        raise not_found("Admin not found", "admin_not_found")
    call.store.record_write()
    changed = {**admin, **given}
    call.store.organization.admins[admin["id"]] = changed
    return changed


def list_activity_logs(call: ApiCall) -> Record:
    """Handle `GET /admins/activity_logs`, the newest first."""
    after = _seconds(call, "created_at_after", needed=True)
    before = _seconds(call, "created_at_before", needed=False) or NOW
    found = [r for r in _LOGS.records(call).values() if after <= r["created_at"] <= before]
    response = page_response(call, found, _LOGS)
    return {
        "type": "activity_log.list",
        "pages": response["pages"],
        "activity_logs": response["data"],
    }


def _seconds(call: ApiCall, name: str, *, needed: bool) -> int:
    value = call.text(name)
    if value is None and not needed:
        return 0
    if value is None or not value.isdigit():
        raise invalid(f"{name} must be unix seconds", name)
    return int(value)


def list_teams(call: ApiCall) -> Record:
    """Handle `GET /teams`."""
    return {
        "type": "team.list",
        "teams": call.on_first_page(call.store.organization.teams.values()),
    }


def get_team(call: ApiCall) -> Record:
    """Handle `GET /teams/{id}`."""
    record = call.store.organization.teams.get(call.path["id"])
    if record is None:
        raise not_found("Team not found", "team_not_found")
    return record


def find_author(call: ApiCall, body: Record, contact: str | None = None) -> Record:
    """Return the author of a write: the admin that a body names, or else a contact."""
    admins = call.store.organization.admins
    if body.get("admin_id") is not None:
        admin = admins.get(str(body["admin_id"]))
        if admin is None:
            raise not_found("Admin not found", "admin_not_found")
        return {name: admin[name] for name in ("type", "id", "name", "email")}
    known = call.store.people.contacts.get(str(body.get("intercom_user_id") or contact))
    if known is None:
        raise not_found("User Not Found")
    return {"type": "user", "id": known["id"], "name": known["name"], "email": known["email"]}
