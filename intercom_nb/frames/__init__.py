"""Records -> tidy DataFrames: types, nested fields, child tables, the ``df.intercom`` accessor."""

from .accessor import IntercomAccessor
from .build import build_frame, build_frame_from_json
from .info import KEY, ResultInfo
from .parquet import read_parquet

__all__ = [
    "KEY",
    "IntercomAccessor",
    "ResultInfo",
    "build_frame",
    "build_frame_from_json",
    "read_parquet",
]
