"""Help center: article search, and the news of a newsfeed."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.crud import ARTICLES, NEWS, NEWSFEEDS, Resource, page_response
from intercom_nb.demo.api.errors import invalid
from intercom_nb.demo.data.organization import Record

_FOUND = Resource("articles", per_page=10)


def search_articles(call: ApiCall) -> Record:
    """Handle `GET /articles/search`: articles that hold the phrase, on request with highlights."""
    phrase, state = (call.text("phrase") or "").casefold(), call.text("state") or "all"
    if state not in ("published", "draft", "all"):
        raise invalid("state must be published, draft or all", "state")
    found = [
        record
        for record in ARTICLES.records(call).values()
        if phrase in f"{record['title']} {record['body']}".casefold()
        and state in ("all", record["state"])
    ]
    response = page_response(call, found, _FOUND)
    marks = [_highlight(record) for record in response["data"]] if call.is_set("highlight") else []
    return {**response, "data": {"articles": response["data"], "highlights": marks}}


def _highlight(record: Record) -> Record:
    title = [{"type": "highlight", "text": record["title"]}]
    return {"article_id": record["id"], "highlighted_title": title, "highlighted_summary": [title]}


def list_newsfeed_items(call: ApiCall) -> Record:
    """Handle `GET /news/newsfeeds/{id}/items`: what is live in the feed."""
    feed = int(NEWSFEEDS.find(call)["id"])
    found = [
        record
        for record in NEWS.records(call).values()
        if any(entry["newsfeed_id"] == feed for entry in record["newsfeed_assignments"])
    ]
    return page_response(call, found, NEWS)
