"""Unattended runs: exit statuses, quiet output, a log, and text that is safe in a terminal."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.cli import job, main, report
from intercom_nb.cli.terminal import printable
from intercom_nb.errors import PermissionDeniedError

ESCAPES = "Ada\x1b[31m\x1b]0;title\x07\u202e\x9b2J\r\x7f"


def test_printable_escapes_a_character_when_it_controls_the_terminal() -> None:
    shown = printable(ESCAPES)
    assert shown == "Ada\\x1b[31m\\x1b]0;title\\x07\\u202e\\x9b2J\\r\\x7f"
    assert printable("two\nlines\tand a tab, Zoë 漢 🔥") == "two\nlines\tand a tab, Zoë 漢 🔥"


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_execute_prints_no_control_character_when_a_value_has_one(
    form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    c = inb.connect("demo")
    df = pd.DataFrame({"name": [ESCAPES]})
    monkeypatch.setattr(type(c.sync), "execute", lambda *_: df)
    monkeypatch.setattr("intercom_nb.connector.connect.connect", lambda *_, **__: c)
    assert main.main(["execute", "contacts", "list", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert "Ada" in printed
    assert not [sign for sign in printed if sign != "\n" and not sign.isprintable()]


def test_execute_prints_no_control_character_when_the_error_has_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionDeniedError(f"not for {ESCAPES}", status=403)

    monkeypatch.setattr("intercom_nb.connector.connect.connect", refuse)
    assert main.main(["execute", "contacts", "list"]) == job.FAILED
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("category", "counted"),
    [(UserWarning, 1), (DeprecationWarning, 0), (FutureWarning, 0), (RuntimeWarning, 0)],
)
def test_job_counts_a_warning_when_it_is_not_of_a_dependency(
    category: type[Warning], counted: int, capsys: pytest.CaptureFixture[str]
) -> None:
    args = main.build_parser().parse_args(["report", "last-month", "--demo"])
    with job.logged(args) as found:
        warnings.warn("the data ends early", category, stacklevel=1)
    assert len(found) == counted
    assert ("the data ends early" in capsys.readouterr().err) is bool(counted)


@pytest.mark.slow
def test_report_names_the_file_when_it_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "no folder" / "report.html"
    assert main.main(["report", "last-month", "--demo", "--to", str(page)]) == job.FAILED
    assert f"intercom-nb: {page}: No such file or directory" in capsys.readouterr().err


def test_extract_prints_nothing_and_logs_when_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "nightly.log"
    arguments = ["extract", "teams", "--demo", "--to", str(tmp_path / "acme"), "--quiet"]
    assert main.main([*arguments, "--log", str(log)]) == job.DONE
    assert main.main([*arguments, "--log", str(log)]) == job.DONE
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "")
    lines = log.read_text("utf-8").splitlines()
    assert sum("Z INFO " in line for line in lines) == 2
    assert any("teams" in line for line in lines)


def test_extract_prints_its_error_when_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "letter.txt").write_text("mine")
    log = tmp_path / "log"
    arguments = ["extract", "teams", "--demo", "--to", str(tmp_path / "acme"), "--quiet"]
    assert main.main([*arguments, "--log", str(log)]) == job.FAILED
    assert capsys.readouterr().err.startswith("intercom-nb: ")
    assert "Z ERROR " in log.read_text("utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "teams", "--demo", "--to", "x", "--where", "{"],
        ["extract", "teams", "--demo", "--to", "x", "--where", "[]"],
        ["report", "last month", "--demo"],
        ["report", "2026-10", "--demo", "--dataset", "x"],
        ["report", "2026-10", "--demo", "--zone", "Foo"],
        ["report", "2026-10", "--demo", "--to", "r.xlsx"],
        ["report", "2026-10", "--demo", "--to", "r.PDF", "--force"],
        ["extract", "teams", "--demo", "--to", "x", "--concurrency", "0"],
        ["extract", "contacts", "--demo", "--to", "x", "--since", "1d", "--until", "2d"],
        ["extract", "contacts", "--demo", "--to", "x", "--since", "2999-01-01"],
        ["extract", "all", "--demo", "--to", "x", "--where", '{"state": "open"}'],
    ],
)
def test_main_exits_with_usage_when_arguments_are_wrong(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main.main(arguments) == job.USAGE
    assert capsys.readouterr().err.startswith("intercom-nb: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".html", ".HTM", ""])
def test_report_accepts_a_file_when_its_suffix_is_of_a_page(suffix: str, tmp_path: Path) -> None:
    args = main.build_parser().parse_args(["report", "last-month", "--demo"])
    report._check_file(tmp_path / f"r{suffix}", args)  # or InvalidParameterError


@pytest.mark.parametrize("port", ["99999", "-1", "http"])
def test_demo_exits_with_usage_when_the_port_is_invalid(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exited:
        main.main(["demo", f"--port={port}"])
    assert exited.value.code == job.USAGE
    assert "is not a port: use 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(("complete", "status"), [(True, job.DONE), (False, job.INCOMPLETE)])
def test_report_exits_with_incomplete_when_data_is_missing(
    complete: bool,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Made:
        sentences = ("10 new conversations.",)
        notes = ("The data ends early.",)
        is_complete = complete

        def save(self, file: Path, *, overwrite: bool) -> Path:
            file.write_text("page")
            return file

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("intercom_nb.reporting.build.report", lambda *_, **__: Made())
    assert main.main(["report", "last-month", "--demo"]) == status
    assert "Saved to intercom-report-2" in capsys.readouterr().out
    assert report.DESCRIPTION
