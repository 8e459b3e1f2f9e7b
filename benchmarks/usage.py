"""What this process has used so far."""

from __future__ import annotations

import resource
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024


def cpu() -> float:
    """Give its CPU in seconds, user and system, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> int:
    """Give the most bytes of memory that were resident at once, imports included.

    On Linux that is no less than what its parent had when it started this process: so what starts
    measured processes imports little.
    """
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
