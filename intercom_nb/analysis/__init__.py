"""Support metrics: from conversations to answers, each a tidy DataFrame with a chart.

Every function takes conversations as ``c.conversations.list()`` or ``search()`` give them (in
either mode), a Dask DataFrame, a DuckDB relation, or an extracted dataset, and gives the same
result for the same rows. ``result.metric`` has the finding in words, the conversations that were
left out and why, the definition, and ``plot()``.

>>> import intercom_nb
>>> from intercom_nb import analysis
>>> c = intercom_nb.connect("demo")
>>> df = c.sync.conversations.list(limit=None)
>>> "lowest in Jun 2026" in analysis.csat(df, by="month").metric.finding
True
"""

from .hours import OfficeHours
from .metrics.automation import automation
from .metrics.backlog import backlog
from .metrics.cohorts import cohorts
from .metrics.companies import busiest_companies
from .metrics.durations import first_reply, time_to_close
from .metrics.movers import movers
from .metrics.quality import csat, handovers, reopens
from .metrics.sla import sla
from .metrics.topics import pareto, trend
from .metrics.volume import volume, volume_trend
from .names import names
from .result import MetricAccessor

__all__ = [
    "MetricAccessor",
    "OfficeHours",
    "automation",
    "backlog",
    "busiest_companies",
    "cohorts",
    "csat",
    "first_reply",
    "handovers",
    "movers",
    "names",
    "pareto",
    "reopens",
    "sla",
    "time_to_close",
    "trend",
    "volume",
    "volume_trend",
]
