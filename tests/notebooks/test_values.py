"""What the notebooks show is right: their outputs are compared with what the package gives here."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from notebook_files import read_notebook

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis import formatting

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.notebook


# The demo of the tests ends on 1 November 2026, whatever the day is.
FIXED = {"last-month": "2026-10", "90d": "2026-08-01", "30d": "2026-10-01"}


def outputs(name: str, folder: Path) -> list[str]:
    """Run a notebook at the date of the tests, and return the output of each code cell as text.

    A chart is ``<chart>``.
    """
    source = (ROOT / "notebooks" / name).read_text(encoding="utf-8")
    for relative, fixed in FIXED.items():
        source = source.replace(rf"\"{relative}\"", rf"\"{fixed}\"")
    (folder / name).write_text(source, encoding="utf-8")
    saved = folder / "saved.ipynb"
    command = [sys.executable, ROOT / "tools/run_notebook.py", folder / name, "--save", saved]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [
        "\n".join(_text(output) for output in cell["outputs"])
        for cell in read_notebook(saved)["cells"]
        if cell["cell_type"] == "code"
    ]


def _text(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return f"{output['name']}: {''.join(output['text'])}"
    chart = "<chart>" if "image/png" in output["data"] else ""
    return chart or "".join(output["data"].get("text/plain", ""))


def test_index_lists_every_notebook_when_it_is_run(tmp_path: Path) -> None:
    shown = outputs("00_index.ipynb", tmp_path)
    for team in inb.connect("demo").sync.teams.list()["name"]:
        assert team in shown[0]
    source = (ROOT / "notebooks/00_index.ipynb").read_text(encoding="utf-8")
    listed = set(re.findall(r"\((\d\d_\w+\.ipynb)\)", source))
    there = {p.name for p in (ROOT / "notebooks").glob("*.ipynb")} - {"00_index.ipynb"}
    assert there <= listed


def test_notebook_shows_the_recomputed_numbers_when_the_quickstart_runs(tmp_path: Path) -> None:
    shown = outputs("01_quickstart.ipynb", tmp_path)
    c = inb.connect("demo")
    df = c.sync.conversations.list(limit=None)
    assert f"{len(df):,} conversations" in shown[2]
    started = df["source.delivered_as"].fillna("customer_initiated") == "customer_initiated"
    names = dict(c.sync.teams.list()[["id", "name"]].to_numpy())
    team = df["team_assignee_id"].map(names).fillna("(none)")[started]
    reply = df["statistics.time_to_admin_reply"][started].astype("float64")
    for name, count in team.value_counts().items():
        assert re.search(rf" {re.escape(name)} +{count}\b", shown[3])
    for seconds in reply.groupby(team).median().dropna():
        assert re.search(rf" {formatting.duration(seconds)} ", shown[3])
    counts = ast.literal_eval(shown[5])
    assert counts.pop("conversations") == sum(counts.values()) == len(df)
    assert counts["not_started_by_customer"] == (~started).sum()
    assert sum(text == "<chart>" for text in shown) == 2
    # The week that stands out in the chart is the slowest, as the text says.
    week = df["created_at"].dt.tz_localize(None).dt.to_period("W").mode()[0].start_time
    slowest = shown[7].splitlines()[1]
    assert formatting.day(week) in slowest
    report = inb.report(c, period="2026-10")
    assert shown[-2].splitlines()[1:] == report.sentences
    assert "support.html" in shown[-1]
    assert (tmp_path / "support.html").is_file()
    assert not any("Warning" in text for text in shown)


def test_extraction_notebook_completes_the_dataset_when_it_was_stopped(tmp_path: Path) -> None:
    shown = outputs("06_whole_workspace.ipynb", tmp_path)
    c = inb.connect("demo")
    df = c.sync.conversations.search({"created_at__gte": "2026-08-01"}, limit=None)
    stopped, first = re.findall(r"\d+", shown[1])
    assert 500 <= int(stopped) < len(df)
    assert f"{len(df)} conversations" in shown[2]
    second = re.search(r"(\d+) requests in the second part", shown[2])[1]
    # What was done before the stop is not done again; a slice in flight is.
    assert int(second) < len(df) < int(first) + int(second)
    assert re.search(r"complete +\d+\n", shown[4])
    assert "differs" not in shown[4]
    for team in c.sync.teams.list()["name"]:
        assert team in shown[7]
    for n in df["team_assignee_id"].value_counts():
        assert re.search(rf"\b{n}\b", shown[7])
    assert int(shown[6].split()[1]) < 20
    recent = df[(df["state"] == "open") & (df["created_at"] >= "2026-10-01")]
    assert f"{len(recent)} of the last 30 days" in shown[10]
    named = {"period": "2026-10", "names": analysis.names(c)}
    finding = analysis.first_reply(df, by="team", **named).metric.finding
    assert finding in shown[12]
    assert "<chart>" in shown[12]
    assert not any("Warning" in text for text in shown)


def test_report_notebook_shows_the_recomputed_numbers_when_it_is_run(tmp_path: Path) -> None:
    shown = outputs("07_support_report.ipynb", tmp_path)
    c = inb.connect("demo")
    df = c.sync.conversations.list(limit=None)
    options = {"period": "2026-10", "zone": "America/New_York"}
    assert f"{len(df):,} conversations, 6 teams" in shown[1]
    reply = analysis.first_reply(df, by="team", **options)
    for count in reply["conversations"]:
        assert re.search(rf"\b{count}\b", shown[2])
    named = analysis.first_reply(df, by="team", names=analysis.names(c), **options)
    assert named.metric.finding in shown[3]
    assert sum(text == "<chart>" for text in shown) == 12
    reopened = analysis.reopens(df, by="team", names=analysis.names(c), **options)
    assert any(reopened.metric.finding in text for text in shown)
    week, report, headlines, _ = shown[-4:]
    assert (tmp_path / "support.html").is_file()
    busiest = df["created_at"].dt.tz_convert(options["zone"]).dt.strftime("%G-W%V").mode()[0]
    assert f"stdout: {busiest}\n" in week
    changes = analysis.movers(df, busiest, zone=options["zone"], names=analysis.names(c))
    columns = ["dimension", "name", "measure", "before", "after", "strength"]
    assert str(changes.metric.table[columns].head()) in week
    count = int(analysis.volume(df, **options)["conversations"].sum())
    assert f"{count} new conversations in October 2026" in report
    csat = analysis.csat(df, **options)["share"].item()
    assert formatting.percent(csat) in headlines
    assert not any("Warning" in text for text in shown)


def test_explorer_notebook_shows_the_recomputed_counts_when_it_is_run(tmp_path: Path) -> None:
    shown = outputs("08_explorer.ipynb", tmp_path)
    assert shown[1] == "((0, 0), (0, 0), (0, 0))"
    c = inb.connect("demo")
    urgent = c.sync.conversations.search(state="open", priority="priority", limit=None)
    assert len(urgent) > 5
    for channel, count in urgent["source.type"].value_counts().items():
        assert re.search(rf"{channel}\s+{count}\b", shown[3])


def test_write_notebook_sends_and_reverts_changes_when_it_is_run(tmp_path: Path) -> None:
    shown = outputs("09_writing_safely.ipynb", tmp_path)
    assert "allow_writes=True" in shown[1]
    assert "POST" in shown[2]
    assert shown[4].count("POST") == 5
    assert shown[5].count("True") == 5
    created = re.search(r"\d+", shown[3].partition("tag ")[2])
    assert created
    nothing, written = re.findall(r": (\[.*\])", shown[6])
    assert nothing == "[]"
    assert written == f"['{created[0]}']"
    assert "role must be one of user, lead" in shown[7]
    assert shown[8].count("True") == 4
    assert "Names back: 5 of 5" in shown[9]
    assert "The first is as before: True" in shown[9]
