"""``report()``: one call, one offline HTML page that says how support went in a period."""

from .build import Report, report

__all__ = ["Report", "report"]
