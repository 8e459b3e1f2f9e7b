"""What a result says of itself, in ``df.attrs["intercom"]``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .children import Children

KEY = "intercom"


class ResultInfo(dict[str, Any]):
    """A plain, JSON-serialisable dict that carries the result's child lists along.

    The lists are an attribute and not an item: pandas copies and compares ``attrs`` on every
    step and writes them into Parquet files as JSON, where they have no business.
    """

    children: Mapping[str, Children]

    def __init__(self, items: Mapping[str, Any], children: Mapping[str, Children]) -> None:
        super().__init__(items)
        self.children = children

    def __copy__(self) -> ResultInfo:
        return ResultInfo(self, self.children)

    def __deepcopy__(self, memo: dict[int, Any]) -> ResultInfo:
        # Nothing changes a result's info, so frames derived from it may share it.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return ResultInfo, (dict(self), self.children)
