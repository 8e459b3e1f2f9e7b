"""Records of the demo workspace, from which other workspaces are made."""

from __future__ import annotations

import json
from typing import Any

from intercom_nb.demo import TOKEN, DemoRequest, DemoWorkspace

Record = dict[str, Any]
_HEADERS = {
    "authorization": f"Bearer {TOKEN}",
    "accept": "application/json",
    "content-type": "application/json",
    "intercom-version": "2.15",
}
_PAGE = 150


class Templates:
    """Responses of the demo workspace, as JSON."""

    def __init__(self) -> None:
        self._workspace = DemoWorkspace(rate_limit=None)

    def search(self, entity: str, count: int) -> list[Record]:
        """Return a number of records of a search, or all."""
        key = "data" if entity == "contacts" else entity
        found: list[Record] = []
        paging: Record = {"per_page": _PAGE}
        query = {"field": "created_at", "operator": ">", "value": 0}
        while len(found) < count:
            body = json.dumps({"query": query, "pagination": paging}).encode()
            page = self._ask("POST", f"/{entity}/search", body)
            found += page[key]
            following = page["pages"].get("next")
            if not following:
                break
            paging = {"per_page": _PAGE, "starting_after": following["starting_after"]}
        return found[:count]

    def conversation(self, key: str) -> Record:
        """Return a conversation with its parts."""
        return self._ask("GET", f"/conversations/{key}")

    def companies(self) -> list[Record]:
        """Return the companies of the first page of a scroll."""
        found: list[Record] = self._ask("GET", "/companies/scroll")["data"]
        return found

    def _ask(self, method: str, path: str, body: bytes = b"") -> Record:
        response = self._workspace.handle(DemoRequest(method, path, headers=_HEADERS, body=body))
        found: Record = json.loads(response.body)
        return found
