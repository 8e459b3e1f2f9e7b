"""Rules of the package's structure that no linter has: circles, reads of private attributes."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "intercom_nb"

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


def private_reads(source: str) -> set[str]:
    """Return each ``x._name`` unless x is self or ``_name`` belongs to a class of the module."""
    tree = ast.parse(source)
    defined, reads = set[str](), list[ast.Attribute]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.Name):
            defined.add(node.id)
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            if not (isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}):
                reads.append(node)
            else:  # of the class itself, or of a base of it
                defined.add(node.attr)
    return {
        ast.unparse(read)
        for read in reads
        if not read.attr.startswith("__") and read.attr not in defined
    }


def test_modules_read_no_private_attribute_of_another_class() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): private_reads(path.read_text(encoding="utf-8"))
        for path in PACKAGE.rglob("*.py")
    }
    ours = {
        path: [read for read in reads if read.rpartition(".")[2] not in FOREIGN]
        for path, reads in found.items()
    }
    assert {path: reads for path, reads in ours.items() if reads} == {}


def test_private_reads_are_found() -> None:
    source = "def f(self, other):\n    self._x = other._x\n    return self.a + other._y._z"
    assert private_reads(source) == {"other._y", "other._y._z"}


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
