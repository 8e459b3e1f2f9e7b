"""``explore()``: open the explorer, or its fallback of standard widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

import pandas as pd

from ..connector.connector import IntercomConnector
from ..errors import ConfigurationError, InvalidParameterError
from .explorer.explorer import Explorer
from .fallback import PlainExplorer

if TYPE_CHECKING:
    from ..dataset import Dataset
    from .viewer import Viewer


@overload
def explore(connector: Dataset | pd.DataFrame) -> Viewer: ...
@overload
def explore(
    connector: IntercomConnector | None = None, *, grid: Literal["auto"] = "auto"
) -> Explorer: ...
@overload
def explore(
    connector: IntercomConnector | None = None, *, grid: Literal["plain"]
) -> PlainExplorer: ...


def explore(
    connector: IntercomConnector | Dataset | pd.DataFrame | None = None, *, grid: str = "auto"
) -> Explorer | PlainExplorer | Viewer:
    """Open the explorer on a connector; without one, it starts with the login form.

    A dataset opens in the same result view, with a choice of its tables; nothing is requested. A
    DataFrame opens as with ``show``.

    Use it as the last expression of a cell. ``.df`` is the current result, ``.selected`` the rows
    ticked in it, ``.code`` the Python that returns the same.

    ``grid="plain"`` opens a smaller explorer made of standard widgets only, for front ends that
    cannot load the form's own script; it requires a connector. Raises ConfigurationError for any
    other value, and InvalidParameterError for anything that is not a connector, dataset or frame.

    >>> import intercom_nb
    >>> explore(intercom_nb.connect("demo")).df.empty
    True
    """
    if connector is not None and not isinstance(connector, IntercomConnector):
        # Only here: they bring Parquet and file locks, a tenth of what opening the explorer costs.
        from ..dataset import Dataset
        from .viewer import Viewer

        if isinstance(connector, Dataset | pd.DataFrame):
            return Viewer(connector)
        raise InvalidParameterError(
            "explore() needs a connector (not its .sync side), a dataset or a DataFrame, "
            f"not {type(connector).__name__}."
        )
    if grid == "auto":
        return Explorer(connector)
    if grid != "plain":
        raise ConfigurationError(f"grid must be 'auto' or 'plain', not {grid!r}.")
    if connector is None:
        raise ConfigurationError(
            "The plain explorer has no login form. Pass a connector: "
            "inb.explore(inb.connect(...), grid='plain')."
        )
    return PlainExplorer(connector)
