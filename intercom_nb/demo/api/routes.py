"""Every operation of the demo API: method, path, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from intercom_nb.demo.api import articles, companies, contacts, conversations, lists, notes, tags
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
