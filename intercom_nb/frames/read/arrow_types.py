"""Arrow types of columns."""

from __future__ import annotations

import pyarrow as pa

TEXT = pa.large_string()
"""The Arrow type of text in pandas."""

INSTANT = pa.timestamp("s", tz="UTC")
"""The Arrow type of times."""

ARROW_TYPES: dict[str, pa.DataType] = {
    "id": TEXT,
    "string": TEXT,
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": INSTANT,
    "json": TEXT,
}
"""The Arrow type of each kind of column that is not a list."""
