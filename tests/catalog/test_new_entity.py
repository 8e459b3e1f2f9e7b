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
GADGETS = {
    "description": "Gadgets of the workspace.",
    "group": "settings",
    "singular": "gadget",
    "first_columns": ["name", "id"],
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
# Prints facts that each surface has of the entity, as JSON.
SCRIPT = """
import json, tempfile
import httpx, intercom_nb as inb
from IPython.core.interactiveshell import InteractiveShell
from intercom_nb.agents.description import describe_tool
from intercom_nb.widgets.explorer.query.form_schema import offered_forms

def gadget(i):
    wheels = [{"id": 1, "size": i}]
    return {"id": i, "name": f"Gadget {i}", "made_at": 1790812800, "wheels": wheels}

def respond(request):
    if request.url.path == "/me":
        return httpx.Response(200, json={"id": "1", "app": {"id_code": "w", "name": "W"}})
    if request.url.path == "/gadgets/7":
        return httpx.Response(200, json=gadget(7))
    page = int(request.url.params.get("page", 1))
    rows = [gadget(i) for i in (2 * page - 1, 2 * page) if i < 6]
    return httpx.Response(200, json={"data": rows, "pages": {"total_pages": 3}})

auth = inb.IntercomAuthConfig(access_token="dG9rOmV4YW1wbGU=")
c = inb.IntercomConnector(auth_config=auth, http=httpx.MockTransport(respond))
frame = c.sync.gadgets.list()
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "intercom_nb")
shell.user_ns["c"] = c
shell.run_line_magic("intercom", "got << gadgets list --limit 3")
facts = {
    "list": frame["id"].tolist(),
    "time": str(frame["made_at"].dtype),
    "child table": list(frame.intercom.children("wheels").columns),
    "get": c.sync.gadgets.get("7")["name"].item(),
    "dir": "gadgets" in dir(c),
    "signature": str(c.gadgets.get.__signature__),
    "find": c.find("gadgets")["action"].tolist(),
    "forms": [form["name"] for form in offered_forms(c) if form["name"] == "gadgets"],
    "agents": "gadgets: list, get" in describe_tool(),
    "magic": len(shell.user_ns["got"]),
}
with tempfile.TemporaryDirectory() as folder:
    dataset = c.sync.extract("gadgets", to=folder, progress=False)
    facts["tables"] = sorted(dataset.tables)
    facts["sql"] = dataset.sql("select max(name) as last from gadgets")["last"].item()
print(json.dumps(facts))
"""
FACTS = {
    "list": ["1", "2", "3", "4", "5"],
    "time": "datetime64[s, UTC]",
    "child table": ["gadget_id", "id", "size"],
    "get": "Gadget 7",
    "dir": True,
    "signature": "(id: str)",
    "find": ["list", "get"],
    "forms": ["gadgets"],
    "agents": True,
    "magic": 3,
    "tables": ["gadget_wheels", "gadgets"],
    "sql": "Gadget 5",
}


@pytest.mark.slow  # a process of its own: the catalog is read once
def test_entity_is_on_every_surface_when_only_the_data_files_name_it(tmp_path: Path) -> None:
    copy = tmp_path / "intercom_nb"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for name, added in {
        "operations.json": {"gadgets": GADGETS},
        "records.json": {"gadget": COLUMNS},
    }.items():
        file = copy / "catalog" / name
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | added), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == FACTS
