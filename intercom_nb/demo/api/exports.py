"""Export jobs and their files; each status request advances the job by one step."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable

from intercom_nb.demo.api.api_call import ApiCall, FileResponse
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.crud import Resource
from intercom_nb.demo.api.errors import ApiError, not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.dates import NOW

_NEXT = {"pending": "in_progress", "in_progress": "completed"}
_ACTIVE = ("pending", "in_progress")
_PENDING_REPORTS = 5
_SHOWN = ("job_identifier", "status", "download_expires_at", "download_url")
_RECEIPT = ("receipt_id", "user_id", "user_external_id", "email", "name")
_CONTENT = ("content_id", "content_type", "content_title", "received_at", "opened")
_ATTRIBUTES = {
    "conversation_id": "Conversation ID",
    "conversation_started_at": "Conversation started at",
    "state": "State",
    "channel": "Channel",
    "admin_assignee_id": "Teammate assigned ID",
    "time_to_admin_reply": "Time to first reply (s)",
}


def create(call: ApiCall) -> Record:
    """Handle `POST /export/content/data`; one may be active at a time."""
    body = call.json()
    require_fields(body, "created_at_after", "created_at_before")
    given = pick_fields(body, {"created_at_after": "date", "created_at_before": "date"})
    jobs = call.store.tables["exports"]
    if any(job["status"] in _ACTIVE for job in jobs.values()):
        raise ApiError(429, "rate_limit_exceeded", "An export is already in progress")
    return _start(call, "exports", f"content-{len(jobs) + 1}", "/download/content/data", given)


def create_report(call: ApiCall) -> Record:
    """Handle `POST /export/reporting_data/enqueue`."""
    body = call.json()
    require_fields(body, "dataset_id", "attribute_ids", "start_time", "end_time")
    kinds = {"dataset_id": "text", "attribute_ids": "list"}
    given = pick_fields(body, {**kinds, "start_time": "date", "end_time": "date"})
    if given["dataset_id"] != "conversation":
        text = f"{given['dataset_id']} is not a valid dataset_id"
        raise ApiError(400, "bad_request", text)
    unknown = [name for name in given["attribute_ids"] if name not in _ATTRIBUTES]
    if unknown:
        text = f"attribute_ids invalid for conversation dataset: {', '.join(map(str, unknown))}"
        raise ApiError(400, "bad_request", text)
    jobs = call.store.tables["reports"]
    if sum(job["status"] in _ACTIVE for job in jobs.values()) >= _PENDING_REPORTS:
        raise ApiError(429, "rate_limit_exceeded", "Exceeded rate limit of 5 pending jobs")
    return _start(call, "reports", f"report-{len(jobs) + 1}", "/download/reporting_data", given)


def _start(call: ApiCall, shelf: str, key: str, path: str, given: Record) -> Record:
    call.store.record_write()
    url = f"{call.request.base_url}{path}/{key}"
    job = {"job_identifier": key, "status": "pending", "download_url": url, **given}
    call.store.tables[shelf][key] = job
    return _shown(job)


def _shown(job: Record) -> Record:
    done = job["status"] == "completed"
    hidden = {"download_expires_at": iso(job.get("created_at_before", 0)), "download_url": ""}
    return {name: job.get(name, "") if done else {**job, **hidden}[name] for name in _SHOWN}


def _job(call: ApiCall, shelf: str) -> Record:
    job = call.store.tables[shelf].get(call.path["id"])
    if job is None:
        text = f"Export job not found for identifier: {call.path['id']}"
        raise not_found(text, "job_not_found")
    return job


def get(call: ApiCall) -> Record:
    """Handle `GET /export/content/data/{id}`; each request advances the job by one step."""
    return _looked_at(call, "exports")


def get_report(call: ApiCall) -> Record:
    """Handle `GET /export/reporting_data/{id}`."""
    return _looked_at(call, "reports")


def _looked_at(call: ApiCall, shelf: str) -> Record:
    job = _job(call, shelf)
    job = {**job, "status": _NEXT.get(job["status"], job["status"])}
    call.store.tables[shelf][call.path["id"]] = job
    return _shown(job)


def cancel(call: ApiCall) -> Record:
    """Handle `POST /export/cancel/{id}`."""
    job = {**_job(call, "exports"), "status": "canceled"}
    call.store.tables["exports"][call.path["id"]] = job
    return _shown(job)


def download(call: ApiCall) -> FileResponse:
    """Handle `GET /download/content/data/{id}`: gzipped CSV."""
    job = _finished(call, "exports")
    content = _csv((*_RECEIPT, *_CONTENT), _receipts(call, job))
    return FileResponse(
        gzip.compress(content, mtime=0), "application/octet-stream", "receipts.csv.gz"
    )


def download_report(call: ApiCall) -> FileResponse:
    """Handle `GET /download/reporting_data/{id}`: CSV."""
    job = _finished(call, "reports")
    names = job["attribute_ids"]
    rows = ([row[name] for name in names] for row in _conversations(call, job))
    return FileResponse(_csv(names, rows), "application/octet-stream", "conversation.csv")


def _finished(call: ApiCall, shelf: str) -> Record:
    job = _job(call, shelf)
    if job["status"] != "completed":
        raise not_found("The export is not ready")
    return job


def _receipts(call: ApiCall, job: Record) -> Iterable[list[object]]:
    contacts = [r for r in call.store.people.contacts.values() if r["email"]]
    for position, contact in enumerate(contacts):
        at = contact["created_at"] + 3_600
        if job["created_at_after"] <= at <= job["created_at_before"]:
            who = [contact["id"], contact["external_id"], contact["email"], contact["name"]]
            title = ("Welcome to Lanternboard", "Tips for boards")[position % 2]
            opened = "true" if position % 3 else "false"
            yield [f"r{position}", *who, 500 + position % 2, "email", title, at, opened]


def _conversations(call: ApiCall, job: Record) -> Iterable[Record]:
    for record in call.store.conversations.values():
        if job["start_time"] <= record["created_at"] <= job["end_time"]:
            yield {
                "conversation_id": record["id"],
                "conversation_started_at": record["created_at"],
                "state": record["state"],
                "channel": record["source"]["type"],
                "admin_assignee_id": record["admin_assignee_id"],
                "time_to_admin_reply": (record["statistics"] or {}).get("time_to_admin_reply"),
            }


def _csv(names: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()


def datasets(call: ApiCall) -> Record:
    """Handle `GET /export/reporting_data/get_datasets`."""
    attributes = [{"id": key, "name": name} for key, name in _ATTRIBUTES.items()]
    dataset = {
        "id": "conversation",
        "name": "Conversation",
        "description": "One row per conversation.",
        "default_time_attribute_id": "conversation_started_at",
        "attributes": attributes,
    }
    return {"type": "list", "data": [dataset]}


def get_workflow(call: ApiCall) -> Record:
    """Handle `GET /export/workflows/{id}`."""
    record = Resource("workflows").find(call)
    return {"export_version": "1.0", "exported_at": iso(NOW), "app_id": 4_711, "workflow": record}
