"""Base classes with the entities as attributes; type checkers read ``entities.pyi``."""

from __future__ import annotations


class AsyncEntities:
    """The entities of a connector as attributes, with actions to await."""


class SyncEntities:
    """The entities of a connector as attributes, with blocking actions."""
