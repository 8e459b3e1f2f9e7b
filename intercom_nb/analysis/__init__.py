"""Support metrics: each a tidy DataFrame of conversations, with a finding and a chart.

Every function takes conversations from ``c.conversations.list()`` or ``search()`` (in either mode),
a Dask DataFrame, a DuckDB relation, or an extracted dataset, and returns the same result for the
same rows. ``result.metric`` has the finding as a sentence, the counts of conversations that were
measured and left out, the notes, the definition, and ``plot()``.

>>> import intercom_nb
>>> from intercom_nb import analysis
>>> c = intercom_nb.connect("demo")
>>> df = c.sync.conversations.list(limit=None)
>>> "lowest in Jun 2026" in analysis.csat(df, by="month").metric.finding
True
"""

from .compare import compare_with_intercom
from .hours import OfficeHours
from .metrics.articles import article_feedback
from .metrics.automation import automation
from .metrics.backlog import backlog
from .metrics.cohorts import cohorts
from .metrics.companies import busiest_companies
from .metrics.durations import first_reply, time_to_close
from .metrics.movers import movers
from .metrics.quality import csat, handovers, reopens
from .metrics.sla import sla, sla_applied
from .metrics.summary import summary
from .metrics.threads import frequent_contacts, thread_length
from .metrics.tickets import ticket_states
from .metrics.topics import pareto, trend
from .metrics.volume import volume, volume_trend
from .names import names
from .result import MetricAccessor

__all__ = [
    "MetricAccessor",
    "OfficeHours",
    "article_feedback",
    "automation",
    "backlog",
    "busiest_companies",
    "cohorts",
    "compare_with_intercom",
    "csat",
    "first_reply",
    "frequent_contacts",
    "handovers",
    "movers",
    "names",
    "pareto",
    "reopens",
    "sla",
    "sla_applied",
    "summary",
    "thread_length",
    "ticket_states",
    "time_to_close",
    "trend",
    "volume",
    "volume_trend",
]
