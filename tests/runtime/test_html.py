"""HTML tables: text is escaped, and only a Cell is HTML already."""

from __future__ import annotations

from intercom_nb.runtime.html import Cell, code, html_table

HOSTILE = "<script>alert(1)</script>&'\""


def test_table_escapes_text_when_it_is_in_the_head_a_row_or_code() -> None:
    shown = html_table([[HOSTILE, code(HOSTILE)]], [HOSTILE])
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 3


def test_table_keeps_a_cell_and_its_class_when_it_is_html_already() -> None:
    assert "<td class='number'><b>1</b></td>" in html_table([[Cell("<b>1</b>", "number")]])


def test_table_aligns_only_the_leading_columns_when_their_number_is_given() -> None:
    shown = html_table([["a", "1"]], ["name", "rows"], left=1, caption=Cell("All"))
    assert "<caption style='text-align:left'>All</caption>" in shown
    assert "<td style='text-align:left'>a</td><td>1</td>" in shown
    assert '<th scope="col" style=\'text-align:left\'>name</th><th scope="col">rows</th>' in shown
