"""From the pages of a list to a DataFrame: cost of each way, and the values that differ.

Each measurement is a process of its own, in turns of all ways and pages, with nothing warmed up:
the imports and the client come first and are shown apart. CPU is that of all threads, with the
garbage collector on. Halves of surrogate pairs are left out of the odd pages, since only this
package reads them.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from . import usage
from .frame_pages import KEYS, KINDS, PER_PAGE
from .frame_ways import FRAME, LIST, LOADS, PANDAS, SDK, SDK_ROWS, WAYS, Source, source
from .loopback import Server

ROWS = 20_000
TURNS = 5
_LATER = 2  # calls after the first one
Pages = tuple[str, str]  # entity and kind


class Took(NamedTuple):
    """CPU of a way: of its imports in ms, and of calls in us a record."""

    imports: float
    first: float
    later: float


Found = list[Took] | str  # one of each turn, or why the way fails
Differences = dict[str, int]


def measure(entity: str, way: str, folder: str, url: str, compare: str = "") -> None:
    """Print what a way took, and how its frame differs if asked; or why it fails."""
    warnings.simplefilter("ignore")
    # Only this project's tests need trio, which httpx would import along.
    sys.modules["trio"] = None  # type: ignore[assignment]
    of = source(entity, folder, url)
    before = usage.cpu()
    run = WAYS[way](of)
    imports = (usage.cpu() - before) * 1e3
    rows = SDK_ROWS if way == SDK else of.rows
    took, result = [], None
    try:
        for _ in range(1 if way == SDK else 1 + _LATER):
            result = None  # what the call before returned is freed unmeasured
            before = usage.cpu()
            result = run()
            took.append((usage.cpu() - before) / rows * 1e6)
    except Exception as error:  # noqa: BLE001 - a way that cannot read the pages is a result
        text = str(error).splitlines()[0].split(",")[0]
        print(json.dumps(f"{type(error).__name__}: {text}"[:70]))
        return
    found = [imports, took[0], statistics.median(took[1:] or took)]
    print(json.dumps([found, _differences(of, result, rows) if compare and way != LOADS else None]))


def _differences(of: Source, result: Any, rows: int) -> Differences:
    from .exactness import differing  # only here: it imports pandas

    records = [r for page in of.pages for r in json.loads(page)[KEYS[of.entity]]]
    return differing(records[:rows], result)


def measured(
    turns: int, rows: int
) -> tuple[dict[Pages, dict[str, Found]], dict[Pages, dict[str, Any]]]:
    """Return what each way took, and how its frames differ, by pages and way."""
    took: dict[Pages, dict[str, Found]] = {(e, kind): {} for e in KEYS for kind in KINDS}
    differ: dict[Pages, dict[str, Any]] = {pages: {} for pages in took}
    with contextlib.ExitStack() as stack:
        places = {pages: stack.enter_context(_served(*pages, rows)) for pages in took}
        for turn in range(turns):
            for pages, found in took.items():
                for way in WAYS if turn % 2 else reversed(WAYS):
                    before = found.get(way, [])
                    if isinstance(before, str) or (turn and way == SDK):
                        continue
                    compare = [] if turn else ["compare"]
                    out = run_module("frames", pages[0], way, *places[pages], *compare)
                    found[way] = out if isinstance(out, str) else [*before, Took(*out[0])]
                    differ[pages].setdefault(way, out if isinstance(out, str) else out[1])
            print(f"  turn {turn + 1} of {turns}", file=sys.stderr, flush=True)
    return took, differ


@contextlib.contextmanager
def _served(entity: str, kind: str, rows: int) -> Iterator[tuple[str, str]]:
    """Write the pages to a folder and serve them; yield the folder and the address."""
    with tempfile.TemporaryDirectory() as folder:
        run_module("frame_pages", entity, kind, folder, str(rows))
        with Server("page_files", folder=folder) as server:
            yield folder, server.url


def run_module(module: str, *arguments: str) -> Any:
    """Run a module of this package in a process; return the JSON that it prints."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(out) if out else None


def report(turns: int = TURNS, rows: int = ROWS) -> str:
    """Measure everything; return the tables as Markdown."""
    took, differ = measured(turns, rows)
    lines = [
        f"CPU in us per record, {rows:,} records in pages of {PER_PAGE}: medians of {turns} "
        "alternating processes; in parentheses the smallest and largest ratio of a turn. The SDK "
        f"runs once, for {SDK_ROWS:,} records. A first call opens the client too.",
        "",
        "| pages | way | imports, ms | first call | later calls | first / loads | later / loads |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for pages, found in took.items():
        lines += [_row(", ".join(pages), way, found[way], found[LOADS]) for way in WAYS]
    return "\n".join([*lines, "", *_ratios(took), "", *_exactness(differ)])


def _row(pages: str, way: str, took: Found, floor: Found) -> str:
    if isinstance(took, str):
        return f"| {pages} | {way} | fails: `{took}` | | | | |"
    imports, first, later = (f"{statistics.median(each):,.0f}" for each in zip(*took, strict=True))
    calls = [first, spread(took, floor, "first")]
    if way != SDK:
        calls[1:] = [later, calls[1], spread(took, floor, "later")]
    else:
        calls[1:] = ["", calls[1], ""]
    return f"| {pages} | {way} | {imports} | {' | '.join(calls)} |"


def spread(took: Found, other: Found, call: str) -> str:
    """Return the median ratio of two ways and its range over the turns."""
    if isinstance(took, str) or isinstance(other, str):
        return "fails"
    pairs = zip(took, other, strict=False)
    ratios = [getattr(mine, call) / getattr(theirs, call) for mine, theirs in pairs]
    if len(ratios) == 1:
        return f"{ratios[0]:.2f}"
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


_RATIOS = {
    "first `c.list()` / first httpx + orjson + json_normalize, clean": (
        (LIST, "clean"),
        (PANDAS, "clean"),
        "first",
    ),
    "the same, odd pages": ((LIST, "odd"), (PANDAS, "odd"), "first"),
    "bytes to frame, first call: odd / clean pages": ((FRAME, "odd"), (FRAME, "clean"), "first"),
    "bytes to frame, later calls: odd / clean pages": ((FRAME, "odd"), (FRAME, "clean"), "later"),
}


def _ratios(took: Mapping[Pages, Mapping[str, Found]]) -> Iterator[str]:
    yield f"| ratio | {' | '.join(KEYS)} |"
    yield f"| --- |{' --- |' * len(KEYS)}"
    for name, ((way, kind), (other, other_kind), call) in _RATIOS.items():
        cells = [spread(took[e, kind][way], took[e, other_kind][other], call) for e in KEYS]
        yield f"| {name} | {' | '.join(cells)} |"


def _exactness(differ: Mapping[Pages, Mapping[str, Any]]) -> Iterator[str]:
    sizes = [found[LIST]["values"] for found in differ.values()]
    yield f"| values missing + changed | {' | '.join(', '.join(pages) for pages in differ)} |"
    yield f"| --- |{' --- |' * len(differ)}"
    yield f"| of | {' | '.join(f'{size:,}' for size in sizes)} |"
    for way in WAYS:
        if way != LOADS:
            yield f"| {way} | {' | '.join(_cell(found[way]) for found in differ.values())} |"


def _cell(found: Differences | str) -> str:
    if isinstance(found, str):
        return "fails"
    return f"{found['missing']:,} + {found['changed']:,}"


def main(argv: Sequence[str]) -> None:
    """Measure one way."""
    with contextlib.suppress(BrokenPipeError):
        measure(*argv)


if __name__ == "__main__":
    main(sys.argv[1:])
