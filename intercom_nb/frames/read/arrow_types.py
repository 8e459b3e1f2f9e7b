"""Arrow types of columns, and the memory that they take."""

from __future__ import annotations

import pyarrow as pa

POOL = pa.system_memory_pool()
"""Arrow's default pool takes huge pages, 0.4 s and 40 MB more for the first 20,000 records, and
keeps, per thread, as much again as is in use."""

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
