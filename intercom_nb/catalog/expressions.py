"""``F("created_at") > "7d"``: search filters as expressions, with ``&``, ``|`` and ``~``."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from ..errors import InvalidParameterError
from .filters import NO_TRIM, Condition, Query, ResidualFilter, grouped
from .model import SearchFields

_OPPOSITE = {
    "=": "!=",
    "!=": "=",
    ">": "<=",
    "<=": ">",
    "<": ">=",
    ">=": "<",
    "IN": "NIN",
    "NIN": "IN",
    "~": "!~",
    "!~": "~",
}
_OTHER = {"AND": "OR", "OR": "AND"}


class Filter:
    """A filter of a search, or several that are joined; made by ``F``."""

    def __and__(self, other: Filter) -> Filter:
        return BooleanExpression.of("AND", self, other)

    def __or__(self, other: Filter) -> Filter:
        return BooleanExpression.of("OR", self, other)

    def __invert__(self) -> Filter:
        raise NotImplementedError

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "A filter is neither true nor false: join filters by & | ~ (not by and, or, not), "
            "each in parentheses."
        )


@dataclasses.dataclass(frozen=True)
class Comparison(Filter):
    """One field compared with a value."""

    field: str
    sign: str
    value: Any

    def __invert__(self) -> Filter:
        if self.sign not in _OPPOSITE:
            word = "startswith" if self.sign == "^" else "endswith"
            raise InvalidParameterError(f"The API has no opposite of {word} ({self.field}).")
        return Comparison(self.field, _OPPOSITE[self.sign], self.value)

    def __repr__(self) -> str:
        return f"(F({self.field!r}) {self.sign} {self.value!r})"


@dataclasses.dataclass(frozen=True)
class BooleanExpression(Filter):
    """Filters of which all (AND) or at least one (OR) must hold."""

    operator: str
    members: tuple[Filter, ...]

    @classmethod
    def of(cls, operator: str, *filters: object) -> Filter:
        """Join filters; what is joined in the same way already becomes one group."""
        members: list[Filter] = []
        for item in filters:
            if not isinstance(item, Filter):
                raise TypeError(
                    f"& and | join filters, not {item!r}: put each comparison in parentheses, "
                    'like (F("a") > 1) & (F("b") == 2).'
                )
            same = isinstance(item, BooleanExpression) and item.operator == operator
            members += item.members if isinstance(item, BooleanExpression) and same else [item]
        return cls(operator, tuple(members))

    def __invert__(self) -> Filter:
        return BooleanExpression.of(_OTHER[self.operator], *(~member for member in self.members))

    def __repr__(self) -> str:
        return "(" + {"AND": " & ", "OR": " | "}[self.operator].join(map(repr, self.members)) + ")"


class F:
    """A field to search by; comparing it makes a filter.

    Filters are joined by ``&``, ``|`` and ``~``. As everywhere in the API, a record without a
    value is found by ``!=`` and its like only.

    >>> (F("state") == "open") & ~F("tag_ids").isin(["7", "8"])
    ((F('state') = 'open') & (F('tag_ids') NIN ['7', '8']))
    """

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]  # comparing makes filters

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"F({self.name!r})"

    def __eq__(self, value: object) -> Filter:  # type: ignore[override]
        return Comparison(self.name, "=", value)

    def __ne__(self, value: object) -> Filter:  # type: ignore[override]
        return Comparison(self.name, "!=", value)

    def __gt__(self, value: Any) -> Filter:
        return Comparison(self.name, ">", value)

    def __ge__(self, value: Any) -> Filter:
        return Comparison(self.name, ">=", value)

    def __lt__(self, value: Any) -> Filter:
        return Comparison(self.name, "<", value)

    def __le__(self, value: Any) -> Filter:
        return Comparison(self.name, "<=", value)

    def isin(self, values: Iterable[Any]) -> Filter:
        """Find records with one of the values."""
        return Comparison(self.name, "IN", list(values))

    def contains(self, text: str) -> Filter:
        """Find records whose value has the text in it."""
        return Comparison(self.name, "~", text)

    def startswith(self, text: str) -> Filter:
        """Find records whose value starts with the text."""
        return Comparison(self.name, "^", text)

    def endswith(self, text: str) -> Filter:
        """Find records whose value ends with the text."""
        return Comparison(self.name, "$", text)

    def between(self, low: Any, high: Any) -> Filter:
        """Find records from ``low`` on and before ``high``."""
        return BooleanExpression.of("AND", self >= low, self < high)


def compile_filter(
    entity: str, limits: SearchFields, expression: Filter, columns: Collection[str]
) -> Query:
    """Turn an expression into a query in the API's language, and what is left to do.

    ``columns`` are the fields of an answer: what a group matches roughly is checked again there.
    Raises UnknownNameError and InvalidParameterError as ``build_query`` does, the latter also for
    what is nested too deep or cannot be matched exactly inside a group.

    >>> from intercom_nb.catalog import search_fields
    >>> asked = (F("state") == "open") | (F("read") == False)
    >>> compile_filter("conversations", search_fields("conversations"), asked, ()).query["operator"]
    'OR'
    """
    compiler = _Compiler(entity, limits, columns)
    query, trim = compiler.compile(expression)
    if _depth(query) > limits.max_nesting:
        raise InvalidParameterError(
            f"{entity}.search nests {limits.max_nesting} groups deep at most, and this is deeper: "
            "search in several steps, and put the frames together with pandas.concat."
        )
    return Query(query, trim)


def split_lists(query: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Split the first list of alternatives that is too long into searches of their own.

    Only a list that all records must meet: the searches together then find the same records.

    >>> [q["value"] for q in split_lists({"field": "id", "operator": "IN", "value": [1, 2, 3]}, 2)]
    [[1, 2], [3]]
    """
    if query.get("operator") == "IN" and len(query["value"]) > most:
        values = query["value"]
        parts = [values[i : i + most] for i in range(0, len(values), most)]
        return [{**query, "value": part} for part in parts]
    if query.get("operator") == "AND":
        for place, member in enumerate(query["value"]):
            split = split_lists(member, most)
            if len(split) > 1:
                before, after = query["value"][:place], query["value"][place + 1 :]
                made = [{"operator": "AND", "value": [*before, one, *after]} for one in split]
                return [part for one in made for part in split_lists(one, most)]
    return [dict(query)]


