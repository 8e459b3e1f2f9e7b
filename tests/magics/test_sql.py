"""``%%intercom_sql``: a dataset asked from a cell."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

import intercom_nb as inb
from intercom_nb.dataset import Dataset

from .conftest import Shell

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("sql") / "acme"
    c = inb.connect("demo")
    for entity in ("teams", "tags"):
        c.sync.extract(entity, to=to, progress=False)
    return to


def test_sql_magic_returns_a_frame_when_no_variable_is_named(shell: Shell, folder: Path) -> None:
    found = shell.run(f"%%intercom_sql {folder}\nselect name from teams order by name")
    assert found["name"].tolist() == sorted(Dataset(folder).pandas("teams")["name"])


@pytest.mark.parametrize(
    "line", ["{folder} df <<", "df << {folder}", "df<< $ds", "{ds.path} df <<"]
)
def test_sql_magic_assigns_the_result_when_a_variable_is_named(
    shell: Shell, folder: Path, line: str
) -> None:
    shell.ip.user_ns["ds"] = Dataset(folder)
    line = line.replace("{folder}", str(folder))
    assert shell.run(f"%%intercom_sql {line}\nselect count(*) as n from teams") is None
    assert ": 1 rows, 1 columns" in shell.printed()
    given = shell.ip.user_ns["df"]
    assert given["n"].tolist() == [len(Dataset(folder).pandas("teams"))]


def test_sql_magic_binds_values_when_the_query_has_parameters(shell: Shell, folder: Path) -> None:
    shell.ip.user_ns["name"] = "x' or 'a' = 'a"
    query = "select count(*) as n from teams where name = $name and length(name) >= $least"
    assert shell.run(f"%%intercom_sql {folder} --least 3\n{query}")["n"].tolist() == [0]
    shell.ip.user_ns["name"] = Dataset(folder).pandas("teams")["name"][0]
    assert shell.run(f"%%intercom_sql {folder} --least=3\n{query}")["n"].tolist() == [1]
    kinds = "select typeof($a) as a, typeof($b) as b, typeof($c) as c, typeof($d) as d"
    shell.ip.user_ns["d"] = "7"
    found = shell.run(f"%%intercom_sql {folder} --a 7 --b 007 --c true\n{kinds}")
    assert found.iloc[0].tolist() == ["INTEGER", "VARCHAR", "BOOLEAN", "VARCHAR"]
    found = shell.run(f"%%intercom_sql {folder} --a '7' --b 0.5 --c $d --d null\n{kinds}")
    assert found.iloc[0].tolist() == ["VARCHAR", "DOUBLE", "VARCHAR", '"NULL"']
    text = "select '$name' as a, $$ $name $$ as b -- $name"
    found = shell.run(f"%%intercom_sql {folder}\n{text}")
    assert found.iloc[0].tolist() == ["$name", " $name "]


@pytest.mark.parametrize(
    ("line", "query", "said"),
    [
        ("{folder}", "select * from team", "Tables: tags, teams"),
        ("{folder}", "selec 1", "syntax error"),
        ("{folder}", "select nam from teams", "name"),
        ("{folder}", "select $nothing", "neither --nothing nor a variable"),
        ("{folder} --nam x", "select $name", "--nam is not used"),
        ("{folder}", "  ", "The query is empty"),
        ("", "select 1", "Write: %%intercom_sql FOLDER"),
        ("{folder} more", "select 1", "Expected one folder, not 2"),
        ("{folder}/nowhere", "select 1", "No dataset found in"),
        ("$c", "select 1", "not IntercomConnector"),
    ],
)
def test_sql_magic_error_is_one_line_when_the_query_is_wrong(
    shell: Shell, folder: Path, line: str, query: str, said: str
) -> None:
    shown = shell.fail(f"%%intercom_sql {line.replace('{folder}', str(folder))}\n{query}")
    assert said in shown
    assert "Traceback" not in shown


def test_sql_query_ends_when_it_is_interrupted(shell: Shell, folder: Path) -> None:
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.6, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    try:
        slow = "select sum(a.range * b.range) from range(100000) a, range(40000) b"
        started = time.monotonic()
        done = shell.ip.run_cell(f"%%intercom_sql {folder}\n{slow}")
        took = time.monotonic() - started
    finally:
        timer.join()
        signal.signal(signal.SIGINT, handler)
    assert isinstance(done.error_in_exec, KeyboardInterrupt)
    assert took < 15  # a tenth of what it would take, or less
    assert shell.printed().strip() == "KeyboardInterrupt: the query is cancelled"
