"""``report()``: an offline HTML page about support in a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import Report as Report
    from .build import report as report

__all__ = ["Report", "report"]


def __getattr__(name: str) -> Any:
    # Loaded on first use, because importing intercom_nb must be fast.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import build

    return getattr(build, name)
