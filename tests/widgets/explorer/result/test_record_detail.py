"""Comparison of two results, bodies, and texts of cells."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from intercom_nb.frames.cells import cell_text, column_texts
from intercom_nb.widgets.explorer.result import detail
from intercom_nb.widgets.explorer.result.compare import compare
from tests.widgets.explorer.frames import FRAME, odd_frame


def test_compare_lists_records_when_they_were_added_removed_or_changed():
    after = FRAME.iloc[[0, 1, 3]].copy()
    after.loc[0, "name"] = "Zoe"
    after.loc[3, "id"] = "new"
    said = compare(FRAME, after)
    assert (said["added_ids"], said["removed_ids"]) == (["new"], ["8", "7"])
    assert said["changes"] == [["10", "name", "Zoë", "Zoe"]]
    assert "error" in compare(FRAME.drop(columns="id"), after)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<p style='background:url(//evil)' onclick='x()' class='jp-Cell'>x</p>",
        "<form action=//evil><input name=a></form>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_clean_html_removes_active_markup_when_a_body_is_hostile(body):
    html = detail.clean_html(body).lower()
    assert not re.search(
        r"script|onerror|onload|onclick|style=|class=|<img|<svg|<iframe|<form", html
    )
    assert "evil" not in html


def test_column_texts_equal_the_texts_of_its_cells():
    wide = FRAME.assign(flag=pd.array([True, None, False, True], dtype="boolean"), f=[0.1, 1, 2, 3])
    local = wide["at"].dt.tz_convert("Asia/Tokyo").dt.tz_convert("UTC")
    odd = odd_frame()
    columns = [frame[name] for frame in (wide, odd) for name in frame]
    for series in [*columns, local, wide["n"].dropna(), wide["f"].iloc[:0]]:
        assert column_texts(series) == [cell_text(value) for value in series.array]
