"""The command line: what it prints, and the exit status."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from intercom_nb.cli.main import main

pytestmark = pytest.mark.slow


def test_execute_prints_a_page_without_formulas_when_the_format_is_csv(
    capsys: pytest.CaptureFixture[str],
):
    status = main(["execute", "contacts", "list", '{"per_page": 150}', "--demo", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert status == 0
    assert len(rows) == 150
    assert not [row["name"] for row in rows if row["name"].startswith(("=", "@"))]


def test_execute_prints_json_lines_when_the_format_is_json(capsys: pytest.CaptureFixture[str]):
    assert main(["execute", "teams", "list", "--demo", "--format", "json"]) == 0
    names = [json.loads(line)["name"] for line in capsys.readouterr().out.splitlines()]
    assert "Billing" in names


def test_execute_prints_a_table_when_no_format_is_given(capsys: pytest.CaptureFixture[str]):
    assert main(["execute", "teams", "list", "--demo"]) == 0
    assert "Billing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["contacts", "lst", "--demo"], 2, "Did you mean list?"),
        (["contacts", "list", "{", "--demo"], 2, "params is not JSON"),
        (["contacts", "list", "id=1", "--demo"], 2, "Write an object in single quotes"),
        (["contacts", "list", "[]", "--demo"], 2, "Write an object in single quotes"),
        (["contacts", "create", '{"role": "lead"}', "--demo"], 1, "Add --allow-writes"),
        (["contacts", "list"], 1, "INTERCOM_ACCESS_TOKEN"),
    ],
)
def test_execute_prints_one_message_when_it_fails(
    arguments: list[str],
    status: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.chdir(tmp_path)
    assert main(["execute", *arguments]) == status
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "known"),
    [
        (["report", "2026-10", "--period", "x"], "--zone ZONE"),
        (["extract", "teams", "--to", "x", "--mas", "y", "--twice"], "--since SINCE"),
    ],
)
def test_error_lists_the_options_of_the_command_when_one_is_unknown(
    arguments: list[str], known: str, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as exited:
        main(arguments)
    error = capsys.readouterr().err
    assert exited.value.code == 2
    assert known in error
    assert f"intercom-nb {arguments[0]}: error: unrecognized arguments: --" in error


def run_encoded(encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "intercom_nb", *arguments, "--demo"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(command, capture_output=True, env=environment, check=False)


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-16"])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_execute_writes_utf8_when_the_terminal_has_another_encoding(kind: str, encoding: str):
    done = run_encoded(
        encoding, "execute", "contacts", "list", '{"per_page": 50}', "--format", kind
    )
    text = done.stdout.decode()
    if kind == "csv":
        names = [row["name"] for row in csv.DictReader(io.StringIO(text))]
    else:
        names = [json.loads(line)["name"] for line in text.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(names) == 50
    assert not all(name.isascii() for name in names if name)


@pytest.mark.parametrize("command", [["execute", "teams", "list"], ["execute", "admins", "list"]])
def test_execute_escapes_characters_when_the_terminal_lacks_them(command: list[str]):
    done = run_encoded("ascii", *command)
    assert (done.returncode, done.stderr) == (0, b"")
    assert re.search(rb"\\(x|u)[0-9a-f]{2}", done.stdout)


def test_extract_writes_a_dataset_when_a_folder_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    from intercom_nb.dataset import open_dataset

    folder = tmp_path / "acme"
    assert main(["extract", "teams", "--demo", "--to", str(folder)]) == 0
    assert "teams" in capsys.readouterr().out
    assert len(open_dataset(folder).pandas("teams")) == 6


def test_demo_serves_at_the_printed_url_when_it_is_started():
    command = [sys.executable, "-m", "intercom_nb", "demo", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        try:
            assert url is not None
            answer = httpx.get(
                f"{url[0]}/teams",
                headers={"Authorization": "Bearer demo", "Accept": "application/json"},
            )
            assert answer.status_code == 200
        finally:
            process.terminate()
            process.communicate(timeout=10)


def test_execute_prints_its_error_once_when_run_as_a_module(tmp_path: Path):
    command = [sys.executable, "-m", "intercom_nb", "execute", "contacts", "lst", "--demo"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr.count("Did you mean list?") == 1


@pytest.mark.skipif(os.name != "posix", reason="another system reports a closed pipe otherwise")
@pytest.mark.parametrize("form", ["table", "csv"])
def test_execute_prints_no_error_when_the_reader_closes_the_pipe(form: str):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "intercom_nb", "execute", "teams", "list", "--demo"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [*command, "--format", form], stdout=writer, stderr=subprocess.PIPE, env=environment
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_execute_names_the_reason_when_the_output_cannot_be_written():
    command = [sys.executable, "-m", "intercom_nb", "execute", "teams", "list", "--demo"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=environment)
    assert (done.returncode, done.stderr) == (1, b"intercom-nb: No space left on device\n")
