"""Card of one record: its fields one below the other."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from ..errors import InvalidParameterError
from ..runtime.html import card

_LONGEST = 300  # characters of a value: a card is for a look, the frame has the rest


@dataclasses.dataclass(frozen=True)
class RecordCard:
    """One record as text in a terminal and as a card in a notebook. ``fields`` are its values."""

    title: str
    fields: dict[str, str]

    @classmethod
    def of(cls, frame: pd.DataFrame, row: int, entity: str) -> RecordCard:
        """Build it from a row; raises InvalidParameterError for a position outside."""
        if not -len(frame) <= row < len(frame):
            raise InvalidParameterError(f"{row!r} is not a valid row of {len(frame):,}.")
        values = frame.iloc[row]
        fields = {str(name): _text(value) for name, value in values.items() if _has_value(value)}
        return cls(f"{entity} {fields.get('id', '')}".strip(), fields)

    def __repr__(self) -> str:
        width = max(map(len, self.fields), default=0) + 2
        return "\n".join([self.title, *(f"{n:<{width}}{v}" for n, v in self.fields.items())])

    def _repr_html_(self) -> str:
        return card(self.title, self.fields.items())


def _has_value(value: Any) -> bool:
    if isinstance(value, list | dict) or not pd.api.types.is_scalar(value):
        return len(value) > 0
    return not pd.isna(value) and value != ""


def _text(value: Any) -> str:
    text = f"{value:%Y-%m-%d %H:%M:%S %Z}" if isinstance(value, pd.Timestamp) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
