"""``show()``: a DataFrame or an extracted dataset in the explorer's result view."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import pandas as pd

from ..analysis.names import names
from ..dataset import Dataset
from ..dataset.schema import to_pandas
from ..errors import IntercomError, InvalidParameterError
from ..frames import KEY
from .explorer.result import save
from .explorer.result.display import Display
from .explorer.result.frame_result import FrameResult
from .explorer.result.result_messages import RESULT_SCRIPTS, ResultMessages
from .explorer.result.thread_source import Thread, own_thread, read_thread
from .form import Form, join_scripts

_MOST_ROWS = 200_000  # of one table of a dataset; what the view keeps in memory
_SCRIPTS = ("format.js", "dom.js", "wire.js", *RESULT_SCRIPTS, "viewer.js")


class Viewer(Form):
    """A table with search, filters, facets, summaries and records. Nothing is requested.

    ``df`` is the frame shown, ``selected`` the rows ticked in it, ``code`` the Python that returns
    ``df`` from a dataset.
    """

    _esm = join_scripts(*_SCRIPTS)

    def __init__(self, source: pd.DataFrame | Dataset) -> None:
        self.dataset = source if isinstance(source, Dataset) else None
        self.tables: dict[str, int] = {}
        self.result: FrameResult
        super().__init__()
        self._display = Display()
        if isinstance(source, Dataset):
            self._open_dataset(source)
        else:
            entity = str(source.attrs.get(KEY, {}).get("entity", "rows"))
            self.result = FrameResult(_showable(source), entity)
        self.result.use_display(self._display)
        self._messages = ResultMessages(self.channel, lambda: self.result, self._thread)

    @property
    def df(self) -> pd.DataFrame:
        """The frame shown, with all rows and columns."""
        return self.result.frame

    @property
    def view(self) -> pd.DataFrame:
        """The rows as the table shows them: searched, filtered and sorted, with its columns."""
        return self.result.view.shown[self.result.columns]

    @property
    def selected(self) -> pd.DataFrame:
        """The rows ticked in the table, with all columns."""
        return self.result.selection

    @property
    def code(self) -> str:
        """The Python that returns ``df``; empty for a frame."""
        return self.result.code

    def insert(self) -> None:
        """Insert ``code`` as a new cell below the one that calls this.

        Raises ConfigurationError without code, and outside of a notebook.
        """
        save.insert_below(self.code)

    def __repr__(self) -> str:
        return f"<Viewer: {self.result.title or self.result.entity}, {len(self.df):,} rows>"

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Handle one message."""
        if kind == "hello":
            self._hello()
        elif kind == "table":
            self._choose(str(content["name"]))
        else:
            self._messages.actions[kind](content)

    def _hello(self) -> None:
        self.channel.send("tables", tables=list(self.tables.items()), shown=self.result.table)
        self.channel.send("display", zone=self._display.zone)
        self.channel.send("result", **self.result.describe())

    def _open_dataset(self, dataset: Dataset) -> None:
        described = dataset.describe().frame
        self.tables = dict(zip(described["table"], map(int, described["rows"]), strict=True))
        if not self.tables:
            raise InvalidParameterError(f"{dataset.path} has no tables yet. Run extract() first.")
        found = names(dataset)
        kinds = {"team": "teams", "teammate": "admins", "tag": "tags"}
        self._display.names = {kinds[kind]: dict(pairs) for kind, pairs in found.items()}
        self._display.zone = dataset.time_zone or "UTC"
        first = "conversations" if "conversations" in self.tables else next(iter(self.tables))
        self.result = self._load(dataset, first)

    def _load(self, dataset: Dataset, table: str) -> FrameResult:
        rows = dataset.arrow(table)
        frame = to_pandas(rows.slice(0, _MOST_ROWS))
        opened = f"ds = open_dataset({str(dataset.path)!r})\ndf = ds.pandas({table!r})"
        code = f"from intercom_nb.dataset import open_dataset\n\n{opened}"
        result = FrameResult(frame, table, title=table, code=code, table=table)
        if rows.num_rows > _MOST_ROWS:
            result.frame.attrs[KEY] = {"truncated": True, "total_count": rows.num_rows}
        return result

    def _choose(self, table: str) -> None:
        if self.dataset is None or table not in self.tables:
            return
        try:
            self.result = self._load(self.dataset, table)
        except IntercomError as error:
            self.channel.send("failure", text=str(error))
            return
        self.result.use_display(self._display)
        self._hello()

    def _thread(self, key: str) -> Future[Thread] | None:
        future: Future[Thread] = Future()
        try:
            found = (
                own_thread(self.df, key) if self.dataset is None else read_thread(self.dataset, key)
            )
        except IntercomError as error:
            future.set_exception(error)
        else:
            future.set_result(found)
        return future


def show(df: pd.DataFrame) -> Viewer:
    """Show any DataFrame with search, filters, facets, summaries and records.

    Use it as the last expression of a cell. ``.selected`` has the rows ticked in the table,
    ``.view`` the rows shown. The frame itself is not changed, and no row is saved with the
    notebook. Column names are shown as text, times without a zone as UTC. Raises
    InvalidParameterError for anything but a DataFrame, and for two columns of one name.

    >>> import pandas as pd
    >>> show(pd.DataFrame({"team": ["Billing", "Sales"], "replies": [7, 9]}))
    <Viewer: rows, 2 rows>
    """
    if not issubclass(type(df), pd.DataFrame):
        kind = type(df).__name__
        raise InvalidParameterError(
            f"show() needs a pandas DataFrame, not {kind}. For a dataset, use explore(ds)."
        )
    return Viewer(df)


def _showable(df: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns are unique texts and whose times have a zone."""
    frame = df.copy(deep=False)
    frame.columns = pd.Index([str(name) for name in df.columns])
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise InvalidParameterError(f"show() needs unique column names; {twice[0]!r} is not.")
    for name in frame.select_dtypes("datetime"):
        frame[name] = frame[name].dt.tz_localize("UTC")
    return frame
