"""Measurements and their ratios as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .floors import requests
from .job import Line

_HEADS = ("task", "who", "ms", "rows", "s", "rows/s", "us/row", "first", "MB", "x orjson",
          "x ours", "floor s", "x floor")  # fmt: skip
_DECODED = "orjson"


def table(lines: Sequence[Line]) -> str:
    """Lay out the lines, with ratios to decoding's CPU, to our own, and to the floor."""
    shown = [_HEADS, *(_cells(line, lines) for line in lines)]
    widths = [max(len(row[i]) for row in shown) for i in range(len(_HEADS))]
    out = []
    for row in shown:
        cells = [c.rjust(w) for c, w in zip(row[2:], widths[2:], strict=True)]
        names = [c.ljust(w) for c, w in zip(row[:2], widths[:2], strict=True)]
        out.append("  ".join([*names, *cells]).rstrip())
    return "\n".join([out[0], "-" * max(map(len, out)), *out[1:]])


def _cells(x: Line, lines: Sequence[Line]) -> tuple[str, ...]:
    each = x.cpu / x.rows
    decode = "decode parts" if x.task.endswith("parts") else "decode"
    ours = _like(x, [y for y in lines if y.who == "intercom_nb" and y.task == x.task])
    decoded = _like(x, [y for y in lines if y.who == _DECODED and y.task == decode])
    return (
        x.task, x.who, f"{x.latency * 1000:.0f}", f"{x.rows:,}", f"{x.seconds:.2f}",
        f"{x.rows / x.seconds:,.0f}", f"{each * 1e6:,.0f}", f"{x.first:.2f}",
        f"{x.peak / 1e6:.0f}", _ratio(each, decoded), "" if x is ours else _ratio(each, ours),
        f"{x.floor:.2f}" if x.floor else "", f"{x.seconds / x.floor:.2f}" if x.floor else "",
    )  # fmt: skip


def _like(x: Line, among: Sequence[Line]) -> Line | None:
    """Return the line to compare with: same latency, nearest number of rows."""
    return min(among, key=lambda y: (y.latency != x.latency, abs(y.rows - x.rows)), default=None)


def _ratio(each: float, other: Line | None) -> str:
    return f"{each / (other.cpu / other.rows):.1f}" if other else ""


def growth(lines: Sequence[Line]) -> Iterator[str]:
    """Return how cost per row and memory change with the number of rows."""
    for more in [x for x in lines if x.who in {"intercom_nb", _DECODED} and not x.latency]:
        less = next(x for x in lines if (x.who, x.task, x.latency) == (more.who, more.task, 0.0))
        if less.rows < more.rows:
            times = more.rows / less.rows
            cost = (more.cpu / more.rows) / (less.cpu / less.rows)
            yield (
                f"{more.task}, {more.who}: with {times:.0f} times the rows, a row costs "
                f"{cost:.2f} times the CPU; peak {less.peak / 1e6:.0f} -> {more.peak / 1e6:.0f} MB"
            )


def busiest(lines: Sequence[Line], page: float, one: float) -> tuple[float, Line]:
    """Return the largest share of the server's maximum rate that a job used, and the job.

    ``page`` and ``one`` are how many pages and conversations the server can send per second.
    """

    def share(x: Line) -> float:
        pages = requests("list", x.rows)
        return (pages / page + (requests(x.task, x.rows) - pages) / one) / x.seconds

    busy = max((x for x in lines if not x.task.startswith("decode")), key=share)
    return share(busy), busy
