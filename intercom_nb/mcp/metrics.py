"""Metrics of a period for a tool call: which there are, and how one is computed."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import pandas as pd

from .. import analysis
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..reporting.gather import Companions, Material, gather

_NOT_METRICS = {"MetricAccessor", "OfficeHours", "names"}
_OURS = {"conversations", "period", "zone", "names", "contacts"}  # arguments that we fill in


def metric_names() -> list[str]:
    """Return the names of the metrics that need conversations only.

    >>> "csat" in metric_names(), "cohorts" in metric_names()
    (True, False)
    """
    every = sorted(set(analysis.__all__) - _NOT_METRICS)
    return [name for name in every if "contacts" not in _parameters(name)]


def describe_metric(name: str) -> str:
    """Return the signature and the definition of a metric."""
    shown = [str(p) for n, p in _parameters(name).items() if n not in _OURS]
    return f"{name}({', '.join(shown)})\n\n{inspect.getdoc(getattr(analysis, name)) or ''}"


class Metrics:
    """Computes metrics over a connector or dataset; the records of a period are read once."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self._material: dict[str, Material] = {}
        self._lock = threading.Lock()

    def compute(self, name: str, period: str, options: dict[str, Any]) -> pd.DataFrame:
        """Return a metric of a period.

        Raises UnknownNameError for a metric and InvalidParameterError for an option or a period
        that does not exist.
        """
        if name not in metric_names():
            raise UnknownNameError(
                f"{name!r} is not a metric.{did_you_mean(name, metric_names())} "
                f"Metrics: {', '.join(metric_names())}."
            )
        known = _parameters(name)
        for option in options:
            if option not in known or option in _OURS:
                choices = sorted(set(known) - _OURS)
                raise InvalidParameterError(
                    f"{name} has no option {option!r}.{did_you_mean(option, choices)} "
                    f"Options: {', '.join(choices) or 'none'}."
                )
        material = self._read(period)
        # The backlog needs older conversations too, those that were still open.
        rows = material.all if name == "backlog" else material.recent
        given = {"period": material.period, "zone": material.zone, "names": material.names}
        frame: pd.DataFrame = getattr(analysis, name)(
            rows, **{k: v for k, v in given.items() if k in known}, **options
        )
        return frame

    def _read(self, period: str) -> Material:
        with self._lock:
            if period not in self._material:
                self._material[period] = gather(self._source, period, None, Companions())
            return self._material[period]


def _parameters(name: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(getattr(analysis, name)).parameters)
