"""Nested event loops, for notebooks that call ``asyncio.run`` themselves."""

from __future__ import annotations


def enable_nested_loops() -> None:
    """Allow ``asyncio.run(...)`` inside a running event loop, as in a notebook cell.

    This package does not need it: use ``await`` or ``c.sync``. It patches asyncio in the whole
    process with nest-asyncio2, the maintained continuation of nest-asyncio (whose last version
    hangs "Run All" on ipykernel 7). A second call has no effect.

    >>> enable_nested_loops()
    """
    import nest_asyncio2

    nest_asyncio2.apply()
