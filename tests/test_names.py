"""Names of the package: classes are unique, errors end in Error, predicates read as questions."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "intercom_nb"
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}

# Still two classes of one name, or predicates without a question; both lists end empty.
KNOWN_DUPLICATES = {"Description", "Options", "Outcome", "Reader", "Source", "_Job"}
KNOWN_PREDICATES = {
    "catalog/filters.py:keeps",
    "catalog/model.py:reads_all",
    "extract/fetched_cache.py:has",
    "extract/slice_buffer.py:differs",
    "extract/source.py:fills",
    "extract/source.py:filtered",
    "extract/source.py:keeps",
    "extract/source.py:sliced",
    "extract/source.py:timed",
    "widgets/explorer/query/form_schema.py:builds_query",
    "widgets/login/fields.py:creates",
}

QUESTIONS = ("is_", "has_", "can_", "should_")
# Verbs in the third person ask a question too: `fault.matches(request)`.
VERBS = ("matches", "exists", "contains")
# A method that acts and returns whether it succeeded, as `threading.Lock.acquire` does.
ACTIONS = ("acquire", "add_page")


def classes() -> list[ast.ClassDef]:
    return [n for tree in TREES.values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]


def test_class_names_are_unique_in_the_package() -> None:
    counts = Counter(node.name for node in classes())
    assert {name for name, count in counts.items() if count > 1} <= KNOWN_DUPLICATES


def test_exceptions_end_in_error() -> None:
    errors = {"Exception", "BaseException"}
    found: set[str] = set()
    for _ in range(5):  # the depth of the hierarchy
        found |= {n.name for n in classes() if {ast.unparse(b) for b in n.bases} & (errors | found)}
    # Warnings are exceptions of another kind and have a suffix of their own.
    assert "IntercomError" in found
    assert {name for name in found if not name.endswith("Error")} <= {"KeyboardInterrupt"}


def test_public_functions_read_as_questions_when_they_return_a_bool() -> None:
    found = {
        f"{path.relative_to(PACKAGE).as_posix()}:{node.name}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.returns is not None
        and ast.unparse(node.returns) == "bool"
        and not node.name.startswith("_")
        and not node.name.startswith(QUESTIONS)
        and node.name not in VERBS + ACTIONS
    }
    assert found <= KNOWN_PREDICATES
