"""Extraction of whole workspaces into a dataset: parallel, resumable, audited."""
