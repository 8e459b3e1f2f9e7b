"""Definitions of metrics: with markup on the page, as plain text elsewhere."""

from __future__ import annotations

import re

import pytest

from intercom_nb import analysis
from intercom_nb.analysis.formatting import plain_text
from intercom_nb.analysis.result import definition_markup, definitions
from tests.analysis.frames import conversation, frame


def test_definitions_are_plain_text_when_they_are_read_in_python() -> None:
    found = definitions()
    assert "met" in found["sla"].split()
    assert [name for name, text in found.items() if re.search(r"``|\*\w+\*", text)] == []
    assert "*met*" in definition_markup("sla")


@pytest.mark.slow
def test_figure_shows_terms_and_fields_as_html_when_a_definition_marks_them() -> None:
    pytest.importorskip("matplotlib")
    from intercom_nb.reporting.page import figure

    page = figure("sla", analysis.sla(frame(conversation("2026-10-01")), close="1h"))
    (text,) = re.findall("<p class='definition'>(.*?)</p>", page)
    assert "a conversation <em>met</em> a target" in text
    assert "(<code>time_to_first_close</code>)" in text
    assert not re.search(r"``|\*\w+\*", text)
    bare = re.sub(r"</?(em|code)>", "", text)
    assert bare in plain_text(definition_markup("sla")).replace("'", "&#x27;")
