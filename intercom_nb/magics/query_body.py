"""Parser of a cell's body: conditions ``field op value``, or JSON -> arguments."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Mapping
from typing import Any

from ..catalog.expressions import Comparison, Filter
from ..catalog.filters import OPERATORS
from ..catalog.model import Operation
from ..catalog.search_fields import SearchFields
from ..errors import InvalidParameterError, did_you_mean
from .parser import field_value, searched
from .tokenizer import Word, decoded, expanded, is_text, split

OR = "or"
_SIGNS = {**{sign.lower(): sign for sign in OPERATORS.values()}, **OPERATORS, "==": "=", "!~": "!~"}
_LINE = re.compile(
    r"""\s* (?P<field>"[^"]*" | '[^']*' | [^\s=!<>~^$]+) \s*
        (?P<sign>!~ | != | == | <= | >= | [=<>~^$] | (?<=\s) (?:not\s+in | \w+)\b)
        \s* (?P<value>.*)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def read_body(operation: Operation, body: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Parse a cell's body as arguments of an operation.

    Lines are conditions of a search, all of which must hold; a line ``or`` begins another set of
    them; ``#`` begins a comment. A JSON object is a search's query (filters by ``field__op``, or
    in the API's own language), the whole body of the request when it has a ``query``, and the
    parameters of an action other than a search. Raises InvalidParameterError and UnknownNameError.
    """
    text = "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("#"))
    fields = searched(operation)
    if not text.strip():
        return {}
    if text.lstrip().startswith("{"):
        given = decoded(text, "The body of the cell", variables)
        return given if fields is None or "query" in given else {"query": given}
    if fields is None:
        raise InvalidParameterError(
            f"{operation.name} is not a search: the body of the cell must be a JSON object of its "
            f"parameters. See %intercom {operation.entity} {operation.action} --help"
        )
    return {"query": _filter(fields, text, variables)}


def _filter(fields: SearchFields, text: str, variables: Mapping[str, Any]) -> Filter:
    groups: list[list[Filter]] = [[]]
    for line in text.splitlines():
        if line.strip().lower() == OR:
            groups.append([])
        elif line.strip():
            groups[-1].append(_condition(fields, line, variables))
    if not all(groups):
        raise InvalidParameterError("A line `or` must be between two conditions.")
    alternatives = [functools.reduce(operator.and_, group) for group in groups]
    return functools.reduce(operator.or_, alternatives)


def _condition(fields: SearchFields, line: str, variables: Mapping[str, Any]) -> Comparison:
    found = _LINE.fullmatch(line)
    if found is None or not found["value"].strip():
        raise InvalidParameterError(
            f"{line.strip()!r} is not a valid condition. Write: field op value, such as "
            "state = open, "
            "created_at > 2026-10-01, source.type in email, chat"
        )
    word = re.sub(r"\s+", " ", found["sign"]).lower()
    sign = "NIN" if word == "not in" else _SIGNS.get(word)
    if sign is None:
        near = did_you_mean(word, _SIGNS)
        raise InvalidParameterError(f"{line.strip()!r}: unknown operator {found['sign']!r}.{near}")
    name = found["field"].strip("\"'")
    value = _value(fields, name, sign, found["value"].strip(), variables)
    return Comparison(name, sign, value)


def _value(
    fields: SearchFields, name: str, sign: str, text: str, variables: Mapping[str, Any]
) -> Any:
    words = split(text)
    if len(words) == 1:
        value, quoted = expanded(words[0], variables), is_text(words[0])
    else:  # text with spaces needs no quotes here: it ends with its line
        value, quoted = expanded(Word(text, 0, len(text)), variables), False
    if not isinstance(value, str):
        return value
    return field_value(fields, name, sign, value, quoted=quoted)
