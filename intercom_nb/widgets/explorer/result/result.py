"""The result of a request: the frame with the request and the form that led to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ....catalog.model import Operation
from .frame_result import FrameResult


class Result(FrameResult):
    """A frame with its request. ``partial`` is the caveat of a partial result."""

    def __init__(
        self,
        operation: Operation,
        arguments: dict[str, Any],
        form: Mapping[str, Any],
        frame: pd.DataFrame,
        seconds: float,
        *,
        partial: str | None = None,
    ) -> None:
        title = f"{operation.entity} {operation.action}"
        super().__init__(frame, operation.entity, title=title)
        self.operation = operation
        self.arguments = arguments
        self.form = form
        self.seconds = seconds
        self.partial = partial
        self.curl = ""
        self.at = dt.datetime.now().astimezone()

    def describe(self) -> dict[str, Any]:
        """Describe the result for the script, which pulls the rows when they come into view."""
        return {
            **super().describe(),
            "action": self.operation.action,
            "curl": self.curl,
            "seconds": round(self.seconds, 2),
            "requests": self.info.get("requests"),
        }

    def notes(self) -> list[str]:
        """Return caveats about the rows: a partial or a truncated result."""
        return [*([] if self.partial is None else [self.partial]), *super().notes()]
