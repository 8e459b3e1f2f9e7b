"""Headline numbers and sentences of a report, at the edges of rounding and of the data."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.analysis import formatting
from intercom_nb.reporting import gather
from intercom_nb.reporting.headlines import Headline
from tests.analysis.frames import conversation, frame


@pytest.mark.parametrize(
    ("now", "before", "write", "change", "verdict"),
    [
        (0.674, 0.671, formatting.percent, "unchanged", "same"),
        (0.682, 0.671, formatting.percent, "+1 point, from 67%", "good"),
        (2_652, 2_640, formatting.duration, "unchanged", "same"),
        (887, 888, formatting.number, "-0.1%, from 888", "bad"),
        (1_001, 990, formatting.number, "+1%, from 990", "good"),
    ],
)
def test_headline_change_agrees_with_the_numbers_when_it_is_small(
    now: float, before: float, write: Callable[[float], str], change: str, verdict: str
) -> None:
    item = Headline("x", now, before, write, 1)
    assert (item.change, item.verdict) == (change, verdict)


def test_report_sentences_say_on_when_the_period_is_a_day() -> None:
    df = frame(*(conversation(f"2026-10-0{day} 10:00") for day in (5, 6, 6)))
    made = inb.report(df, "2026-10-06", zone="UTC")
    expected = "2 new conversations on Tue 6 Oct 2026, up from 1 on Mon 5 Oct 2026."
    assert made.sentences[0] == expected


def test_report_notes_it_when_its_period_is_before_the_data() -> None:
    made = inb.report(frame(conversation("2026-10-05")), "2024-01", zone="UTC")
    assert any("may be before the first one" in note for note in made.notes)
    made = inb.report(frame(conversation("2026-10-05")), "2026-10", zone="UTC")
    assert not any("may be before the first one" in note for note in made.notes)


def test_report_is_complete_when_time_passes_while_it_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, calls = gather.now, iter(range(1_000_000))
    monkeypatch.setattr(gather, "now", lambda: real() + pd.Timedelta(seconds=60 * next(calls)))
    made = inb.report(frame(conversation("2026-10-05")), "this-month", zone="UTC")
    assert made.is_complete


def test_report_notes_no_filter_of_its_own_when_a_connector_has_no_conversations() -> None:
    made = inb.report(inb.connect("demo"), "2020-01")
    assert not any("signed_up_at" in note for note in made.notes)
