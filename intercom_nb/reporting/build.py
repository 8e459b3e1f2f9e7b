"""``report()``, and what it returns."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis import OfficeHours
from ..analysis.metrics.sla import target_seconds
from .gather import Material, Tables, gather
from .headlines import Headline, headlines, sentences
from .page import page
from .sections import Section, sections


class Report:
    """A finished report: its page, its headline numbers in words, and the frames behind it."""

    def __init__(self, material: Material, heads: list[Headline], found: list[Section]) -> None:
        self._material = material
        self._heads = heads
        self._sections = found

    @functools.cached_property
    def html(self) -> str:
        """The whole page; its charts are drawn when it is first asked for."""
        return page(self._material, self._heads, self._sections)

    @property
    def sentences(self) -> list[str]:
        """The headline numbers in whole sentences."""
        return sentences(self._heads, self._material)

    @property
    def notes(self) -> list[str]:
        """What a reader must know about how it was read: whose clock, what is not there."""
        return list(self._material.notes)

    @property
    def is_complete(self) -> bool:
        """Whether the data covers the period and the one before it."""
        return True

    @property
    def headlines(self) -> pd.DataFrame:
        """The headline numbers: name, now, before, text, change, detail."""
        rows = [
            {
                "name": h.name,
                "now": h.now,
                "before": h.before,
                "text": h.text,
                "change": h.change,
                "detail": h.detail,
            }
            for h in self._heads
        ]
        return pd.DataFrame(rows)

    @property
    def results(self) -> dict[str, pd.DataFrame]:
        """The frames behind the charts, by name: ``first_reply``, ``csat``, ``movers``, ..."""
        return {name: frame for s in self._sections for name, frame in s.results.items()}

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the page to a file, and give its path.

        Raises FileExistsError when there is one already and ``overwrite`` is not set, and
        UnsupportedError when matplotlib is not installed (extra: ``charts``).
        """
        file = Path(path)
        text = self.html  # before the file is there
        with file.open("w" if overwrite else "x", encoding="utf-8") as out:
            out.write(text)
        return file

    def __repr__(self) -> str:
        return "\n".join([f"<Report of {self._material.period.label}>", *self.sentences])

    def _repr_html_(self) -> str:
        from html import escape

        lines = "".join(f"<li>{escape(s)}</li>" for s in self.sentences)
        return (
            f"<p><b>Report of {escape(self._material.period.label)}</b>: "
            f"<code>.save('report.html')</code> writes the page with all charts.</p>"
            f"<ul>{lines}</ul>"
        )


def report(
    source: Any,
    period: Any,
    *,
    zone: str | None = None,
    first_reply: str | None = None,
    close: str | None = None,
    office_hours: OfficeHours | None = None,
    contacts: Any = None,
    companies: Any = None,
    names: Any = None,
) -> Report:
    """Make a report of a period: one self-contained HTML page with charts and words.

    Args:
        source: A connector (it fetches the conversations of the period and of the one before, the
            older ones that were open then, and the contacts and companies of these), an extracted
            dataset, or conversations as a frame.
        period: ``"2026-10"``, ``"2026-W41"``, ``"2026-Q3"``, (start, end), ...
        zone: Time zone of days and hours; by default the workspace's own.
        first_reply: A target for the first reply, like ``"1h"``: adds a section of promises.
        close: A target for the first close, like ``"2d"``.
        office_hours: Hours to count waiting times in, instead of Intercom's own figures.
        contacts: Beside a frame: the contacts, for the section about customers. Without them
            there is none. A dataset's own are used if it has them.
        companies: Beside a frame: names of companies, as a frame with id and name, or a dict.
        names: Beside a frame: names of teams, teammates and tags, as ``analysis.names(c)`` gives.

    Returns a Report: ``.html``, ``.save(path)``, ``.sentences``, ``.headlines``, ``.results``. The
    page loads nothing, runs no script, and shows what customers wrote (names of tags, companies)
    as text. Raises InvalidParameterError for a wrong period, zone or target; the page needs
    matplotlib (extra: ``charts``), the numbers and sentences do not.

    >>> import intercom_nb
    >>> made = intercom_nb.report(intercom_nb.connect("demo"), period="2026-10")
    >>> made.sentences[0].endswith("in 2026-09.")
    True
    """
    targets = {n: t for n, t in (("first_reply", first_reply), ("close", close)) if t is not None}
    for name, target in targets.items():
        target_seconds(name, target)  # refused here, and not after minutes of fetching
    material = gather(source, period, zone, Tables(contacts, companies, names))
    found = sections(material, targets=targets, office_hours=office_hours)
    return Report(material, headlines(material, office_hours), found)
