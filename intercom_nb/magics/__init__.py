"""``%intercom`` and ``%%intercom_sql``: the connector in few words, for ``%load_ext intercom_nb``.

What is typed is taken apart (``words``), understood by the catalog (``command``, ``body``),
completed by it (``completion``) and explained by it (``manual``); ``magic`` is what IPython calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """Add the magics to a shell: ``%load_ext intercom_nb``."""
    from .magics import register

    register(ipython)


def unload_ipython_extension(ipython: InteractiveShell) -> None:
    """Take the magics out of a shell again: ``%unload_ext intercom_nb``."""
    from .magics import unregister

    unregister(ipython)
