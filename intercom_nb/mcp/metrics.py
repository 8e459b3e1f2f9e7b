"""Metrics of a period for a tool call: which there are, and how one is computed."""

from __future__ import annotations

import inspect
import threading
import time
import typing
from collections.abc import Callable
from typing import Any

import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError

from .. import analysis
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..reporting.gather import Companions, Material, gather

_NOT_METRICS = {"MetricAccessor", "OfficeHours", "names"}
_OURS = {"conversations", "period", "zone", "names"}  # arguments that we fill in
_CONFIG = ConfigDict(arbitrary_types_allowed=True)
_MAX_AGE = 600  # seconds for which the records of a period count as current
_MAX_PERIODS = 4  # in memory


def metric_names() -> list[str]:
    """Return the names of the metrics that need conversations only.

    >>> "csat" in metric_names(), "cohorts" in metric_names()
    (True, False)
    """
    every = sorted(set(analysis.__all__) - _NOT_METRICS)
    return [name for name in every if not _needs_more(name)]


def describe_metric(name: str) -> str:
    """Return the signature and the definition of a metric."""
    shown = [
        "office_hours: {'mon-fri': '09:00-17:00'} = None" if n == "office_hours" else str(p)
        for n, p in _parameters(name).items()
        if n not in _OURS
    ]
    return f"{name}({', '.join(shown)})\n\n{inspect.getdoc(getattr(analysis, name)) or ''}"


class Metrics:
    """Computes metrics over a connector or dataset.

    The records of the last periods are kept for 10 minutes: a server runs for days, in which
    conversations change.
    """

    def __init__(self, source: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._material: dict[str, tuple[float, Material]] = {}
        self._lock = threading.Lock()

    def compute(self, name: str, period: str, options: dict[str, Any]) -> pd.DataFrame:
        """Return a metric of a period.

        Raises UnknownNameError for a metric and InvalidParameterError for an option or a period
        that does not exist.
        """
        if name not in metric_names():
            raise UnknownNameError(f"{name!r} is not a metric.{did_you_mean(name, metric_names())}")
        known = _parameters(name)
        choices = sorted(set(known) - _OURS)
        for option in options:
            if option not in choices:
                raise InvalidParameterError(
                    f"{name} has no option {option!r}.{did_you_mean(option, choices)}"
                )
        checked = {option: _checked(name, option, value) for option, value in options.items()}
        material = self._read(period)
        if checked.get("office_hours") is not None:
            week = checked["office_hours"]
            checked["office_hours"] = analysis.OfficeHours(week, zone=material.zone)
        # The backlog needs older conversations too, those that were still open.
        rows = material.all if name == "backlog" else material.recent
        given = {"period": material.period, "zone": material.zone, "names": material.names}
        frame: pd.DataFrame = getattr(analysis, name)(
            rows, **{k: v for k, v in given.items() if k in known}, **checked
        )
        return frame

    def _read(self, period: str) -> Material:
        with self._lock:
            read_at, material = self._material.pop(period, (0.0, None))
            if material is None or self._clock() - read_at > _MAX_AGE:
                read_at = self._clock()
                material = gather(self._source, period, None, Companions())
            self._material[period] = (read_at, material)
            while len(self._material) > _MAX_PERIODS:
                del self._material[next(iter(self._material))]
            return material


def _checked(name: str, option: str, value: Any) -> Any:
    """Return the value of an option as its annotation has it; raises InvalidParameterError."""
    kind: Any = typing.get_type_hints(getattr(analysis, name))[option]
    if option == "office_hours":
        kind = dict[str, str] | None
    elif kind is Any:  # a period
        kind = str | None
    try:
        return TypeAdapter(kind, config=_CONFIG).validate_python(value)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise InvalidParameterError(
            f"{value!r} is not valid for the option {option} of {name}: {reason}."
        ) from None


def _needs_more(name: str) -> bool:
    """Return whether a metric needs another table than conversations."""
    parameters = _parameters(name).values()
    needed = {p.name for p in parameters if p.default is inspect.Parameter.empty}
    return bool(needed - _OURS) or "contacts" in _parameters(name)


def _parameters(name: str) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(getattr(analysis, name)).parameters)
