"""Excel files of metrics and reports: one sheet per metric, the numbers of the frames."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from tests.analysis.frames import conversation, frame

openpyxl = pytest.importorskip("openpyxl")


def conversations() -> pd.DataFrame:
    return frame(
        *(
            conversation(
                f"2026-{9 + i % 2:02}-{1 + i:02}",
                team_assignee_id=1 + i % 2,
                statistics={"time_to_admin_reply": 60 * i},
                conversation_rating={"rating": 1 + i % 5},
            )
            for i in range(20)
        )
    )


def test_metric_workbook_has_finding_numbers_and_definition_when_it_is_saved(
    tmp_path: Path,
) -> None:
    result = analysis.first_reply(conversations(), by="team", zone="Europe/Dublin")
    book = openpyxl.load_workbook(result.metric.to_excel(tmp_path / "a.xlsx"))
    assert book.sheetnames == ["first_reply", "Definitions"]
    sheet = book["first_reply"]
    assert sheet["A1"].value == result.metric.finding
    assert "Europe/Dublin" in sheet["A2"].value
    table = pd.read_excel(tmp_path / "a.xlsx", skiprows=3, dtype={"team_id": str})
    spans = pd.to_timedelta(table["median (h:mm:ss)"].astype(str)).dt.total_seconds()
    assert spans.tolist() == result["median"].tolist()
    assert table["conversations"].tolist() == result["conversations"].tolist()
    assert book["Definitions"]["B2"].value.startswith("Definition: statistics.time_to_admin_reply")


@pytest.mark.slow
def test_report_workbook_has_a_sheet_for_every_metric_when_it_is_saved(tmp_path: Path) -> None:
    report = inb.report(conversations(), "2026-10", zone="UTC")
    file = report.to_excel(tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Summary", *report.results, "Definitions"]
    assert [row[0].value for row in book["Summary"].iter_rows(max_row=2)] == [
        "Support report, October 2026",
        report.sentences[0],
    ]
    with pytest.raises(FileExistsError):
        report.to_excel(file)
    assert report.to_excel(file, overwrite=True) == file
