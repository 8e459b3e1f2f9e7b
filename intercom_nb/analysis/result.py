"""What a metric returns: a tidy DataFrame that knows what it says and how to draw itself."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from .facts import Facts

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KEY = "metric"


def finish(
    frame: pd.DataFrame,
    metric: str,
    facts: Facts,
    *,
    finding: str,
    chart: Mapping[str, Any],
    counts: Mapping[str, int],
    **more: Any,
) -> pd.DataFrame:
    """Attach to a metric's frame what it is, what it says, and which rows it left out why."""
    frame.attrs = {
        KEY: {
            "metric": metric,
            "finding": finding,
            "chart": dict(chart),
            "counts": {reason: int(number) for reason, number in counts.items()},
            "zone": facts.zone,
            "period": facts.period.label if facts.period else None,
            **more,
        }
    }
    return frame


@pd.api.extensions.register_dataframe_accessor("metric")
class MetricAccessor:
    """``result.metric``: the finding in words, the rows that were left out, the chart.

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
        left = ", ".join(f"{reason}: {number:,}" for reason, number in self.counts.items())
        return f"{self.finding}\n({left}; times in {self._about['zone']})"

    @property
    def finding(self) -> str:
        """What the result says, in one sentence."""
        return str(self._about["finding"])

    @property
    def counts(self) -> dict[str, int]:
        """How many conversations there were, how many were measured, and why others were not."""
        return dict(self._about["counts"])

    @property
    def definition(self) -> str:
        """How the metric is defined: from which fields, what is excluded, in which time zone."""
        from .. import analysis

        return inspect.getdoc(getattr(analysis, self._about["metric"])) or ""

    def plot(self, ax: Axes | None = None, *, dark: bool = False) -> Figure:
        """Draw the result, with its finding as the title.

        Args:
            ax: Axes to draw into; without it a new figure is made.
            dark: Whether the chart stands on a dark page.

        Returns the matplotlib figure, which a notebook shows by itself. Raises UnsupportedError
        when matplotlib is not installed (``pip install 'intercom-nb[charts]'``).
        """
        from .charts import draw

        return draw(self._frame, self._about, ax=ax, dark=dark)
