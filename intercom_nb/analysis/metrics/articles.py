"""Articles: read, rated, and not helpful."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...frames.read.columns import STRING
from .. import formatting
from ..coverage import Coverage
from ..facts import Facts, read_table
from ..result import finish, metric
from ..stats import wilson

_S = "statistics."


@metric
def article_feedback(articles: Any, *, top: int | None = 20) -> pd.DataFrame:
    """Rank articles that are read but do not help.

    Definition: ``unhelpful`` is the number of sad reactions, ``statistics.reactions`` times
    ``statistics.sad_reaction_percentage``; ``unhelpful_share`` is its share of all reactions with
    its 95 % Wilson interval (low, high). ``conversions`` are conversations that began from the
    article. All numbers are since the article was published. Articles without reactions come last.

    Args:
        articles: A DataFrame of ``c.articles.list()``, or a dataset.
        top: Number of articles (None: all).

    Returns one row per article, the most unhelpful first: article (title), article_id, views,
    reactions, unhelpful, conversions (int64), unhelpful_share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> articles = intercom_nb.connect("demo").sync.articles.list(limit=None)
    >>> analysis.article_feedback(articles, top=3).shape
    (3, 9)
    """
    names = ["views", "reactions", "sad_reaction_percentage", "conversions"]
    rows = read_table(articles, "articles", ["id", "title", *(_S + name for name in names)])
    numbers = {name: rows[_S + name].fillna(0) for name in names}
    unhelpful = (numbers["reactions"] * numbers["sad_reaction_percentage"] / 100).round()
    frame = pd.DataFrame(
        {
            "article": rows["title"].fillna(rows["id"]).astype(STRING),
            "article_id": rows["id"].astype(STRING),
            "views": numbers["views"].astype("int64"),
            "reactions": numbers["reactions"].astype("int64"),
            "unhelpful": unhelpful.astype("int64"),
            "conversions": numbers["conversions"].astype("int64"),
        }
    )
    shares = wilson(frame["unhelpful"], frame["reactions"])
    frame = frame.join(shares.rename(columns={"share": "unhelpful_share"}))
    order = ["unhelpful", "views", "article_id"]
    frame = frame.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)
    finding = _finding(frame)
    counts = {
        "articles": len(frame),
        "with_reactions": int((frame["reactions"] > 0).sum()),
        "never_read": int((frame["views"] == 0).sum()),
    }
    return finish(
        frame.head(len(frame) if top is None else top),
        "article_feedback",
        Facts(rows, "UTC", None, Coverage()),
        finding=finding,
        chart={"kind": "ranking", "name": "article", "value": "unhelpful"},
        counts=counts,
    )


def _finding(frame: pd.DataFrame) -> str:
    rated = frame[frame["reactions"] > 0]
    if rated.empty:
        return "No article has a reaction yet."
    top = rated.iloc[0]
    return (
        f"\u201c{top['article']}\u201d was not helpful most often: "
        f"{top['unhelpful']:,} of {formatting.plural(int(top['reactions']), 'reaction')}, "
        f"{formatting.plural(int(top['views']), 'view')}"
    )
