"""The IPython shell that this runs in, if any."""

from __future__ import annotations

import sys
from typing import Any


def running_shell() -> Any:
    """Return the running IPython shell, or None; imports nothing."""
    ipython = sys.modules.get("IPython")
    get = getattr(ipython, "get_ipython", None)
    return None if get is None else get()


def is_notebook(shell: Any) -> bool:
    """Check whether a shell belongs to a kernel, whose front ends show HTML."""
    return getattr(shell, "kernel", None) is not None
