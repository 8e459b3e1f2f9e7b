"""``df.intercom``: what a result of this package can do beyond pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..errors import UnknownNameError, did_you_mean
from .info import KEY, ResultInfo


@pd.api.extensions.register_dataframe_accessor("intercom")
class IntercomAccessor:
    """Reach what belongs to a result: how it was asked for, and its child tables."""

    def __init__(self, frame: pd.DataFrame) -> None:
        if KEY not in frame.attrs:
            raise AttributeError(
                "This frame is not a result of intercom_nb, or lost its attrs on the way "
                "(a merge and some other steps of pandas drop them)."
            )
        self._frame = frame

    @property
    def info(self) -> dict[str, Any]:
        """Give a copy of what the result says of itself: entity, action, params, requests, ..."""
        return dict(self._frame.attrs[KEY])

    def children(self, name: str) -> pd.DataFrame:
        """Give the child table of a list column, for the rows that are in this frame.

        One row per object, the parent's id first (``conversation_id``), then the object's own
        columns. Raises UnknownNameError when the result has no such list.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.conversations.list(limit=5).intercom.children("tags").columns[0]
        'conversation_id'
        """
        info = self._frame.attrs[KEY]
        if not isinstance(info, ResultInfo):
            raise UnknownNameError(
                "The child tables do not travel in files: run the request again, or extract the "
                "workspace to a dataset, which has them as tables of their own."
            )
        if name not in info.children:
            raise UnknownNameError(
                f"This result has no list {name!r}.{did_you_mean(name, info.children)}"
            )
        parents = set(self._frame["id"].dropna()) if "id" in self._frame else None
        return info.children[name].frame(parents)
