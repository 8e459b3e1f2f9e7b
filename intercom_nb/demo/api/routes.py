"""Every operation of the demo API: method, path, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from intercom_nb.demo.api import (
    articles,
    companies,
    contacts,
    conversations,
    crud,
    desk,
    exports,
    knowledge,
    lists,
    notes,
    other_writes,
    relations,
    support,
    tags,
)
from intercom_nb.demo.api.call import Answer, Call

Handler = Callable[[Call], Answer]


class Route(NamedTuple):
    """One operation; a path step in braces takes any value."""

    method: str
    path: str
    handler: Handler


ROUTES = (
    Route("GET", "/me", lists.identify),
    Route("GET", "/admins", lists.admins),
    Route("GET", "/admins/activity_logs", desk.activity_logs),
    Route("GET", "/admins/{id}", lists.admin),
    Route("GET", "/teams", lists.teams),
    Route("GET", "/teams/{id}", lists.team),
    Route("GET", "/segments", lists.segments),
    Route("GET", "/segments/{id}", lists.segment),
    Route("GET", "/data_attributes", lists.data_attributes),
    Route("GET", "/tags", tags.list_all),
    Route("POST", "/tags", tags.create),
    Route("GET", "/tags/{id}", tags.get),
    Route("DELETE", "/tags/{id}", tags.delete),
    Route("GET", "/contacts", contacts.list_all),
    Route("POST", "/contacts", contacts.create),
    Route("POST", "/contacts/search", contacts.search),
    Route("GET", "/contacts/find_by_external_id/{id}", contacts.get_by_external_id),
    Route("GET", "/contacts/{id}", contacts.get),
    Route("PUT", "/contacts/{id}", contacts.update),
    Route("DELETE", "/contacts/{id}", contacts.delete),
    Route("GET", "/contacts/{id}/companies", contacts.list_companies),
    Route("GET", "/contacts/{id}/segments", contacts.list_segments),
    Route("GET", "/contacts/{id}/tags", contacts.list_tags),
    Route("GET", "/contacts/{id}/notes", notes.list_of_contact),
    Route("POST", "/contacts/{id}/notes", notes.create),
    Route("GET", "/notes/{id}", notes.get),
    Route("GET", "/conversations", conversations.list_all),
    Route("POST", "/conversations", conversations.create),
    Route("POST", "/conversations/search", conversations.search),
    Route("GET", "/conversations/deleted", conversations.list_deleted),
    Route("GET", "/conversations/{id}", conversations.get),
    Route("PUT", "/conversations/{id}", conversations.update),
    Route("DELETE", "/conversations/{id}", conversations.delete),
    Route("GET", "/companies", companies.list_or_find),
    Route("POST", "/companies", companies.create_or_update),
    Route("POST", "/companies/list", companies.list_all),
    Route("GET", "/companies/scroll", companies.scroll),
    Route("GET", "/companies/{id}", companies.get),
    Route("PUT", "/companies/{id}", companies.update),
    Route("DELETE", "/companies/{id}", companies.delete),
    Route("GET", "/companies/{id}/contacts", companies.list_contacts),
    Route("GET", "/companies/{id}/segments", companies.list_segments),
    Route("GET", "/companies/{id}/notes", companies.list_notes),
    Route("GET", "/internal_articles", articles.list_all),
    Route("POST", "/internal_articles", articles.create),
    Route("GET", "/internal_articles/search", articles.search),
    Route("GET", "/internal_articles/{id}", articles.get),
    Route("PUT", "/internal_articles/{id}", articles.update),
    Route("DELETE", "/internal_articles/{id}", articles.delete),
    Route("GET", "/articles/search", knowledge.search),
    Route("GET", "/articles", crud.ARTICLES.list_pages),
    Route("POST", "/articles", crud.ARTICLES.create),
    Route("GET", "/articles/{id}", crud.ARTICLES.get),
    Route("PUT", "/articles/{id}", crud.ARTICLES.update),
    Route("DELETE", "/articles/{id}", crud.ARTICLES.delete),
    Route("GET", "/help_center/collections", crud.COLLECTIONS.list_pages),
    Route("POST", "/help_center/collections", crud.COLLECTIONS.create),
    Route("GET", "/help_center/collections/{id}", crud.COLLECTIONS.get),
    Route("PUT", "/help_center/collections/{id}", crud.COLLECTIONS.update),
    Route("DELETE", "/help_center/collections/{id}", crud.COLLECTIONS.delete),
    Route("GET", "/help_center/help_centers", crud.HELP_CENTERS.list_all),
    Route("GET", "/help_center/help_centers/{id}", crud.HELP_CENTERS.get),
    Route("GET", "/news/news_items", crud.NEWS.list_pages),
    Route("POST", "/news/news_items", crud.NEWS.create),
    Route("GET", "/news/news_items/{id}", crud.NEWS.get),
    Route("PUT", "/news/news_items/{id}", crud.NEWS.update),
    Route("DELETE", "/news/news_items/{id}", crud.NEWS.delete),
    Route("GET", "/news/newsfeeds", crud.NEWSFEEDS.list_pages),
    Route("GET", "/news/newsfeeds/{id}", crud.NEWSFEEDS.get),
    Route("GET", "/news/newsfeeds/{id}/items", knowledge.news_of_feed),
    Route("GET", "/ai/content_import_sources", crud.SOURCES.list_urls),
    Route("POST", "/ai/content_import_sources", crud.SOURCES.create),
    Route("GET", "/ai/content_import_sources/{id}", crud.SOURCES.get),
    Route("PUT", "/ai/content_import_sources/{id}", crud.SOURCES.update),
    Route("DELETE", "/ai/content_import_sources/{id}", crud.SOURCES.delete),
    Route("GET", "/ai/external_pages", crud.PAGES.list_urls),
    Route("POST", "/ai/external_pages", crud.PAGES.create),
    Route("GET", "/ai/external_pages/{id}", crud.PAGES.get),
    Route("PUT", "/ai/external_pages/{id}", crud.PAGES.update),
    Route("DELETE", "/ai/external_pages/{id}", crud.PAGES.delete_whole),
    Route("GET", "/brands", crud.BRANDS.list_all),
    Route("GET", "/brands/{id}", crud.BRANDS.get),
    Route("GET", "/emails", crud.EMAILS.list_all),
    Route("GET", "/emails/{id}", crud.EMAILS.get),
    Route("GET", "/away_status_reasons", crud.AWAY_REASONS.list_all),
    Route("GET", "/subscription_types", crud.SUBSCRIPTIONS.list_all),
    Route("GET", "/ticket_states", crud.TICKET_STATES.list_all),
    Route("GET", "/ticket_types", crud.TICKET_TYPES.list_all),
    Route("POST", "/ticket_types", crud.TICKET_TYPES.create),
    Route("GET", "/ticket_types/{id}", crud.TICKET_TYPES.get),
    Route("PUT", "/ticket_types/{id}", crud.TICKET_TYPES.update),
    Route("GET", "/calls", crud.CALLS.list_pages),
    Route("GET", "/calls/{id}", crud.CALLS.get),
    Route("POST", "/calls/search", support.search_calls),
    Route("GET", "/calls/{id}/recording", support.recording),
    Route("GET", "/calls/{id}/transcript", support.transcript),
    Route("GET", "/demo-files/{name}", support.file),
    Route("POST", "/tickets/search", support.search_tickets),
    Route("POST", "/tickets/enqueue", support.enqueue_ticket),
    Route("POST", "/tickets", support.create_ticket),
    Route("GET", "/tickets/{id}", support.get_ticket),
    Route("PUT", "/tickets/{id}", support.update_ticket),
    Route("DELETE", "/tickets/{id}", support.delete_ticket),
    Route("GET", "/conversations/{id}/handling_events", support.handling_events),
    Route("GET", "/jobs/status/{id}", crud.JOBS.get),
    Route("GET", "/events", desk.list_events),
    Route("POST", "/events", desk.create_event),
    Route("GET", "/contacts/{id}/subscriptions", desk.subscriptions),
    Route("GET", "/custom_object_instances/{type}", desk.order_by_external_id),
    Route("GET", "/custom_object_instances/{type}/{id}", desk.order),
    Route("GET", "/fin_voice/conversation/{id}", desk.fin_calls),
    Route("GET", "/fin_voice/collect/{id}", desk.fin_call),
    Route("GET", "/fin_voice/external_id/{id}", desk.fin_call_by_external_id),
    Route("GET", "/fin_voice/phone_number/{id}", desk.fin_call_by_phone),
    Route("GET", "/ip_allowlist", desk.allowlist),
    Route("GET", "/visitors", desk.visitor),
    Route("GET", "/export/workflows/{id}", desk.workflow),
    Route("POST", "/export/content/data", exports.create),
    Route("GET", "/export/content/data/{id}", exports.get),
    Route("POST", "/export/cancel/{id}", exports.cancel),
    Route("GET", "/download/content/data/{id}", exports.download),
    Route("POST", "/export/reporting_data/enqueue", exports.create_report),
    Route("GET", "/export/reporting_data/get_datasets", exports.datasets),
    Route("GET", "/export/reporting_data/{id}", exports.get_report),
    Route("GET", "/download/reporting_data/{id}", exports.download_report),
    Route("POST", "/contacts/{id}/tags", relations.attach_tag_to_contact),
    Route("DELETE", "/contacts/{id}/tags/{tag}", relations.detach_tag_from_contact),
    Route("POST", "/contacts/{id}/companies", relations.attach_company),
    Route("DELETE", "/contacts/{id}/companies/{company}", relations.detach_company),
    Route("POST", "/contacts/{id}/subscriptions", relations.attach_subscription),
    Route("DELETE", "/contacts/{id}/subscriptions/{subscription}", relations.detach_subscription),
    Route("POST", "/contacts/{id}/archive", relations.archive),
    Route("POST", "/contacts/{id}/unarchive", relations.unarchive),
    Route("POST", "/contacts/{id}/block", relations.block),
    Route("POST", "/contacts/merge", relations.merge),
    Route("POST", "/conversations/{id}/tags", relations.attach_tag_to_conversation),
    Route("DELETE", "/conversations/{id}/tags/{tag}", relations.detach_tag_from_conversation),
    Route("POST", "/conversations/{id}/customers", relations.attach_contact),
    Route("DELETE", "/conversations/{id}/customers/{contact}", relations.detach_contact),
    Route("POST", "/conversations/{id}/reply", relations.reply),
    Route("POST", "/conversations/{id}/parts", relations.manage),
    Route("POST", "/conversations/redact", relations.redact),
    Route("POST", "/conversations/{id}/convert", relations.convert),
    Route("POST", "/tickets/{id}/tags", relations.attach_tag_to_ticket),
    Route("DELETE", "/tickets/{id}/tags/{tag}", relations.detach_tag_from_ticket),
    Route("POST", "/tickets/{id}/reply", relations.reply_to_ticket),
    Route("PUT", "/admins/{id}/away", relations.set_away),
    Route("POST", "/data_attributes", other_writes.create_attribute),
    Route("PUT", "/data_attributes/{id}", other_writes.update_attribute),
    Route("POST", "/events/summaries", other_writes.create_event_summaries),
    Route("POST", "/custom_object_instances/{type}", other_writes.create_order),
    Route("DELETE", "/custom_object_instances/{type}", other_writes.delete_order),
    Route("DELETE", "/custom_object_instances/{type}/{id}", other_writes.delete_order),
    Route("POST", "/messages", other_writes.create_message),
    Route("POST", "/fin/start", other_writes.talk_to_fin),
    Route("POST", "/fin/reply", other_writes.talk_to_fin),
    Route("POST", "/fin/csat", other_writes.rate_fin),
    Route("POST", "/fin_voice/register", other_writes.register_fin_call),
    Route("PUT", "/ip_allowlist", other_writes.update_allowlist),
    Route("POST", "/phone_call_redirects", other_writes.redirect_call),
    Route("PUT", "/visitors", other_writes.update_visitor),
    Route("POST", "/visitors/convert", other_writes.convert_visitor),
    Route("POST", "/ticket_types/{id}/attributes", other_writes.create_ticket_attribute),
    Route("PUT", "/ticket_types/{id}/attributes/{attribute}", other_writes.update_ticket_attribute),
)


class Match(NamedTuple):
    """The function that answers a request, and the values in its path."""

    handler: Handler
    values: dict[str, str]


class Router:
    """Find the function for a method and a path.

    >>> Router(ROUTES).find("GET", "/contacts/5/notes").values
    {'id': '5'}
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}
        for route in routes:
            steps = route.path.strip("/").split("/")
            self._by_shape.setdefault((route.method, len(steps)), []).append((steps, route.handler))

    def find(self, method: str, path: str) -> Match | None:
        """Return the first route that fits; fixed words come before values in the table."""
        steps = path.strip("/").split("/")
        for pattern, handler in self._by_shape.get((method, len(steps)), []):
            values = {}
            for expected, step in zip(pattern, steps, strict=True):
                if expected.startswith("{"):
                    values[expected[1:-1]] = step
                elif expected != step:
                    break
            else:
                return Match(handler, values)
        return None