@dataclasses.dataclass(frozen=True)
class _Compiler:
    entity: str
    limits: SearchFields
    columns: Collection[str]

    def compile(self, node: Filter) -> tuple[dict[str, Any], ResidualFilter]:
        if isinstance(node, Comparison):
            return self._test(node)
        assert isinstance(node, BooleanExpression)
        parts = [self.compile(member) for member in node.members]
        members = list(_members(node.operator, (query for query, _ in parts)))
        query = grouped(node.operator, members, self.limits.max_filters)
        if node.operator == "AND":
            return query, _both(trim for _, trim in parts)
        return query, self._any(node, [trim for _, trim in parts])

    def _test(self, test: Comparison) -> tuple[dict[str, Any], ResidualFilter]:
        condition = Condition.make(self.entity, self.limits, test.field, test.sign, test.value)
        sent = grouped("AND", condition.sent(), self.limits.max_filters)
        return sent, ResidualFilter(tuple(condition.trimmed()))

    def _any(self, node: BooleanExpression, trims: list[ResidualFilter]) -> ResidualFilter:
        """Check the alternatives again in the answers, if one of them was asked for roughly."""
        if not any(trims):
            return NO_TRIM
        whole = [
            trim or self._exact(member) for member, trim in zip(node.members, trims, strict=True)
        ]
        return ResidualFilter(any_of=(tuple(whole),))

    def _exact(self, node: Filter) -> ResidualFilter:
        if isinstance(node, BooleanExpression):
            trims = [self._exact(member) for member in node.members]
            return (
                _both(trims) if node.operator == "AND" else ResidualFilter(any_of=(tuple(trims),))
            )
        assert isinstance(node, Comparison)
        condition = Condition.make(self.entity, self.limits, node.field, node.sign, node.value)
        custom = node.field.startswith("custom_attributes.")
        known = condition.record and (condition.record in self.columns or custom)
        if not known or node.sign not in {"=", "!=", "IN", "NIN"}:
            raise InvalidParameterError(
                f"{self.entity}.search: the API matches times and numbers of the other filters "
                f"only roughly, and {node!r} cannot be checked in the answers, so these cannot be "
                "joined by |: search for each, and put the frames together with pandas.concat."
            )
        return ResidualFilter(((condition.record, node.sign, condition.value),))


def _members(operator: str, queries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give the members of a group; groups that are joined in the same way are taken apart."""
    for query in queries:
        if query["operator"] == operator and "field" not in query:
            yield from query["value"]
        else:
            yield query


def _both(trims: Iterable[ResidualFilter]) -> ResidualFilter:
    found = list(trims)
    return ResidualFilter(
        tuple(c for trim in found for c in trim.conditions),
        tuple(group for trim in found for group in trim.any_of),
    )


def _depth(query: Mapping[str, Any]) -> int:
    if "field" in query:
        return 0
    return 1 + max(map(_depth, query["value"]), default=0)
