"""Search of operations, columns and metrics by words, for an agent."""

from __future__ import annotations

from typing import Any

from ..agents.description import describe_section
from ..agents.tool import offer_of
from ..connector.connector import IntercomConnector
from .metrics import metric_names

_MAX_FOUND = 20  # of each kind: about 1,000 tokens


def find(connector: IntercomConnector, words: str) -> dict[str, Any]:
    """Find what the server offers, the best first; ``hint`` says when something was left out.

    >>> import intercom_nb
    >>> find(intercom_nb.connect("demo"), "csat")["metrics"][0]
    'csat'
    """
    rows = connector.find(words).to_dict(orient="records")
    offered = _offered(connector)
    found = {
        "operations": [
            {name: row[name] for name in ("entity", "action", "kind", "description")}
            for row in rows
            if row["kind"] in {"read", "write"} and (row["entity"], row["action"]) in offered
        ],
        "columns": [
            {"entity": row["entity"], "column": row["action"], "description": row["description"]}
            for row in rows
            if row["kind"] == "column"
        ],
        "metrics": [
            row["action"]
            for row in rows
            if row["kind"] == "metric" and row["action"] in metric_names()
        ],
    }
    is_cut = any(len(items) > _MAX_FOUND for items in found.values())
    shown: dict[str, Any] = {kind: items[:_MAX_FOUND] for kind, items in found.items()}
    return {**shown, "hint": "There are more. Use more words."} if is_cut else shown


def describe(connector: IntercomConnector, entity: str, action: str | None) -> str:
    """Describe what the server offers of an entity, or one action with its search fields.

    Raises UnknownNameError for anything else.

    >>> import intercom_nb
    >>> describe(intercom_nb.connect("demo"), "teams", "get").splitlines()[0]
    'teams.get - Get one team by its id.'
    """
    section = entity if action is None else f"{entity}.{action}"
    return describe_section(section, **offer_of(connector))


def _offered(connector: IntercomConnector) -> set[tuple[str, str]]:
    return {
        (op.entity, op.action)
        for op in connector.operations()
        if connector.supports(op)
        and not op.is_for_code
        and (connector.allow_writes or not op.writes)
    }
