"""Routes of the demo API: method, path and handler of every operation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from intercom_nb.demo.api import (
    admins,
    calls,
    companies,
    contact_actions,
    contacts,
    conversation_actions,
    conversations,
    crud,
    custom_objects,
    data_attributes,
    events,
    exports,
    fin,
    help_center,
    internal_articles,
    ip_allowlist,
    notes,
    outbound,
    segments,
    tags,
    tickets,
    visitors,
)
from intercom_nb.demo.api.api_call import ApiCall, ApiResult

Handler = Callable[[ApiCall], ApiResult]


class Route(NamedTuple):
    """One operation; a path segment in braces matches any value."""

    method: str
    path: str
    handler: Handler


ROUTES = (
    Route("GET", "/me", admins.identify),
    Route("GET", "/admins", admins.list_all),
    Route("GET", "/admins/activity_logs", admins.list_activity_logs),
    Route("GET", "/admins/{id}", admins.get),
    Route("GET", "/teams", admins.list_teams),
    Route("GET", "/teams/{id}", admins.get_team),
    Route("GET", "/segments", segments.list_all),
    Route("GET", "/segments/{id}", segments.get),
    Route("GET", "/data_attributes", data_attributes.list_all),
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
    Route("GET", "/internal_articles", internal_articles.list_all),
    Route("POST", "/internal_articles", internal_articles.create),
    Route("GET", "/internal_articles/search", internal_articles.search),
    Route("GET", "/internal_articles/{id}", internal_articles.get),
    Route("PUT", "/internal_articles/{id}", internal_articles.update),
    Route("DELETE", "/internal_articles/{id}", internal_articles.delete),
    Route("GET", "/articles/search", help_center.search_articles),
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
    Route("GET", "/help_center/help_centers", crud.HELP_CENTERS.list_pages),
    Route("GET", "/help_center/help_centers/{id}", crud.HELP_CENTERS.get),
    Route("GET", "/news/news_items", crud.NEWS.list_pages),
    Route("POST", "/news/news_items", crud.NEWS.create),
    Route("GET", "/news/news_items/{id}", crud.NEWS.get),
    Route("PUT", "/news/news_items/{id}", crud.NEWS.update),
    Route("DELETE", "/news/news_items/{id}", crud.NEWS.delete),
    Route("GET", "/news/newsfeeds", crud.NEWSFEEDS.list_pages),
    Route("GET", "/news/newsfeeds/{id}", crud.NEWSFEEDS.get),
    Route("GET", "/news/newsfeeds/{id}/items", help_center.list_newsfeed_items),
    Route("GET", "/ai/content_import_sources", crud.SOURCES.list_pages_with_urls),
    Route("POST", "/ai/content_import_sources", crud.SOURCES.create),
    Route("GET", "/ai/content_import_sources/{id}", crud.SOURCES.get),
    Route("PUT", "/ai/content_import_sources/{id}", crud.SOURCES.update),
    Route("DELETE", "/ai/content_import_sources/{id}", crud.SOURCES.delete),
    Route("GET", "/ai/external_pages", crud.PAGES.list_pages_with_urls),
    Route("POST", "/ai/external_pages", crud.PAGES.create),
    Route("GET", "/ai/external_pages/{id}", crud.PAGES.get),
    Route("PUT", "/ai/external_pages/{id}", crud.PAGES.update),
    Route("DELETE", "/ai/external_pages/{id}", crud.PAGES.delete_returning_record),
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
    Route("POST", "/calls/search", calls.search),
    Route("GET", "/calls/{id}/recording", calls.get_recording),
    Route("GET", "/calls/{id}/transcript", calls.get_transcript),
    Route("GET", "/demo-files/{name}", calls.download_file),
    Route("POST", "/tickets/search", tickets.search),
    Route("POST", "/tickets/enqueue", tickets.enqueue),
    Route("POST", "/tickets", tickets.create),
    Route("GET", "/tickets/{id}", tickets.get),
    Route("PUT", "/tickets/{id}", tickets.update),
    Route("DELETE", "/tickets/{id}", tickets.delete),
    Route("GET", "/conversations/{id}/handling_events", conversation_actions.list_handling_events),
    Route("GET", "/jobs/status/{id}", crud.JOBS.get),
    Route("GET", "/events", events.list_summaries),
    Route("POST", "/events", events.create),
    Route("GET", "/contacts/{id}/subscriptions", contact_actions.list_subscriptions),
    Route("GET", "/custom_object_instances/{type}", custom_objects.get_or_list),
    Route("GET", "/custom_object_instances/{type}/{id}", custom_objects.get),
    Route("GET", "/fin_voice/conversation/{id}", fin.list_calls),
    Route("GET", "/fin_voice/collect/{id}", fin.get_call),
    Route("GET", "/fin_voice/external_id/{id}", fin.get_call_by_external_id),
    Route("GET", "/fin_voice/phone_number/{id}", fin.get_call_by_phone),
    Route("GET", "/ip_allowlist", ip_allowlist.get),
    Route("GET", "/visitors", visitors.get),
    Route("GET", "/export/workflows/{id}", exports.get_workflow),
    Route("POST", "/export/content/data", exports.create),
    Route("GET", "/export/content/data/{id}", exports.get),
    Route("POST", "/export/cancel/{id}", exports.cancel),
    Route("GET", "/download/content/data/{id}", exports.download),
    Route("POST", "/export/reporting_data/enqueue", exports.create_report),
    Route("GET", "/export/reporting_data/get_datasets", exports.datasets),
    Route("GET", "/export/reporting_data/{id}", exports.get_report),
    Route("GET", "/download/reporting_data/{id}", exports.download_report),
    Route("POST", "/contacts/{id}/tags", contact_actions.attach_tag),
    Route("DELETE", "/contacts/{id}/tags/{tag}", contact_actions.detach_tag),
    Route("POST", "/contacts/{id}/companies", contact_actions.attach_company),
    Route("DELETE", "/contacts/{id}/companies/{company}", contact_actions.detach_company),
    Route("POST", "/contacts/{id}/subscriptions", contact_actions.attach_subscription),
    Route(
        "DELETE", "/contacts/{id}/subscriptions/{subscription}", contact_actions.detach_subscription
    ),
    Route("POST", "/contacts/{id}/archive", contact_actions.archive),
    Route("POST", "/contacts/{id}/unarchive", contact_actions.unarchive),
    Route("POST", "/contacts/{id}/block", contact_actions.block),
    Route("POST", "/contacts/merge", contact_actions.merge),
    Route("POST", "/conversations/{id}/tags", conversation_actions.attach_tag),
    Route("DELETE", "/conversations/{id}/tags/{tag}", conversation_actions.detach_tag),
    Route("POST", "/conversations/{id}/customers", conversation_actions.attach_contact),
    Route("DELETE", "/conversations/{id}/customers/{contact}", conversation_actions.detach_contact),
    Route("POST", "/conversations/{id}/reply", conversation_actions.reply),
    Route("POST", "/conversations/{id}/parts", conversation_actions.manage),
    Route("POST", "/conversations/redact", conversation_actions.redact),
    Route("POST", "/conversations/{id}/convert", conversation_actions.convert),
    Route("POST", "/tickets/{id}/tags", tickets.attach_tag),
    Route("DELETE", "/tickets/{id}/tags/{tag}", tickets.detach_tag),
    Route("POST", "/tickets/{id}/reply", tickets.reply),
    Route("PUT", "/admins/{id}/away", admins.set_away),
    Route("POST", "/data_attributes", data_attributes.create),
    Route("PUT", "/data_attributes/{id}", data_attributes.update),
    Route("POST", "/events/summaries", events.create_summaries),
    Route("POST", "/custom_object_instances/{type}", custom_objects.create_or_update),
    Route("DELETE", "/custom_object_instances/{type}", custom_objects.delete),
    Route("DELETE", "/custom_object_instances/{type}/{id}", custom_objects.delete),
    Route("POST", "/messages", outbound.create_message),
    Route("POST", "/fin/start", fin.chat),
    Route("POST", "/fin/reply", fin.chat),
    Route("POST", "/fin/csat", fin.rate),
    Route("POST", "/fin_voice/register", fin.register_call),
    Route("PUT", "/ip_allowlist", ip_allowlist.update),
    Route("POST", "/phone_call_redirects", outbound.redirect_phone_call),
    Route("PUT", "/visitors", visitors.update),
    Route("POST", "/visitors/convert", visitors.convert),
    Route("POST", "/ticket_types/{id}/attributes", tickets.create_type_attribute),
    Route("PUT", "/ticket_types/{id}/attributes/{attribute}", tickets.update_type_attribute),
)


class Match(NamedTuple):
    """Handler of a request and the values in its path."""

    handler: Handler
    values: dict[str, str]


class Router:
    """Find the handler for a method and a path.

    >>> Router(ROUTES).find("GET", "/contacts/5/notes").values
    {'id': '5'}
    """

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Handler]]] = {}
        for route in routes:
            steps = route.path.strip("/").split("/")
            self._by_shape.setdefault((route.method, len(steps)), []).append((steps, route.handler))

    def find(self, method: str, path: str) -> Match | None:
        """Return the first matching route; list fixed segments before braces."""
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
