"""A dataset: a folder of Parquet files with state and journal."""

from .dataset import Dataset, open_dataset

__all__ = ["Dataset", "open_dataset"]
