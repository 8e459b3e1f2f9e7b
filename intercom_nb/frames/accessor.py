"""The ``df.intercom`` accessor: what results can do beyond pandas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from .. import catalog
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .cells import one_column
from .export import export
from .frame import KEY, ResultInfo
from .join import join
from .links import links
from .masking import Masker, masked_info, not_masked
from .parquet import write_parquet
from .plaintext import plaintext
from .record_card import RecordCard
from .workbook import Sheet, workbook


@pd.api.extensions.register_dataframe_accessor("intercom")
class IntercomAccessor:
    """Access a result's metadata, child tables and exports.

    >>> import intercom_nb
    >>> df = intercom_nb.connect("demo").sync.contacts.list(limit=50)
    >>> df.intercom.info["entity"], df.intercom.children("companies").columns.tolist()[0]
    ('contacts', 'contact_id')
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    @property
    def _info(self) -> Any:
        if KEY not in self._frame.attrs:
            raise AttributeError(
                "This frame is not a result of intercom_nb, or it lost its attrs: pd.concat of "
                "different results, groupby and pivot drop them. To keep them, copy those of a "
                'result: frame.attrs["intercom"] = result.attrs["intercom"]. Child tables are then '
                "those of that result."
            )
        return self._frame.attrs[KEY]

    @property
    def info(self) -> dict[str, Any]:
        """Return a copy of the result's metadata (entity, action, params, requests, ...)."""
        return dict(self._info)

    def children(self, name: str) -> pd.DataFrame:
        """Return the child table of a list column, for the rows that are in this frame.

        One row per object, the parent's id first (``conversation_id``), then the object's own
        columns. Rows are found by the column ``id`` or the index of that name. Raises
        UnknownNameError if the result has no such list, or the frame no ids.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.conversations.list(limit=5).intercom.children("tags").columns[0]
        'conversation_id'
        """
        info = self._info
        if not isinstance(info, ResultInfo):
            raise UnknownNameError(
                "Child tables are not stored in files: run the request again, or extract the "
                "workspace to a dataset, where they are tables of their own."
            )
        if name not in info.children:
            raise UnknownNameError(
                f"This result has no list {name!r}.{did_you_mean(name, info.children)}"
            )
        child = info.children[name]
        if child.parent_ids.null_count == len(child.parent_ids):  # records without ids
            return child.frame()
        return child.frame(set(self._ids().dropna()))

    def record(self, row: int = 0) -> RecordCard:
        """Return one row as a card: the fields that have a value, one below the other.

        ``row`` is a position. Raises InvalidParameterError if the frame has no such row.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.teams.list().intercom.record(0).fields["type"]
        'team'
        """
        return RecordCard.of(self._frame, row, self._info["entity"])

    def _ids(self) -> pd.Series[Any]:
        if "id" in self._frame:
            return one_column(self._frame, "id")
        if "id" in self._frame.index.names:
            return self._frame.index.get_level_values("id").to_series()
        raise UnknownNameError(
            "Child tables are found by the ids of the rows, and this frame has none. Keep the "
            "column 'id', or set it as the index."
        )

    def plaintext(self, column: str) -> pd.Series[Any]:
        r"""Return a column of HTML as text: ``df.intercom.plaintext("source.body")``.

        Raises UnknownNameError for an unknown column.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.articles.list(limit=1).intercom.plaintext("body")[0].splitlines()[0]
        'Create your first board'
        """
        self._check_column(column)
        return plaintext(one_column(self._frame, column))

    def link(self, workspace_id: str | None = None) -> pd.Series[Any]:
        """Return the address of each row's record in Intercom.

        If neither the records nor ``workspace_id`` name the workspace, the link leads to the one
        that the reader is signed in to. Raises UnknownNameError for records without a page.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.conversations.list(limit=1).intercom.link("abc123")[0][:46]
        'https://app.intercom.com/a/inbox/abc123/inbox/'
        """
        info = self._info
        entity = info.get("record_entity", info.get("entity"))
        if entity is None:
            raise UnknownNameError("Rows of a child table have no page of their own in Intercom.")
        return links(self._frame, entity, info.get("base_url", ""), workspace_id)

    def mask(self, key: str | None = None, *, texts: bool = False) -> pd.DataFrame:
        """Return a copy with pseudonyms for names, addresses, phone numbers and places.

        Every frame can be masked: results, child tables, tables of a dataset, SQL, merges and
        concats. Columns are recognized by their names, and email and web addresses by their form,
        in custom attributes too. Levels of the index are masked like columns, and so are the
        column labels of a pivot. ``info["not_masked"]`` of the copy lists the columns and levels
        in which a text stayed as it was: read them before you share the frame.

        A value has the same pseudonym in all frames of a session, so joins and counts still work;
        with your own ``key``, in all sessions that use the key. Ids stay. Message text stays
        too; with ``texts=True`` only its length stays.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> c.sync.contacts.list(limit=1).intercom.mask("secret")["email"].str[-14:][0]
        'masked.invalid'
        """
        masker = Masker.of(key, texts=texts)
        info = self._frame.attrs.get(KEY, {})
        entity = info.get("record_entity", info.get("entity"))
        record = None if entity is None else catalog.singular(str(entity))
        masked = masker.frame(self._frame, record)
        masked.attrs[KEY] = masked_info(info, masker, not_masked(self._frame, masked))
        return masked

    def join(
        self,
        entity: str,
        other: pd.DataFrame,
        *,
        on: str | None = None,
        prefix: str | None = None,
    ) -> pd.DataFrame:
        """Join the records of another entity, as further columns.

        The column with the other's ids is found by its name, or given as ``on``; a list of ids
        makes a row for each. The new columns start with ``prefix`` (default: ``contact.``). Rows
        without a match stay, and so does the index. Raises UnknownNameError if no column has the
        ids.

        >>> import intercom_nb
        >>> c = intercom_nb.connect("demo").sync
        >>> talks, admins = c.conversations.list(limit=5), c.admins.list()
        >>> "admin.name" in talks.intercom.join("admins", admins)
        True
        """
        info = self._info
        joined = join(self._frame, entity, other, on, prefix)
        joined.attrs[KEY] = info
        return joined

    def to_parquet(self, path: str | Path) -> Path:
        """Write the result to a Parquet file, attrs included; ``read_parquet`` restores it.

        Child tables are not included: write each to a separate file.
        """
        return write_parquet(self._frame, path)

    def to_csv(self, path: str | Path) -> Path:
        """Write the result to a CSV file in which no text can start a formula.

        An index with a name or with other values than row numbers comes first. Raises
        InvalidParameterError for a file name of another format.
        """
        file = _checked(path, ".csv", ".txt")
        file.write_bytes(export(self._frame, "csv"))
        return file

    def to_excel(self, path: str | Path, *, zone: str = "UTC") -> Path:
        """Write the result to an Excel file in which no text can start a formula.

        Times are those of ``zone``, which their headings name; lists are joined. An index with a
        name or with other values than row numbers comes first. Raises ConfigurationError without
        the extra ``excel``, or for more rows than Excel has, and InvalidParameterError for an
        invalid zone or a file name of another format.
        """
        file = _checked(path, ".xlsx")
        file.write_bytes(workbook([Sheet("Sheet1", self._frame, zone=zone)]))
        return file

    def _check_column(self, column: str) -> None:
        if column not in self._frame:
            raise UnknownNameError(
                f"This result has no column {column!r}."
                f"{did_you_mean(column, map(str, self._frame.columns))}"
            )


def _checked(path: str | Path, *suffixes: str) -> Path:
    """Return the path of a file to write; programs choose a file's format by its suffix."""
    file = Path(path)
    if file.suffix.casefold() not in {"", *suffixes}:
        raise InvalidParameterError(
            f"{file.name!r} is not the name of a {suffixes[0]} file. "
            f"Use {file.with_suffix(suffixes[0]).name!r}."
        )
    return file
