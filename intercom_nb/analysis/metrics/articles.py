"""Articles: read, rated, and not helpful."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...frames.read.columns import STRING
from .. import formatting
from ..arguments import check_least
from ..coverage import Coverage
from ..facts import CREATED, TIMES, Facts, dated, read_table
from ..groups import By, Split, one_dimension
from ..names import unique
from ..result import finish, metric
from ..stats import wilson

_S = "statistics."
_NUMBERS = ("views", "reactions", "sad_reaction_percentage", "conversions")
_NOT_OF_ARTICLES = ("team", "teammate", "channel", "priority", "topic", "fin_state")


@metric
def article_feedback(
    articles: Any, by: By = None, *, top: int | None = 20, zone: str = "UTC", names: Any = None
) -> pd.DataFrame:
    """Rank articles that are read but do not help.

    Definition: ``unhelpful`` is the number of sad reactions, ``statistics.reactions`` times
    ``statistics.sad_reaction_percentage``; ``unhelpful_share`` is its share of all reactions with
    its 95% Wilson interval (low, high). ``conversions`` are conversations that began from the
    article. All numbers are since the article was published. Articles without reactions come last.

    Args:
        articles: A DataFrame of ``c.articles.list()``, or a dataset.
        by: One more dimension: ``"tag"``, ``"state"``, a time of creation, or a column such as
            ``"author_id"`` or ``"parent_id"`` (the collection).
        top: Number of articles, in each group (None: all).
        zone: Time zone of a time.
        names: Names of the groups, by id.

    Returns one row per group and article, the most unhelpful first: article (title), article_id,
    views, reactions, unhelpful, conversions (int64), unhelpful_share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> articles = intercom_nb.connect("demo").sync.articles.list(limit=None)
    >>> analysis.article_feedback(articles, top=3).shape
    (3, 9)
    """
    check_least("top", top)
    by = one_dimension(by, "article_feedback", _NOT_OF_ARTICLES, "articles do not have it")
    split = Split.of(by, names, articles)
    needs = ["id", "title", CREATED, *(_S + name for name in _NUMBERS), *split.columns]
    rows, notes = read_table(articles, "articles", needs)
    if set(split.by) & set(TIMES):
        rows, undated = dated(rows, "article")
        notes = (*notes, *undated)
    facts = Facts(rows, zone, None, Coverage(), notes)
    groups, whole = split.group(facts), _ranked(facts)
    return finish(
        groups.each(facts, lambda part: _ranked(part).iloc[:top]),
        "article_feedback",
        facts.noted(*groups.notes),
        finding=_finding(whole),
        chart={
            "kind": "ranking" if not groups.by else "matrix",
            "name": "article",
            "by": [*groups.by, "article"],
            "value": "unhelpful",
            "what": "sad reactions to each article",
            "n": "reactions",
            "unit": "reactions",
        },
        counts={
            "articles": len(whole),
            "with_reactions": int((whole["reactions"] > 0).sum()),
            "never_read": int((whole["views"] == 0).sum()),
        },
    )


def _ranked(facts: Facts) -> pd.DataFrame:
    """Rank all articles by their sad reactions."""
    numbers = {name: facts[_S + name].fillna(0) for name in _NUMBERS}
    unhelpful = (numbers["reactions"] * numbers["sad_reaction_percentage"] / 100).round()
    counts = {**numbers, "unhelpful": unhelpful}
    titles = dict(zip(facts["id"], facts["title"].fillna(facts["id"]), strict=True))
    order = ["views", "reactions", "unhelpful", "conversions"]
    frame = pd.DataFrame(
        {
            "article": facts["id"].map(unique(titles)).astype(STRING),
            "article_id": facts["id"].astype(STRING),
            **{name: counts[name].astype("int64") for name in order},
        }
    )
    shares = wilson(frame["unhelpful"], frame["reactions"])
    frame = frame.join(shares.rename(columns={"share": "unhelpful_share"}))
    return frame.sort_values(
        ["unhelpful", "views", "article_id"], ascending=[False, False, True]
    ).reset_index(drop=True)


def _finding(frame: pd.DataFrame) -> str:
    rated = frame[frame["reactions"] > 0]
    if rated.empty:
        return "No article has a reaction yet."
    top = rated.iloc[0]
    return (
        f"\u201c{top['article']}\u201d has the most unhelpful reactions: "
        f"{top['unhelpful']:,} of {int(top['reactions']):,} "
        f"({formatting.plural(int(top['views']), 'view')})"
    )
