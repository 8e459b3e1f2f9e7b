"""Parameters for every operation that the demo workspace can answer."""

from __future__ import annotations

from typing import Any

from intercom_nb.catalog.model import Operation, Parameter
from intercom_nb.demo import DemoWorkspace

_BY_TYPE = {"integer": 1, "time": "2026-10-01", "boolean": True, "string": "x", "id": "7"}


def example(param: Parameter) -> Any:
    """Give the parameter's example, or a value of its type."""
    if param.example is not None:
        return param.example
    return param.enum[0] if param.enum else _BY_TYPE.get(param.type, [])


def needed(op: Operation) -> dict[str, Any]:
    """Give examples for what an operation needs, and for the first of each group of one_of."""
    first = [group[0] for group in op.one_of]
    given = {p.name: example(p) for p in op.params if p.required or p.name in first}
    for param in op.params:
        if any(given.get(name) in values for name, values in param.required_when.items()):
            given[param.name] = example(param)
    return given


class Values:
    """Ids that exist in a demo workspace, by the names that paths and bodies have for them."""

    def __init__(self, workspace: DemoWorkspace) -> None:
        store = self.store = workspace.store
        shelves, people, lists = store.tables, store.people, store.organization
        held = (people.contact_tags, people.contact_companies, people.contact_notes)
        self.user = next(
            c
            for c in people.contacts.values()
            if c["role"] == "user"
            and c["external_id"]
            and all(lists_of.get(c["id"]) for lists_of in held)
            and int(c["id"][-4:], 16) % 5  # so many kinds of events the demo has of a contact
        )
        self.lead = next(c for c in people.contacts.values() if c["role"] == "lead")
        conversation = next(iter(store.conversations))
        call = next(k for k, c in store.calls.items() if c["recording_url"])
        self.by_name: dict[str, Any] = {
            "contact_id": self.user["id"],
            "conversation_id": conversation,
            "company_id": next(iter(people.companies)),
            "note_id": next(iter(people.notes)),
            "call_id": call,
            "ticket_id": next(iter(store.tickets)),
            "tag_id": list(lists.tags)[-1],
            "team_id": next(iter(lists.teams)),
            "admin_id": next(iter(lists.admins)),
            "author_id": next(iter(lists.admins)),
            "owner_id": next(iter(lists.admins)),
            "assignee_id": next(iter(lists.admins)),
            "segment_id": next(iter(lists.segments)),
            "internal_article_id": next(iter(lists.articles)),
            "custom_object_type_identifier": "Order",
            "custom_object_instance_id": next(iter(shelves["orders"])),
            "attribute_id": "8800",
            "data_attribute_id": "12870",
            "subscription_id": next(iter(shelves["subscription_types"])),
            "ticket_state_id": next(iter(shelves["ticket_states"])),
            "job_id": "job-1",
            "intercom_user_id": self.user["id"],
        }
        self.by_name |= {
            name: next(iter(shelves[shelf]))
            for name, shelf in {
                "article_id": "articles",
                "collection_id": "collections",
                "help_center_id": "help_centers",
                "news_item_id": "news_items",
                "newsfeed_id": "newsfeeds",
                "ticket_type_id": "ticket_types",
                "source_id": "content_import_sources",
                "page_id": "external_pages",
            }.items()
        }

    def of(self, op: Operation) -> dict[str, Any]:
        """Give parameters with which the demo carries an operation out."""
        given = needed(op)
        for param in op.params:
            if param.name in given and param.wire_name in self.by_name and param.type == "id":
                given[param.name] = self.by_name[param.wire_name]
        return {**given, **self._special(op)}

    def _special(self, op: Operation) -> dict[str, Any]:
        tag, shelves = self.by_name["tag_id"], self.store.tables
        contact = {"id": self.user["id"]}
        special: dict[str, dict[str, Any]] = {
            "contacts.attach_company": {"id": self.by_name["company_id"]},
            "contacts.attach_subscription": {"id": self.by_name["subscription_id"]},
            "contacts.merge": {"from": self.lead["id"], "into": self.user["id"]},
            "contacts.get_by_external_id": {"external_id": self.user["external_id"]},
            "contacts.create": {"email": "new@example.com"},
            "companies.create": {"company_id": "new-1"},
            "conversations.create": {"from": {"type": "user", **contact}},
            "conversations.attach_contact": {"customer": {"intercom_user_id": self.user["id"]}},
            "conversations.get": {"id": self.by_name["conversation_id"]},
            "conversations.list_handling_events": {"id": self.by_name["conversation_id"]},
            "conversations.reply": {"intercom_user_id": None},
            "tickets.reply": {"intercom_user_id": None},
            "tickets.create": {"contacts": [contact]},
            "tickets.enqueue_create": {"contacts": [contact]},
            "tickets.update": {"open": False},
            "messages.create": {"to": {"type": "user", **contact}},
            "data_events.list": {"user_id": self.user["external_id"]},
            "data_attributes.create": {"name": "colour"},
            "custom_object_instances.get_by_external_id": {"external_id": "order-1"},
            "custom_object_instances.delete_by_external_id": {"external_id": "order-2"},
            "fin_voice_calls.get": {"id": "6101"},
            "fin_voice_calls.get_by_external_id": {"external_id": "call-2"},
            "fin_voice_calls.get_by_phone_number": {"phone_number": "+15550100001"},
            "fin_voice_calls.list": {"conversation_id": "5001"},
            "workflows.export": {"id": next(iter(shelves["workflows"]))},
            "brands.get": {"id": next(iter(shelves["brands"]))},
            "emails.get": {"id": next(iter(shelves["emails"]))},
            "calls.search": {
                "conversation_ids": [
                    self.store.calls[self.by_name["call_id"]]["conversation_id"],
                ]
            },
        }
        if op.action == "attach_tag":
            return {"id": tag, **special.get(op.name, {})}
        if op.action == "search" and op.paging.style == "cursor_body":
            return {"query": {"created_at__gt": "2026-01-01"}}
        return special.get(op.name, {})
