"""IPython magics ``%intercom`` and ``%%intercom_sql``, loaded by ``%load_ext intercom_nb``.

``tokenizer`` splits a line, ``parser`` and ``query_body`` read it by the catalog, ``completion``
completes it, ``help`` explains it; IPython calls ``magics``.
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
    """Remove the magics from a shell: ``%unload_ext intercom_nb``."""
    from .magics import unregister

    unregister(ipython)
