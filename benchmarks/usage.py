"""CPU time and memory of this process."""

from __future__ import annotations

import pathlib
import re
import resource
import sys

_UNIT = 1 if sys.platform == "darwin" else 1024


def cpu() -> float:
    """Return the CPU time in seconds, user and system, all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak() -> int:
    """Return the peak resident memory in bytes, imports included."""
    status = pathlib.Path("/proc/self/status")
    if not status.exists():  # macOS
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    # On Linux, getrusage() begins with the peak of the process that started this one.
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found is not None
    return int(found[1]) * 1024
