"""Dashboards: what they take, what they show, and that nothing of customers is HTML in them."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pandas as pd
import pytest
from browser.payloads import PAYLOADS
from scripted_server import demo_connector

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError
from intercom_nb.reporting.panels import Panel, panel_html

TAGS = {"section", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "span", "pre"}
TAGS |= {"details", "summary", "div"}


def hostile_panels() -> list[Panel]:
    """Panels of which every text attacks, with bars, with shades, and without numbers."""
    chunks = [PAYLOADS[at : at + 7] for at in range(0, len(PAYLOADS) - 6, 7)]
    panels = []
    for at, (title, head, label, finding, subtitle, note, code) in enumerate(chunks):
        heads = [head, title, label][: 1 + at % 3]
        value = None if at % 4 == 0 else float(at)
        rows = [(label, [(value, text) for text in heads])]
        about = {"finding": finding, "subtitle": subtitle, "note": note, "code": code}
        panels.append(Panel(title, heads, rows, label=label, **about))
    return panels


def test_panel_escapes_its_texts_when_they_hold_markup():
    for panel in hostile_panels():
        page = panel_html(panel)
        assert set(re.findall(r"</?([a-zA-Z!]\w*)", page)) <= TAGS
        # Attributes are the page's own: classes, scopes, and styles made of numbers.
        styles = re.findall(r"style='([^']*)'", page)
        assert all(re.fullmatch(r"width:[\d.]+%|background:color-mix\([^;]*\)", s) for s in styles)
        for text in (panel.title, panel.finding, panel.code):
            assert html.escape(text) in page


def test_dashboard_is_a_sandboxed_frame_when_a_notebook_shows_it():
    made = inb.dashboard(hostile_panels(), title=PAYLOADS[0])
    shown = made._repr_html_()
    assert shown.count("<") == 2  # the frame alone
    assert re.search(r" sandbox title=", shown)
    page = re.search(r'srcdoc="([^"]*)"', shown)
    assert page is not None
    assert html.unescape(page[1]) == made.html
    assert "default-src 'none'" in made.html
    assert "http" not in re.sub(r"<section.*</section>", "", made.html, flags=re.DOTALL).replace(
        "http-equiv", ""
    )


def test_panel_bars_have_proportional_widths_when_values_differ():
    panel = Panel("Slow teams", ["Median"], [("A", [(50.0, "50 s")]), ("B", [(200.0, "3 min")])])
    assert re.findall(r"width:([\d.]+)%", panel_html(panel)) == ["25.0", "100.0"]
    assert "No data." in panel_html(Panel("Empty", [], []))


def test_dashboard_shows_charts_and_rows_when_items_are_metrics_and_frames(tmp_path: Path):
    pytest.importorskip("matplotlib")
    df = demo_connector().sync.conversations.list(limit=400)
    rated = analysis.csat(df, by="month")
    frame = pd.DataFrame({"team": [f"<b>{n}</b>" for n in range(50)], "n": range(50)})
    made = inb.dashboard([rated, frame, pd.DataFrame()], title="October & more")
    assert repr(made) == "<Dashboard 'October & more': 3 panels>"
    file = made.save(tmp_path / "page.html")
    page = file.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "&lt;b&gt;0&lt;/b&gt;" in page
    assert "The first 40 of 50 rows." in page
    with pytest.raises(FileExistsError):
        made.save(file)
    assert made.save(file, overwrite=True) == file


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "at least one item"),
        (pd.DataFrame(), "needs a list"),
        ("page.html", "needs a list"),
        (None, "needs a list"),
        ([1], "cannot show int"),
    ],
)
def test_dashboard_is_refused_when_its_items_cannot_be_shown(items, message):
    with pytest.raises(InvalidParameterError, match=message):
        inb.dashboard(items)
