"""Hints for misspelled custom attributes, from what a connector has read before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .. import catalog
from ..calls.plan import CallPlan
from ..errors import APIError, did_you_mean

# Tickets are searched by ticket_attribute.<name> and have columns ticket_attributes.<name>.
_ATTRIBUTE = re.compile(r"(custom_attributes|ticket_attributes?)\.(.+)", re.S)


def explain_attributes(error: APIError, call: CallPlan, seen: Mapping[str, Any]) -> None:
    """Add "Did you mean" to the error of a search that the server refused.

    ``seen`` has the columns of earlier results by entity, and the last ``data_attributes`` frame.
    """
    queries = call.queries or [call.params.get("query") or {}]
    known = sorted(_known(call.operation.entity, seen))
    for prefix, name in dict.fromkeys(found for query in queries for found in _used(query)):
        if name not in known and (hint := did_you_mean(name, known)):
            error.args = (f"{error} No result so far has {prefix}.{name}.{hint}",)


def _used(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the prefix and the name of each custom attribute in a query."""
    if found := _ATTRIBUTE.fullmatch(str(node.get("field"))):
        yield found[1], found[2]
    elif isinstance(members := node.get("value"), list):
        for member in members:
            yield from _used(member)


def _known(entity: str, seen: Mapping[str, Any]) -> set[str]:
    names = {f[2] for column in seen.get(entity, ()) if (f := _ATTRIBUTE.fullmatch(str(column)))}
    if (attributes := seen.get("data_attributes")) is not None:
        of_entity = attributes["model"] == catalog.singular(entity)
        full = attributes["full_name"][of_entity.fillna(value=False)].dropna()
        names |= {f[2] for name in full if (f := _ATTRIBUTE.fullmatch(name))}
    return names
