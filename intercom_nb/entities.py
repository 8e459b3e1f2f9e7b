"""Where a type checker finds all entities and actions: in ``entities.pyi``, beside this file."""

from __future__ import annotations


class AsyncEntities:
    """The entities of a connector as attributes, with actions to await."""


class SyncEntities:
    """The entities of a connector as attributes, with actions that wait."""
