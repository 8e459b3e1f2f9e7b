"""Rules of the package's structure that no linter has: circles, reads of private attributes."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Set
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "intercom_nb"

TESTS = PACKAGE.parent / "tests"

# Folders of tests that do not stand for the package of the same path, and what they test.
OTHER_TESTS = {
    ".": "modules at the root of the package",
    "browser": "the forms in JupyterLab and Chromium",
    "docs": "the guide",
    "document": "the examples of the connector's specification",
    "mcp_server": "intercom_nb.mcp; a folder `mcp` would hide the library that it imports",
    "notebooks": "the notebooks",
    "project": "the repository: structure, builds, benchmarks",
    "pyodide": "the package in Pyodide",
}

# Private names of other packages that have no public one.
FOREIGN = {"_SubParsersAction", "_getframe", "_render_traceback_", "_i00"}


def test_modules_have_no_circular_imports() -> None:
    """Read imports for types only, too: a file that needs another one to be read needs it."""
    grimp = pytest.importorskip("grimp")  # comes with import-linter
    graph = grimp.build_graph("intercom_nb", cache_dir=None)
    order = graphlib.TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    try:
        order.prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def private_reads(tree: ast.AST, own: Set[str] = frozenset()) -> Iterator[str]:
    """Yield each ``x._name`` unless x is self or ``_name`` belongs to the class around it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from private_reads(node, private_names(node))
            continue
        if isinstance(node, ast.Attribute) and re.match("_(?!_)", node.attr):
            is_own = is_name(node.value, "self", "cls") or node.attr in own | FOREIGN
            if not is_own:
                yield ast.unparse(node)
        yield from private_reads(node, own)


def private_names(defined: ast.ClassDef) -> set[str]:
    """Return the names that a class defines or sets on itself."""
    nodes = list(ast.walk(defined))
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)} | {
        n.attr for n in nodes if isinstance(n, ast.Attribute) and is_name(n.value, "self")
    }


def is_name(node: ast.AST, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def test_modules_read_no_private_attribute_of_another_class() -> None:
    sources = {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
    }
    found = {
        path: list(private_reads(ast.parse(source)))
        for path, source in sources.items()
        if re.search(r"(?<!\bself)(?<!\bcls)\._(?!_)", source)  # walking every tree takes a second
    }
    assert {path: reads for path, reads in found.items() if reads} == {}


def test_module_reads_are_private_when_another_class_of_it_has_the_name() -> None:
    source = (
        "class A:\n    def f(self, other):\n        self._x = other._x\n        return other._y\n"
        "class B:\n    def g(self, other):\n        return other._x"
    )
    assert sorted(private_reads(ast.parse(source))) == ["other._x", "other._y"]


@pytest.mark.slow  # imports everything and traces a call in a process of its own: 5 s
def test_list_call_stays_within_the_limits_and_its_guide_when_it_is_traced() -> None:
    script = PACKAGE.parent / "tools/call_path.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (PACKAGE.parent / "docs/design.md").read_text(encoding="utf-8")
    walk = page.partition("## One call, file by file")[2].partition("\nOff this path")[0]
    limits = re.findall(r"\(at most (.+)\)", done.stdout)
    assert " files and ".join(limits) + " lines" in " ".join(walk.split())
    ran = re.findall(r"^ *\d+  (\S+\.py) ", done.stdout, re.MULTILINE)
    assert set(re.findall(r"\(\.\./intercom_nb/(\S+)\)", walk)) == set(ran)


def test_packages_have_at_most_14_modules_and_the_root_9() -> None:
    counts = Counter(
        path.parent.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py" and "demo" not in path.parts
    )
    root = counts.pop(".") + 1  # with __init__
    assert root <= 9
    assert {package: count for package, count in counts.items() if count > 14} == {}


def test_folders_of_tests_mirror_the_packages() -> None:
    folders = {
        path.parent.relative_to(TESTS).as_posix()
        for pattern in ("test_*.py", "*.test.js")
        for path in TESTS.rglob(pattern)
    }
    packages = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*/")} - {"."}
    assert folders - packages == set(OTHER_TESTS)


def test_lines_of_scripts_have_at_most_100_characters() -> None:
    """Check what biome leaves alone: long strings and comments."""
    scripts = (PACKAGE / "widgets" / "static").glob("*.js")
    lines = {path.name: path.read_text(encoding="utf-8").splitlines() for path in scripts}
    assert {name: [line for line in found if len(line) > 100] for name, found in lines.items()} == {
        name: [] for name in lines
    }
