"""Meanings of columns, for people: ``meanings.json``."""

from __future__ import annotations

from .model import read_data


def meaning(record: str, column: str) -> str:
    """Return what a column of a record means, or an empty text if the catalog does not say.

    The record may be the singular of an entity, a record type, or what a child table holds.

    >>> meaning("conversation", "waiting_since")
    "Since when the customer waits for a reply; missing after a teammate's reply"
    >>> meaning("conversation", "company.size")
    'Employees, as your app says'
    """
    meanings = read_data("meanings.json", dict[str, dict[str, str]])
    own = meanings.get(record.removesuffix("_list_item"), {})
    if column in own:
        return own[column]
    inside, _, rest = column.partition(".")  # company.size of a conversation
    if rest and rest in meanings.get(inside, {}):
        return meanings[inside][rest]
    steps = column.split(".")
    ends = (".".join(steps[i:]) for i in range(len(steps)))
    return next((meanings["*"][end] for end in ends if end in meanings["*"]), "")
