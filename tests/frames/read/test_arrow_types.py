"""Columns take their memory from the system, not from Arrow's default pool."""

from __future__ import annotations

import msgspec
import pyarrow as pa
import pytest

from intercom_nb.frames import Records

ROWS = 5_000
BYTES = 100


@pytest.mark.skipif(
    pa.default_memory_pool().backend_name == "system", reason="both pools are one here"
)
@pytest.mark.parametrize("odd", [None, 7, 2.5], ids=["alike", "whole numbers", "fractions"])
def test_records_take_no_memory_from_the_default_pool_when_read(odd):
    records = Records({"id": "id", "body": "string", "created_at": "time", "is_read": "boolean"})
    default, system = pa.default_memory_pool(), pa.system_memory_pool()
    taken, kept = default.bytes_allocated(), system.bytes_allocated()
    records.add([
        msgspec.Raw(msgspec.json.encode({
            "id": f"{row:0{BYTES}}", "body": odd if odd and row % 3 == 0 else "x" * BYTES,
            "created_at": row, "is_read": row % 2 == 0,
        }))
        for row in range(ROWS)
    ])  # fmt: skip
    flat = records.flat()
    assert flat.count == ROWS
    assert default.bytes_allocated() - taken < ROWS
    assert system.bytes_allocated() - kept > ROWS * BYTES
