"""What is free is not kept."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import pytest

from intercom_nb.extract.slices import writer as slice_writer
from intercom_nb.runtime.free_memory import release_free_memory

STATM = Path("/proc/self/statm")


def resident() -> int:
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="only glibc keeps it",
)
def test_release_free_memory_shrinks_the_process_when_objects_were_freed():
    blocks = [bytes(1_000) for _ in range(80_000)]
    last = blocks[-1]
    del blocks
    kept = resident()
    release_free_memory()
    assert kept - resident() > 40_000_000
    assert len(last) == 1_000


@pytest.mark.skipif(sys.platform != "linux", reason="asks nothing of other systems")
def test_release_free_memory_does_nothing_when_the_c_library_lacks_the_call(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: object())
    release_free_memory()


@pytest.mark.slow
def test_extraction_releases_memory_when_a_slice_is_written(bench, monkeypatch):
    given: list[int] = []
    monkeypatch.setattr(slice_writer, "release_free_memory", lambda: given.append(len(given)))
    monkeypatch.setattr(slice_writer, "_RELEASE_EVERY", 1)
    b = bench(conversations=500, contacts=0)
    ds = b.extract()
    slices = int((ds.audit["kept"] > 0).sum())
    assert slices >= 2
    assert len(given) >= slices
