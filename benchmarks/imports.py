"""Time until this package can be used: imports, the first list, the command line."""

from __future__ import annotations

import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys
import tomllib

_PROJECT = pathlib.Path(__file__).parents[1] / "pyproject.toml"
_ALONE = "import intercom_nb"
_OURS = "import intercom_nb; intercom_nb.IntercomConnector; intercom_nb.IntercomAuthConfig('x')"
_FIRST = "import intercom_nb; intercom_nb.connect('demo').sync.contacts.list(limit=50)"
_HELP = (
    "import contextlib, io\n"
    "from intercom_nb.cli.main import main\n"
    "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
    "    main(['--help'])"
)
_CPU = "import time; print(time.process_time())"
# Only this project's tests need trio, which httpx would import along.
_NO_TRIO = "import sys; sys.modules['trio'] = None"
ROUNDS = 7


def core() -> list[str]:
    """Return the import names of the core dependencies."""
    project = tomllib.loads(_PROJECT.read_text())["project"]
    names = {_name(re.split(r"[\s<>=!~;\[]", one)[0]) for one in project["dependencies"]}
    installed = importlib.metadata.packages_distributions()
    return sorted(module for module, of in installed.items() if names & set(map(_name, of)))


def _name(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


def cpu(*codes: str, rounds: int = ROUNDS) -> list[float]:
    """Return the CPU seconds of a fresh interpreter for each code: the best of several rounds."""
    for code in codes:
        _run(code)  # compiles what was not yet
    took = [[_run(code) for code in codes] for _ in range(rounds)]
    return [min(times) for times in zip(*took, strict=True)]


def _run(code: str) -> float:
    # Without compiled files to read, compiling would be what is measured.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", f"{_NO_TRIO}\n{code}\n{_CPU}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout)


def table(rounds: int = ROUNDS) -> str:
    """Return the CPU of each start in a fresh process, as Markdown: the least of several rounds."""
    needed = f"import {', '.join(core())}"
    bare, alone, others, both, first, command = cpu(
        "pass", _ALONE, needed, f"{needed}\n{_OURS}", _FIRST, _HELP, rounds=rounds
    )
    rows = {
        "`import intercom_nb`": alone - bare,
        "its core dependencies": others - bare,
        "`IntercomConnector`, with these imported": both - others,
        '`connect("demo")` and the first list, all imports included': first - bare,
        "`intercom-nb --help`, Python's own start included": command,
    }
    cells = [f"| {name} | {round(seconds * 1e3):,} ms |" for name, seconds in rows.items()]
    return "\n".join(["| in a fresh process | CPU |", "| --- | --- |", *cells])
