"""``F("created_at") > "7d"``: search filters as expressions with ``&``, ``|`` and ``~``."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from ..errors import InvalidParameterError
from .filters import Condition, Query, ResidualFilter, group_filters
from .search_fields import SearchFields

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
    """A filter of a search, or several combined; built with ``F``."""

    def __and__(self, other: Filter) -> Filter:
        return BooleanExpression.of("AND", self, other)

    def __or__(self, other: Filter) -> Filter:
        return BooleanExpression.of("OR", self, other)

    def __invert__(self) -> Filter:
        raise NotImplementedError

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "A filter has no truth value: combine filters with & | ~ (not with and, or, not), "
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
            name = "startswith" if self.sign == "^" else "endswith"
            raise InvalidParameterError(
                f"The API cannot negate {name} ({self.field}). Filter the DataFrame instead."
            )
        return Comparison(self.field, _OPPOSITE[self.sign], self.value)

    def __repr__(self) -> str:
        return f"(F({self.field!r}) {self.sign} {self.value!r})"


@dataclasses.dataclass(frozen=True)
class BooleanExpression(Filter):
    """Filters combined with AND or OR."""

    operator: str
    members: tuple[Filter, ...]

    @classmethod
    def of(cls, operator: str, *filters: object) -> Filter:
        """Combine filters; groups with the same operator are merged into one."""
        members: list[Filter] = []
        for item in filters:
            if not isinstance(item, Filter):
                raise TypeError(
                    f"& and | combine filters, not {item!r}: put each comparison in parentheses, "
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
    """A field to search by; a comparison with it is a filter.

    Combine filters with ``&``, ``|`` and ``~``. As in the API, a record without a value matches
    only ``!=`` and other negated operators.

    >>> (F("state") == "open") & ~F("tag_ids").isin(["7", "8"])
    ((F('state') = 'open') & (F('tag_ids') NIN ['7', '8']))
    """

    __slots__ = ("name",)
    __hash__ = None  # type: ignore[assignment]  # comparisons are filters

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
        """Match records with one of the values."""
        return Comparison(self.name, "IN", list(values))

    def contains(self, text: str) -> Filter:
        """Match records whose value contains the text."""
        return Comparison(self.name, "~", text)

    def startswith(self, text: str) -> Filter:
        """Match records whose value starts with the text."""
        return Comparison(self.name, "^", text)

    def endswith(self, text: str) -> Filter:
        """Match records whose value ends with the text."""
        return Comparison(self.name, "$", text)

    def between(self, low: Any, high: Any) -> Filter:
        """Match records from ``low`` (included) to ``high`` (excluded)."""
        return BooleanExpression.of("AND", self >= low, self < high)


def compile_filter(
    entity: str, limits: SearchFields, expression: Filter, columns: Collection[str]
) -> Query:
    """Compile an expression into a query in the API's language and a residual filter.

    ``columns`` are the fields of a record, in which rough matches are checked again. Raises
    UnknownNameError and InvalidParameterError as ``build_query`` does, the latter also for
    expressions that are nested too deep or cannot be matched exactly inside a group.

    >>> from intercom_nb.catalog import search_fields
    >>> either = (F("state") == "open") | (F("read") == False)
    >>> query = compile_filter("conversations", search_fields("conversations"), either, ()).query
    >>> query["operator"]
    'OR'
    """
    compiler = _Compiler(entity, limits, columns)
    query, residual = compiler.compile(expression)
    if _depth(query) > limits.max_nesting:
        raise InvalidParameterError(
            f"{entity}.search takes at most {limits.max_nesting} levels of groups, and this has "
            "more: run several searches and combine the frames with pandas.concat."
        )
    return Query(query, residual or None)


def split_lists(query: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """Split a query whose list of alternatives is too long into several queries.

    Only lists that every record must match are split, so together the queries find the same
    records.

    >>> [q["value"] for q in split_lists({"field": "id", "operator": "IN", "value": [1, 2, 3]}, 2)]
    [[1, 2], [3]]
    """
    if query.get("operator") == "IN" and len(query["value"]) > most:
        values = query["value"]
        parts = [values[i : i + most] for i in range(0, len(values), most)]
        return [{**query, "value": part} for part in parts]
    if query.get("operator") == "AND":
        for position, member in enumerate(query["value"]):
            split = split_lists(member, most)
            if len(split) > 1:
                before, after = query["value"][:position], query["value"][position + 1 :]
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
            return self._comparison(node)
        assert isinstance(node, BooleanExpression)
        parts = [self.compile(member) for member in node.members]
        members = list(_members(node.operator, (query for query, _ in parts)))
        query = group_filters(node.operator, members, self.limits.max_filters)
        if node.operator == "AND":
            return query, _all_of(residual for _, residual in parts)
        return query, self._any_of(node, [residual for _, residual in parts])

    def _comparison(self, node: Comparison) -> tuple[dict[str, Any], ResidualFilter]:
        condition = Condition.make(self.entity, self.limits, node.field, node.sign, node.value)
        sent = group_filters("AND", condition.sent(), self.limits.max_filters)
        return sent, ResidualFilter(tuple(condition.residual()))

    def _any_of(self, node: BooleanExpression, residuals: list[ResidualFilter]) -> ResidualFilter:
        """Check all alternatives again in the records if one of them is matched roughly."""
        if not any(residuals):
            return ResidualFilter()
        alternatives = [
            residual or self._exact(member)
            for member, residual in zip(node.members, residuals, strict=True)
        ]
        return ResidualFilter(any_of=(tuple(alternatives),))

    def _exact(self, node: Filter) -> ResidualFilter:
        if isinstance(node, BooleanExpression):
            members = [self._exact(member) for member in node.members]
            if node.operator == "AND":
                return _all_of(members)
            return ResidualFilter(any_of=(tuple(members),))
        assert isinstance(node, Comparison)
        condition = Condition.make(self.entity, self.limits, node.field, node.sign, node.value)
        custom = node.field.startswith("custom_attributes.")
        known = condition.record and (condition.record in self.columns or custom)
        if not known or node.sign not in {"=", "!=", "IN", "NIN"}:
            raise InvalidParameterError(
                f"{self.entity}.search: the API matches times and numbers of the other filters "
                f"only roughly, and {node!r} cannot be checked in the records, so | cannot combine "
                "them: run one search for each and combine the frames with pandas.concat."
            )
        return ResidualFilter(((condition.record, node.sign, condition.value),))


def _members(operator: str, queries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the members of a group, nested groups with the same operator flattened."""
    for query in queries:
        if query["operator"] == operator and "field" not in query:
            yield from query["value"]
        else:
            yield query


def _all_of(residuals: Iterable[ResidualFilter]) -> ResidualFilter:
    found = list(residuals)
    return ResidualFilter(
        tuple(condition for residual in found for condition in residual.conditions),
        tuple(group for residual in found for group in residual.any_of),
    )


def _depth(query: Mapping[str, Any]) -> int:
    if "field" in query:
        return 0
    return 1 + max(map(_depth, query["value"]), default=0)
