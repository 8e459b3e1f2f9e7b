"""``report()`` and its result."""

from __future__ import annotations

import functools
import os
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis import OfficeHours
from ..analysis.arguments import check_page, check_workbook
from ..analysis.hours import check_hours
from ..analysis.metrics.sla import target_seconds
from ..analysis.tables.sheets import sheets_of
from ..frames.masking import Masker
from ..frames.workbook import Sheet, workbook
from .gather import Companions, Material, gather
from .headlines import Headlines, headlines
from .masked import masked
from .page import page
from .sections import Section, sections


class Report:
    """A finished report: its page, its headline numbers as sentences, and the frames behind it.

    >>> import intercom_nb
    >>> report = intercom_nb.report(intercom_nb.connect("demo"), period="2026-10")
    >>> report.headlines["name"].tolist()[0], report.results["csat"].metric.counts["rated"]
    ('Conversations', 54)
    >>> report.save("october.html")  # doctest: +SKIP
    """

    def __init__(self, material: Material, heads: Headlines, found: list[Section]) -> None:
        self._material = material
        self._heads = heads
        self._sections = found

    @functools.cached_property
    def html(self) -> str:
        """The whole page; its charts are drawn on first use."""
        return page(self._material, self._heads, self._sections)

    @property
    def sentences(self) -> list[str]:
        """The headline numbers as whole sentences."""
        return list(self._heads.sentences)

    @property
    def notes(self) -> list[str]:
        """Caveats for the reader, such as missing data and comparisons left out."""
        return list(self._material.notes)

    @property
    def is_complete(self) -> bool:
        """Whether the data covers the period and the previous one."""
        return self._material.is_complete

    @property
    def headlines(self) -> pd.DataFrame:
        """The headline numbers, one per row (name, now, before, text, change, detail)."""
        rows = [
            {
                "name": h.name,
                "now": h.now,
                "before": h.before,
                "text": h.text,
                "change": h.change,
                "detail": h.detail,
            }
            for h in self._heads.items
        ]
        return pd.DataFrame(rows)

    @property
    def results(self) -> dict[str, pd.DataFrame]:
        """Frames behind the charts, by name (``first_reply``, ``csat``, ``movers``, ...)."""
        return {name: frame for s in self._sections for name, frame in s.results.items()}

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the page to a file and return its path.

        Raises FileExistsError if the file exists and ``overwrite`` is not set,
        InvalidParameterError for the name of another kind of file, and UnsupportedError if
        matplotlib is not installed (extra: ``charts``).
        """
        file = Path(path)
        check_page(file)
        text = self.html  # before the file is created
        with file.open("w" if overwrite else "x", encoding="utf-8") as out:
            out.write(text)
        return file

    def to_excel(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the numbers to an Excel file, one sheet per metric, and return its path.

        Raises FileExistsError if the file exists and ``overwrite`` is not set, and
        ConfigurationError without the extra ``excel``.
        """
        file = Path(path)
        check_workbook(file)
        lines = [f"Support report, {self._material.period.text}", *self.sentences, *self.notes]
        summary = Sheet("Summary", self.headlines.drop(columns=["now", "before"]), lines)
        data = workbook([summary, *sheets_of(self.results)])
        with file.open("wb" if overwrite else "xb") as out:
            out.write(data)
        return file

    def __repr__(self) -> str:
        return "\n".join([f"<Report for {self._material.period.text}>", *self.sentences])

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{escape(s)}</li>" for s in self.sentences)
        return (
            f"<p><b>Report for {escape(self._material.period.text)}</b>: "
            f"<code>.save('report.html')</code> writes the page with all charts.</p>"
            f"<ul>{lines}</ul>"
        )


def report(  # noqa: PLR0913 - public keywords
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
    mask: bool | str = False,
) -> Report:
    """Build a report for a period: one self-contained HTML page with charts and sentences.

    Args:
        source: A connector (fetches the conversations of the period and the previous one, the
            older ones that were open then, and their contacts and companies), an extracted
            dataset, or conversations as a frame.
        period: ``"2026-10"``, ``"2026-W41"``, ``"2026-Q3"``, ``"last-month"``, (start, end), ...
            A period that is not over, or that the data covers in part, is compared with an
            equally long one, with a note.
        zone: Time zone of days and hours (default: the workspace's own).
        first_reply: A target for the first reply, such as ``"1h"``: adds a section on targets.
        close: A target for the first close, such as ``"2d"``.
        office_hours: Hours to count durations in, instead of Intercom's own figures.
        contacts: Only with a frame: the contacts, for the section about customers. A dataset's
            own are used if it has them.
        companies: Only with a frame: names of companies, as a frame with id and name, or a dict.
        names: Only with a frame: names of teams, teammates and tags, from ``analysis.names(c)``.
        mask: Show pseudonyms for names of teammates and companies; a text is the key that makes
            them the same in each report.

    Returns a Report: ``.html``, ``.save(path)``, ``.sentences``, ``.headlines``, ``.results``. The
    page loads nothing, runs no script, and shows names that customers chose as text. Raises
    InvalidParameterError for an invalid period, zone or target. The page needs matplotlib (extra:
    ``charts``); numbers and sentences do not.

    >>> import intercom_nb
    >>> made = intercom_nb.report(intercom_nb.connect("demo"), period="2026-10")
    >>> made.sentences[0].endswith("in September 2026.")
    True
    """
    check_hours(office_hours)
    targets = {n: t for n, t in (("first_reply", first_reply), ("close", close)) if t is not None}
    for name, target in targets.items():
        target_seconds(name, target)  # refused here rather than after minutes of fetching
    material = gather(source, period, zone, Companions(contacts, companies, names))
    if mask is not False:
        material = masked(material, Masker.of(mask if isinstance(mask, str) else None, texts=True))
    found = sections(material, targets=targets, office_hours=office_hours)
    return Report(material, headlines(material, office_hours), found)
