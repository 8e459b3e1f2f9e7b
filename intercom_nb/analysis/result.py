"""The result of a metric: a tidy DataFrame with its finding, counts, notes and chart."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from ..frames.workbook import workbook
from ..runtime.html import card
from . import formatting
from .arguments import check_workbook
from .facts import Facts
from .tables.text_table import text_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KEY = "metric"
_DEFINITIONS: dict[str, str] = {}
_Function = TypeVar("_Function", bound=Callable[..., pd.DataFrame])


def metric(function: _Function) -> _Function:
    """Register a metric, whose docstring is the definition that its results show."""
    doc = inspect.getdoc(function) or ""
    _DEFINITIONS[function.__name__] = "\n\n".join(_prose(doc))
    return function


def _prose(doc: str) -> list[str]:
    """Return the paragraphs of a docstring before its arguments, each as one line."""
    paragraphs = doc.split("\n\n")
    first_list = (n for n, p in enumerate(paragraphs) if p.startswith(("Args:", "Returns", ">>>")))
    chosen = paragraphs[: next(first_list, None)]
    return [" ".join(p.split()) for p in chosen]


def definitions() -> dict[str, str]:
    """Return the definition of every metric that was imported, by name, as plain text.

    >>> from intercom_nb import analysis
    >>> definitions()["csat"].partition(" ")[0]
    'Measure'
    """
    return {name: formatting.plain_text(markup) for name, markup in _DEFINITIONS.items()}


def definition_markup(name: str) -> str:
    """Return the definition of a metric with its markup: ````names```` and ``*terms*``."""
    return _DEFINITIONS.get(name, "")


def finish(
    frame: pd.DataFrame,
    name: str,
    facts: Facts,
    *,
    finding: str,
    chart: Mapping[str, Any],
    counts: Mapping[str, int],
    **more: Any,
) -> pd.DataFrame:
    """Attach to a metric's frame what it is, what it shows, and which rows it left out and why."""
    period = facts.period
    frame.attrs = {
        KEY: {
            "metric": name,
            "finding": finding,
            "chart": dict(chart),
            "counts": {reason: int(number) for reason, number in counts.items()},
            "notes": list(facts.notes),
            "zone": facts.zone,
            "period": period.label if period else None,
            "period_text": period.text if period else None,
            **more,
        }
    }
    return frame


@pd.api.extensions.register_dataframe_accessor("metric")
class MetricAccessor:
    """``result.metric``: the finding, the rows that were left out, the notes, the chart.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> list(analysis.csat(df).metric.counts)
    ['conversations', 'rated', 'positive', 'not_rated']
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        if KEY not in frame.attrs:
            raise AttributeError(
                "This frame is not the result of a metric, or lost its attrs on the way "
                "(a merge and some other steps of pandas drop them)."
            )
        self._frame = frame
        self._about: dict[str, Any] = frame.attrs[KEY]

    def __repr__(self) -> str:
        counts = ", ".join(f"{reason}: {number:,}" for reason, number in self.counts.items())
        about = f"({counts}; times in {self._about['zone']})"
        return "\n".join([self.finding, about, *self.notes])

    def _repr_html_(self) -> str:
        rows = [(reason.replace("_", " "), f"{number:,}") for reason, number in self.counts.items()]
        rows += [("times in", str(self._about["zone"])), *(("note", note) for note in self.notes)]
        return card(self.finding, rows, self.definition.partition("\n")[0])

    @property
    def finding(self) -> str:
        """The result in one sentence."""
        return str(self._about["finding"])

    @property
    def counts(self) -> dict[str, int]:
        """Number of conversations, of those measured, and of the others by reason."""
        return dict(self._about["counts"])

    @property
    def notes(self) -> list[str]:
        """Caveats for the reader, such as missing or cut data and unreadable values."""
        return list(self._about.get("notes", []))

    @property
    def table(self) -> pd.DataFrame:
        """The result as text for people, with durations such as "33 min", percentages and dates.

        >>> import intercom_nb
        >>> from intercom_nb import analysis
        >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
        >>> analysis.csat(df).metric.table["share"].item().endswith("%")
        True
        """
        return text_table(self._frame, str(self._about["metric"]))

    @property
    def definition(self) -> str:
        """The definition: the measure, its fields, and the exclusions."""
        return formatting.plain_text(definition_markup(self._about["metric"]))

    def to_excel(self, path: str | os.PathLike[str]) -> Path:
        """Write the result to an Excel file and return its path.

        The finding, counts and notes stand above the table, the definition on a second sheet.
        Durations are shown as h:mm:ss, shares as percent. Raises ConfigurationError without the
        extra ``excel``.

        >>> analysis.csat(df, by="team").metric.to_excel("csat.xlsx")  # doctest: +SKIP
        """
        from .tables.sheets import sheets_of

        name = str(self._about["metric"])
        file = Path(path)
        check_workbook(file)
        file.write_bytes(workbook(sheets_of({name: self._frame})))
        return file

    def plot(self, ax: Axes | None = None, *, dark: bool = False) -> Figure:
        """Draw the result, with its finding as the title.

        Args:
            ax: Axes to draw into (default: a new figure).
            dark: Whether the page around the chart is dark.

        Returns the matplotlib figure, which a notebook displays. Raises UnsupportedError if
        matplotlib is not installed (``pip install 'intercom-nb[charts]'``).
        """
        from .charts import draw

        return draw(self._frame, self._about, ax=ax, dark=dark)
