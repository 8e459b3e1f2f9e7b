"""Records -> tidy DataFrames: types, nested fields, child tables, the ``df.intercom`` accessor."""

from .accessor import IntercomAccessor
from .build import build_frame
from .frame import KEY, ResultInfo, frame_of
from .parquet import read_parquet
from .read.records import Records, decode_repaired, ids_of

__all__ = [
    "KEY",
    "IntercomAccessor",
    "Records",
    "ResultInfo",
    "build_frame",
    "decode_repaired",
    "frame_of",
    "ids_of",
    "read_parquet",
]
