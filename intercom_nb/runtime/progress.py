"""How far a call is, and the bar that shows it where somebody is looking."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator

# A list that is there sooner than this needs no bar.
_PATIENCE_SECONDS = 2


@dataclasses.dataclass(frozen=True)
class Progress:
    """How far a call is: records so far, how many there are (None: unknown), requests sent."""

    records: int
    total: int | None
    requests: int


Report = Callable[[Progress], None]


@contextlib.contextmanager
def reporting(what: str, progress: Report | bool | None) -> Iterator[Report]:
    """Give the function to report to.

    A function is used as it is. None shows a bar in notebooks and terminals once the work takes
    longer than two seconds, True shows it everywhere, False never.
    """
    if callable(progress):
        yield progress
    elif progress or (progress is None and _somebody_looks()):
        with _bar(what) as report:
            yield report
    else:
        yield lambda _: None


@contextlib.contextmanager
def _bar(what: str) -> Iterator[Report]:
    # The plain bar, also in notebooks: it is written from the portal's thread, where the widget
    # of tqdm.auto has no cell to appear in.
    from tqdm import tqdm

    bar = tqdm(desc=what, unit=" records", delay=_PATIENCE_SECONDS, leave=False, file=sys.stderr)

    def report(progress: Progress) -> None:
        bar.total = progress.total
        bar.update(progress.records - bar.n)

    try:
        yield report
    finally:
        bar.close()


def _somebody_looks() -> bool:
    ipython = sys.modules.get("IPython")
    in_notebook = ipython is not None and ipython.get_ipython() is not None
    return in_notebook or sys.stderr.isatty()
