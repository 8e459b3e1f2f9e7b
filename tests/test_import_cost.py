"""What an import loads: nothing that its user may not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

HEAVY = (
    *("IPython", "anywidget", "dask", "dotenv", "duckdb", "httpx", "ipywidgets", "keyring"),
    *("matplotlib", "msgspec", "nest_asyncio2", "nh3", "numpy", "openpyxl", "pandas", "pyarrow"),
    *("pydantic_ai", "tqdm"),
)
REPORT = "import json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"


def loaded(code: str) -> set[str]:
    """Run code in a fresh interpreter and give the names of what is loaded afterwards."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{REPORT}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_loads_no_heavy_module() -> None:
    assert loaded("import intercom_nb").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("code", "not_needed"),
    [
        (
            "import intercom_nb; intercom_nb.connect('demo').sync.teams.list()",
            "anywidget dask duckdb ipywidgets matplotlib nest_asyncio2 nh3 openpyxl",
        ),
        (
            "import intercom_nb; intercom_nb.IntercomAuthConfig('x')",
            "anywidget httpx ipywidgets matplotlib pandas",
        ),
        ("import intercom_nb.catalog; intercom_nb.catalog.operations()", "httpx ipywidgets pandas"),
        (
            "import intercom_nb; intercom_nb.explore(intercom_nb.connect('demo'))",
            "duckdb filelock keyring matplotlib openpyxl",
        ),
    ],
    ids=["a-first-answer", "a-config", "the-catalog", "the-explorer"],
)
def test_import_skips_optional_modules_when_the_code_does_not_need_them(
    code: str, not_needed: str
) -> None:
    assert loaded(code).isdisjoint(not_needed.split())
