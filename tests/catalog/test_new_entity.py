"""An entity that is added to the data files alone is there in every surface of the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import intercom_nb

PACKAGE = Path(intercom_nb.__file__).parent
TESTS = Path(__file__).resolve().parents[1]
GADGETS = {
    "description": "Gadgets of the workspace.",
    "group": "settings",
    "singular": "gadget",
    "first_columns": ["name", "wheels", "made_at", "id"],
    "linked_by": ["main_gadget"],
    "actions": {
        "list": {
            "description": "List gadgets.",
            "method": "GET",
            "path": "/gadgets",
            "records": "data",
            "record": "gadget",
            "retry_safe": True,
            "paging": {"style": "page_number", "page": "page", "size": "per_page"},
            "params": [
                {"name": "page", "description": "Page.", "in": "query", "type": "integer"},
                {"name": "per_page", "description": "Size.", "in": "query", "type": "integer"},
            ],
        },
        "get": {
            "description": "Get one gadget.",
            "method": "GET",
            "path": "/gadgets/{id}",
            "record": "gadget",
            "retry_safe": True,
            "params": [
                {
                    "name": "id",
                    "description": "Id of the gadget.",
                    "in": "path",
                    "type": "id",
                    "required": True,
                    "example": "7",
                }
            ],
        },
    },
}
COLUMNS = {
    "id": "id",
    "name": "string",
    "made_at": "time",
    "wheels": {"list": "wheels", "columns": {"id": "id", "size": "integer"}},
}
# What the demo is given, by file: the text before which a line is added, and the line. The demo has
# routes and records of its own, as it stands for the server.
DEMO = {
    "api/crud.py": ("CALLS = ", 'GADGETS = Resource("gadgets", per_page=2)\n'),
    "api/routes.py": (
        '    Route("GET", "/me", ',
        '    Route("GET", "/gadgets", crud.GADGETS.list_pages),\n'
        '    Route("GET", "/gadgets/{id}", crud.GADGETS.get),\n',
    ),
    "data/simple_records.py": (
        '        "brands": ',
        '        "gadgets": lambda: ({"id": i, "name": f"Gadget {i}", "made_at": 1790812800,'
        ' "wheels": [{"id": 1, "size": i}]} for i in range(1, 6)),\n',
    ),
}
# Prints facts that each surface has of the entity, as JSON.
SCRIPT = """
import contextlib, io, json, tempfile
import intercom_nb as inb
from IPython.core.interactiveshell import InteractiveShell
from intercom_nb.agents.description import describe_tool
from intercom_nb.cli.main import main
from intercom_nb.widgets.explorer.query.form_schema import offered_forms
from widgets.conftest import Front

c = inb.connect("demo")
frame = c.sync.gadgets.list(limit=None)
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "intercom_nb")
shell.user_ns["c"] = c
shell.run_line_magic("intercom", "got << gadgets list --limit 3")
explorer = inb.explore(c)
front = Front(explorer)
outcome = front.run("gadgets", "list", values={}, limit="4")
with contextlib.redirect_stdout(io.StringIO()) as printed:
    main(["execute", "gadgets", "get", '{"id": "5"}', "--demo", "--format", "csv"])
facts = {
    "list": frame["id"].tolist(),
    "requests": frame.attrs["intercom"]["requests"],
    "time": str(frame["made_at"].dtype),
    "child table": list(frame.intercom.children("wheels").columns),
    "get": c.sync.gadgets.get("4")["name"].item(),
    "dir": "gadgets" in dir(c),
    "signature": str(c.gadgets.get.__signature__),
    "find": c.find("gadgets")["action"].tolist(),
    "forms": [form["name"] for form in offered_forms(c) if form["name"] == "gadgets"],
    "explorer": [outcome["status"], *explorer.df["name"]],
    "explorer's columns": front.result["visible"],
    "agents": "gadgets: list, get" in describe_tool(),
    "magic": len(shell.user_ns["got"]),
    "command": "Gadget 5" in printed.getvalue(),
}
with tempfile.TemporaryDirectory() as folder:
    dataset = c.sync.extract("gadgets", to=folder, progress=False)
    facts["tables"] = sorted(dataset.tables)
    facts["sql"] = dataset.sql("select max(name) as last from gadgets")["last"].item()
print(json.dumps(facts))
"""
FACTS = {
    "list": ["1", "2", "3", "4", "5"],
    "requests": 3,
    "time": "datetime64[s, UTC]",
    "child table": ["gadget_id", "id", "size"],
    "get": "Gadget 4",
    "dir": True,
    "signature": "(id: str)",
    "find": ["list", "get"],
    "forms": ["gadgets"],
    "explorer": ["done", "Gadget 1", "Gadget 2", "Gadget 3", "Gadget 4"],
    "explorer's columns": ["name", "wheels", "made_at", "id"],
    "agents": True,
    "magic": 3,
    "command": True,
    "tables": ["gadget_wheels", "gadgets"],
    "sql": "Gadget 5",
}


@pytest.mark.slow  # a process of its own: the catalog is read once
def test_entity_is_on_every_surface_when_only_the_data_files_and_the_demo_have_it(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "intercom_nb"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name, added in {
        "operations.json": {"gadgets": GADGETS},
        "records.json": {"gadget": COLUMNS},
    }.items():
        file = copy / "catalog" / name
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | added), "utf-8")
    for name, (before, line) in DEMO.items():
        file = copy / "demo" / name
        text = file.read_text("utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, line + before), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS)])},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == FACTS
