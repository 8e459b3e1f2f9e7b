"""Compaction: staged rows merged into monthly Parquet files."""
