"""HTML cards: what a notebook shows for our objects, escaped."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from scripted_server import demo_connector

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.connector.identity import Check, Identity
from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames.record_card import RecordCard

HOSTILE = "<img src=x onerror=alert(1)>"


def frame() -> pd.DataFrame:
    return demo_connector().sync.conversations.list(limit=50)


@pytest.mark.parametrize(
    ("build", "shows"),
    [
        (lambda c: c, "read-only"),
        (lambda c: c.whoami(), "Lanternboard"),
        (lambda c: c.rate, "requests"),
        (lambda c: c.conversations, "description"),
        (lambda c: c.sync.conversations, "description"),
        (lambda c: c.conversations.search, "fields to filter by"),
        (lambda c: c.contacts.update_many, "update_many"),
        (lambda c: analysis.csat(frame()).metric, "rated"),
        (lambda c: frame().intercom.record(0), "statistics"),
    ],
)
def test_html_card_shows_the_object_without_secrets(build: Any, shows: str) -> None:
    html = build(demo_connector())._repr_html_()
    assert shows in html
    assert "demo-secret" not in html
    assert "script" not in html.replace("description", "").replace("transcript", "")


def test_html_card_of_a_connector_hides_the_token() -> None:
    token = "dG9rOmEyNGZmYzYwXzM4"
    html = inb.connect(access_token=token)._repr_html_()
    assert html is not None
    assert token not in html


def test_html_card_escapes_markup_when_the_server_sends_some() -> None:
    check = Check("refused", HOSTILE)
    identity = Identity(
        HOSTILE, HOSTILE, "direct", "https://x", "token", False, {"a": HOSTILE}, check
    )
    record = RecordCard.of(pd.DataFrame({HOSTILE: [HOSTILE]}), 0, "contacts")
    for html in (identity._repr_html_(), record._repr_html_()):
        assert "<img" not in html
        assert "&lt;img" in html


def test_record_card_omits_missing_values_and_cuts_long_ones() -> None:
    row = pd.DataFrame({"id": ["7"], "none": [None], "tags": [[]], "body": ["a" * 5_000]})
    record = RecordCard.of(row, 0, "contacts")
    assert list(record.fields) == ["id", "body"]
    assert len(record.fields["body"]) < 500
    assert repr(record).startswith("contacts 7")


@pytest.mark.parametrize("row", [1, -2])
def test_record_card_raises_when_the_row_does_not_exist(row: int) -> None:
    with pytest.raises(InvalidParameterError, match="not a valid row"):
        RecordCard.of(pd.DataFrame({"id": ["7"]}), row, "contacts")


def test_metric_definition_has_no_markup_of_docstrings() -> None:
    prose = analysis.csat(frame()).metric.definition
    assert "Definition:" in prose
    for mark in (">>>", "Args:", "Returns", "``"):
        assert mark not in prose
