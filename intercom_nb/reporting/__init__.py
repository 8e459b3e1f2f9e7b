"""``report()`` and ``dashboard()``: offline HTML pages about support."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import Report as Report
    from .build import report as report
    from .dashboards import Dashboard as Dashboard
    from .dashboards import dashboard as dashboard

_HOMES = {
    "Dashboard": "dashboards",
    "Report": "build",
    "dashboard": "dashboards",
    "report": "build",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    # Loaded on first use, because importing intercom_nb must be fast.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
