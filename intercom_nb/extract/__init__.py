"""A whole workspace -> a dataset of Parquet files: read side by side, resumable, audited."""

from importlib.util import find_spec

from ..errors import UnsupportedError

if find_spec("pyarrow") is None:
    raise UnsupportedError("Datasets need pyarrow: pip install 'intercom-nb[data]'.")

from .dataset import Dataset, open_dataset

__all__ = ["Dataset", "open_dataset"]
