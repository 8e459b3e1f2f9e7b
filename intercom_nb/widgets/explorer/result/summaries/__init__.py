"""Summaries of a result: column profiles, facets, and measures by dimension."""
