"""Slices: intervals of an extraction, read in parallel and written one by one."""
