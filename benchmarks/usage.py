"""CPU time and memory of this process."""

from __future__ import annotations

import resource
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024


def cpu() -> float:
    """Return the CPU time in seconds, user and system, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> int:
    """Return the peak resident memory in bytes, imports included.

    On Linux that is at least what its parent had when it started this process: so what starts
    measured processes imports little.
    """
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
