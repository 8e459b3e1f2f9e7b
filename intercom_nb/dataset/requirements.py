"""Optional libraries, imported where they are used."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ..errors import UnsupportedError


def require(module: str, package: str) -> Any:
    """Import an optional library; raises UnsupportedError with the command that installs it."""
    try:
        return import_module(module)
    except ImportError:
        raise UnsupportedError(f"This needs {module}. Run: pip install '{package}'") from None
