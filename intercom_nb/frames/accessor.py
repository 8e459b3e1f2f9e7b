"""``df.intercom``: what a result of this package can do beyond pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .. import catalog
from ..errors import UnknownNameError, did_you_mean
from .frame import KEY, ResultInfo
from .join import join
from .links import links
from .masking import Masker, masked_info
from .parquet import write_parquet
from .plaintext import plaintext


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

    def plaintext(self, column: str) -> pd.Series[Any]:
        r"""Give a column of HTML as text: ``df.intercom.plaintext("source.body")``.

        Raises UnknownNameError when there is no such column.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.articles.list(limit=1).intercom.plaintext("body")[0].splitlines()[0]
        'Create your first board'
        """
        self._check_column(column)
        return plaintext(self._frame[column])

    def link(self, workspace_id: str | None = None) -> pd.Series[Any]:
        """Give the address of each row's record in Intercom.

        Where the records do not say which workspace they are of, and none is given, the link leads
        to the workspace that whoever follows it is signed in to. Raises UnknownNameError for
        records without a page.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.conversations.list(limit=1).intercom.link("abc123")[0][:46]
        'https://app.intercom.com/a/inbox/abc123/inbox/'
        """
        info = self._frame.attrs[KEY]
        entity = info.get("record_entity", info["entity"])
        return links(self._frame, entity, info.get("base_url", ""), workspace_id)

    def mask(self, key: str | None = None, *, texts: bool = False) -> pd.DataFrame:
        """Give a copy with pseudonyms for names, e-mail addresses, phone numbers and places.

        The same value becomes the same pseudonym in all frames of a session, so that joins and
        counts still work; with a ``key`` of your own, in all sessions with that key. Ids stay. What
        people wrote stays too, unless ``texts=True``, which leaves only how long it was.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.contacts.list(limit=1).intercom.mask("secret")["email"].str[-14:][0]
        'masked.invalid'
        """
        masker = Masker.of(key, texts=texts)
        info = self._frame.attrs[KEY]
        record = catalog.singular(str(info.get("record_entity", info["entity"])))
        masked = masker.frame(self._frame, record)
        masked.attrs[KEY] = masked_info(info, masker)
        return masked

    def join(
        self,
        entity: str,
        other: pd.DataFrame,
        *,
        on: str | None = None,
        prefix: str | None = None,
    ) -> pd.DataFrame:
        """Put the columns of another entity's records beside the rows that lead to them.

        The column that leads there is found by its name, or given as ``on``; where it holds several
        ids, there is a row for each. The other's columns start with ``prefix``, ``contact.`` unless
        told. Rows that lead nowhere stay. Raises UnknownNameError when no column leads there.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo").sync
        >>> talks, admins = c.conversations.list(limit=5), c.admins.list()
        >>> "admin.name" in talks.intercom.join("admins", admins)
        True
        """
        return join(self._frame, entity, other, on, prefix)

    def to_parquet(self, path: str | Path) -> Path:
        """Write the result to a Parquet file, attrs included; ``read_parquet`` gives it back.

        Child tables do not go along: write each as a file of its own.
        """
        return write_parquet(self._frame, path)

    def _check_column(self, column: str) -> None:
        if column not in self._frame:
            raise UnknownNameError(
                f"This result has no column {column!r}."
                f"{did_you_mean(column, map(str, self._frame.columns))}"
            )
