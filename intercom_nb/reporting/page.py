"""HTML page of a report: one file that loads nothing; text of customers is escaped."""

from __future__ import annotations

from html import escape

import pandas as pd

from ..analysis import formatting
from ..analysis.charts import svg
from ..analysis.result import KEY, definition_markup
from ..analysis.tables.text_table import MISSING
from ..runtime.html import Cell, html_table
from .document import document
from .gather import Material
from .headlines import Headline, Headlines
from .sections import Section

_METHOD = "Data and method"


def page(material: Material, heads: Headlines, found: list[Section]) -> str:
    """Build the whole page."""
    title = f"Support report, {material.period.text}"
    where = f" · {escape(material.workspace)}" if material.workspace else ""
    before = material.before
    versus = "Without a comparison" if before is None else f"Compared with {before.text}"
    notes = "".join(f"<p class='note'>{escape(n)}</p>" for n in material.notes)
    about = f"{escape(versus)} · times in {escape(material.zone)}{where}"
    return document(
        title,
        about,
        f"<p class='lead'>{' '.join(escape(s) for s in heads.sentences)}</p>"
        f"<ul class='tiles'>{''.join(_tile(h) for h in heads.items)}</ul>{notes}{_contents(found)}"
        f"{''.join(_section(s) for s in found)}{_left_out(found)}"
        "<footer class='quiet'>Created with intercom_nb. Definitions are below each chart's "
        "numbers.</footer>",
    )


def _tile(item: Headline) -> str:
    detail = f"<span class='quiet'>{escape(item.detail)}</span>" if item.detail else ""
    return (
        f"<li><span class='name'>{escape(item.name)}</span><strong>{escape(item.text)}</strong>"
        f"<span class='{item.verdict}'>{escape(item.change)}</span>{detail}</li>"
    )


def _contents(found: list[Section]) -> str:
    links = "".join(
        f"<li><a href='#{_anchor(title)}'>{escape(title)}</a></li>"
        for title in [*(s.title for s in found), _METHOD]
    )
    return f"<nav aria-label='Contents'><ul>{links}</ul></nav>"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _section(section: Section) -> str:
    figures = "".join(figure(name, result) for name, result in section.results.items())
    note = f"<p class='quiet'>{escape(section.note)}</p>" if section.note else ""
    return (
        f"<section id='{_anchor(section.title)}'><h2>{escape(section.title)}</h2>"
        f"{note}{figures}</section>"
    )


def figure(name: str, result: pd.DataFrame) -> str:
    """Build a chart below its finding, which is text of the page so that it wraps."""
    finding = escape(result.metric.finding)
    chart, shows = svg(result, result.attrs["metric"], salt=name)
    chart = chart.replace("<svg", f"<svg role='img' aria-label='{escape(finding, quote=True)}'", 1)
    notes = "".join(f"<p class='quiet'>{escape(note)}</p>" for note in result.metric.notes)
    return (
        f"<figure><figcaption><h3>{finding}</h3><p class='quiet'>{escape(shows)}</p>{notes}"
        "</figcaption>"
        f"<div class='chart' tabindex='0'>{chart}</div>"
        f"<details><summary>Numbers and definition</summary>{_table(result)}"
        f"{_definition(result)}</details></figure>"
    )


def _definition(result: pd.DataFrame) -> str:
    markup = formatting.definition(definition_markup(result.attrs[KEY]["metric"]))
    return f"<p class='definition'>{formatting.html_text(markup)}</p>"


def _table(result: pd.DataFrame) -> str:
    if len(result) == 168:  # hours of the week: the chart shows them better
        return ""
    shown = result.head(40).metric.table
    numbers = [pd.api.types.is_numeric_dtype(result[name]) for name in shown]
    rows = (list(map(_cell, row, numbers)) for row in shown.itertuples(index=False))
    more = len(result) - len(shown)
    rest = f"<p class='quiet'>{formatting.plural(more, 'more row')}</p>" if more else ""
    return f"{html_table(rows, [name.replace('_', ' ') for name in shown])}{rest}"


def _cell(text: str, is_number: bool) -> Cell | str:
    if text == MISSING:
        return Cell(text, "quiet")
    return Cell(escape(text), "number") if is_number else text


def _left_out(found: list[Section]) -> str:
    """List for every metric the conversations that it counted, and those left out by reason."""
    rows = (
        (name.replace("_", " "), _counts(result))
        for section in found
        for name, result in section.results.items()
    )
    return (
        f"<section id='{_anchor(_METHOD)}'><h2>{_METHOD}</h2><p>"
        "These are the conversations that each metric counted, and those that it could not "
        f"measure.</p>{html_table(rows)}</section>"
    )


def _counts(result: pd.DataFrame) -> str:
    counts = result.metric.counts
    return ", ".join(f"{k.replace('_', ' ')} {v:,}" for k, v in counts.items())
