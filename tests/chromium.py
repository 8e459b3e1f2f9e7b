"""Chromium on this machine, for the browser tests and the benchmark of the explorer."""

from __future__ import annotations

import os
import shutil


def find_chromium() -> str | None:
    """Find the browser: the one that CHROMIUM names, or one of the usual names on the PATH."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)
