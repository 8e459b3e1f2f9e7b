"""Names of the package: classes are unique, errors end in Error, predicates read as questions."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "intercom_nb"
NODES = [
    (path.relative_to(PACKAGE).as_posix(), node)
    for path in sorted(PACKAGE.rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text("utf-8")))
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
]
CLASSES = [node for _, node in NODES if isinstance(node, ast.ClassDef)]

# A test is named after what it tests, then what is expected: test_list_stops_when_it_is_full.
NO_UNIT = re.compile(r"test_(an?|it|the|there|these|what)_")

# is_open, has_parts, can_retry, should_retry, or a verb: `fault.matches(request)`.
QUESTION = re.compile(r"_?(is|are|can|should|[a-z]+s)(_|$)")
# Functions that act and return whether they did it, and those of the standard library.
ACTIONS = re.compile(r"acquire|add_page|filter|_add(_\w+)?|_copy_new|_boolean|__\w+__")


# Base names of several modules, which mean the same thing in each package.
SHARED = {
    *("api", "errors", "http", "protocol", "runner", "server", "store", "workspace"),
    *("build", "code", "columns", "compare", "coverage", "progress", "result"),
    *("filters", "search", "search_fields", "sql", "timestamps"),
    *("execute", "extract"),  # a command, and what it runs
    *("companies", "conversations", "tickets", "workflows"),  # what the data has
}


def test_module_names_are_unique_when_they_mean_different_things() -> None:
    """Refuse a second ``links.py``: readers look for a module by its base name."""
    counts = Counter(path.stem for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__"))
    assert {name for name, count in counts.items() if count > 1} == SHARED


def test_class_names_are_unique_in_the_package() -> None:
    counts = Counter(node.name for node in CLASSES)
    assert {name for name, count in counts.items() if count > 1} == set()


def test_exceptions_end_in_error() -> None:
    errors = {"Exception", "BaseException"}
    found: set[str] = set()
    for _ in range(5):  # the depth of the hierarchy
        found |= {n.name for n in CLASSES if {ast.unparse(b) for b in n.bases} & (errors | found)}
    # Warnings are exceptions of another kind and have a suffix of their own.
    assert "IntercomError" in found
    assert {name for name in found if not name.endswith("Error")} <= {"KeyboardInterrupt"}


def test_functions_read_as_questions_when_they_return_a_bool() -> None:
    found = {
        f"{path}:{node.name}"
        for path, node in NODES
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) == "bool"
        and not QUESTION.match(node.name)
        and not ACTIONS.fullmatch(node.name)
    }
    assert found == set()


def test_names_of_tests_start_with_the_unit() -> None:
    tests = PACKAGE.parent / "tests"
    names = [
        name
        for path in sorted(tests.rglob("test_*.py"))
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.M)
    ]
    assert len(names) > 1_000
    assert [name for name in names if NO_UNIT.match(name)] == []
