"""Compaction of pending slices into the Parquet files of a dataset."""
