"""A whole workspace -> a dataset of Parquet files: read side by side, resumable, audited."""

from .dataset import Dataset, open_dataset

__all__ = ["Dataset", "open_dataset"]
