"""Records -> tidy DataFrames: types, nested fields, child tables, the ``df.intercom`` accessor."""

from .accessor import IntercomAccessor
from .build import build_frame, flat_records
from .fast import read_records, record_id
from .info import KEY, ResultInfo
from .parquet import read_parquet

__all__ = [
    "KEY",
    "IntercomAccessor",
    "ResultInfo",
    "build_frame",
    "flat_records",
    "read_parquet",
    "read_records",
    "record_id",
]
