"""Names of the package: classes are unique, errors end in Error, predicates read as questions."""

from __future__ import annotations

import functools
import re
from collections import Counter
from pathlib import Path

import pytest

from intercom_nb import catalog

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "intercom_nb"
DEFINITION = re.compile(r"^ *(?:async )?(def|class) (\w+)", re.MULTILINE)
CLASS = re.compile(r"^ *class (\w+)(?:\(([^)]*)\))?:", re.MULTILINE)
PREDICATE = re.compile(r"(?ms)^ *(?:async )?def (\w+)\((?:(?!^ *(?:async )?def ).)*?\) -> bool:$")

# A test is named after what it tests, then what is expected: test_list_stops_when_it_is_full.
# Units besides modules, classes, functions and operations: terms of Python, of notebooks, of
# other programs and of this repository.
TERMS = {
    *("attribute_error", "attrs", "await", "exception", "function", "import", "module", "package"),
    *("repr", "traceback", "agent", "credit", "entity", "env_file", "next_url", "semantic_search"),
    *("certificate", "clipboard", "excel_file", "interrupt", "kernel", "magic", "proxy_variable"),
    *("binder", "curl", "jupyterlab", "official_client", "official_sdk", "repo2docker"),
    *("changelog", "ci", "constraints", "picture", "ratio", "readme", "release", "sdist", "wheel"),
}
# Names of functions that say nothing at the start of a test's name.
NO_UNITS = {"both", "each", "every", "first", "other", "second", "when"}
# What a test cannot show, and what hides the expected result.
VAGUE = re.compile(r"_(works|told|what)_")

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


@functools.cache
def sources() -> dict[str, str]:
    """Return the text of each module: parsing them would take longer than all these tests."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8")
        for path in PACKAGE.rglob("*.py")
    }


def classes() -> list[tuple[str, set[str]]]:
    """Return the name and the bases of each class of the package."""
    found = [class_ for source in sources().values() for class_ in CLASS.findall(source)]
    return [(name, set(re.split(r",\s*", bases))) for name, bases in found]


def test_names_of_classes_are_unique_in_the_package() -> None:
    counts = Counter(name for name, _ in classes())
    assert len(counts) > 300
    assert {name for name, count in counts.items() if count > 1} == set()


def test_exceptions_end_in_error() -> None:
    errors = {"Exception", "BaseException"}
    found: set[str] = set()
    for _ in range(5):  # the depth of the hierarchy
        found |= {name for name, bases in classes() if bases & (errors | found)}
    # Warnings are exceptions of another kind and have a suffix of their own.
    assert "IntercomError" in found
    assert {name for name in found if not name.endswith("Error")} <= {"KeyboardInterrupt"}


def test_functions_read_as_questions_when_they_return_a_bool() -> None:
    predicates = [
        (path, name) for path, source in sources().items() for name in PREDICATE.findall(source)
    ]
    assert len(predicates) > 100
    found = {
        f"{path}:{name}"
        for path, name in predicates
        if not QUESTION.match(name) and not ACTIONS.fullmatch(name)
    }
    assert found == set()


@functools.cache
def units() -> set[str]:
    """Return what a test can be named after; of the tests only modules and classes of helpers."""
    found = set(TERMS)
    for folder in ("intercom_nb", "tools", "benchmarks", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            if not path.name.startswith("test_"):
                found |= {path.stem, path.parent.name}
                for kind, name in DEFINITION.findall(path.read_text("utf-8")):
                    if kind == "class":
                        found |= forms(name)
                    elif folder != "tests":
                        found.add(name)
    found |= {name for op in catalog.operations() for name in (op.entity, op.action)}
    return found.union(e.singular for e in catalog.entities().values()) - NO_UNITS


def forms(name: str) -> set[str]:
    """Return the name of a class in snake case and its last word."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return {name, name.rpartition("_")[2]}


def starts_with_a_unit(name: str) -> bool:
    words = name.removeprefix("test_").split("_")
    starts = ("_".join(words[:count]) for count in range(1, len(words)))
    singulars = ({s, s.removesuffix("s"), s.removesuffix("ies") + "y"} for s in starts)
    return not VAGUE.search(name) and any(units() & either for either in singulars)


def test_names_of_tests_start_with_the_unit() -> None:
    names = [
        name
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", path.read_text("utf-8"), re.M)
    ]
    assert len(names) > 1_000
    assert [name for name in names if not starts_with_a_unit(name)] == []


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        ("test_list_stops_when_it_is_full", True),
        ("test_companies_are_listed_when_a_tag_is_given", True),
        ("test_earlier_records_are_added_when_a_run_is_repeated", False),
        ("test_nothing_is_sent_when_a_row_is_wrong", False),
        ("test_second_run_completes_when_the_first_was_killed", False),
        ("test_the_list_stops_when_it_is_full", False),
        ("test_whoami_works_when_a_loop_runs", False),
        ("test_list", False),
    ],
)
def test_names_are_refused_when_they_do_not_start_with_a_unit(name: str, is_good: bool) -> None:
    assert starts_with_a_unit(name) is is_good
