"""Wording: phrases that were replaced by standard technical English do not come back."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Phrase -> better wording.
REPLACED = {
    r"\b(?:is|are|was) no (?!longer\b|more\b|need\b|one\b|way\b)\w+": "is not a valid ...",
    r"\b(?:unless|as|not|when|if|is|be) told\b": "by default; requested; reported",
    r"\bwhere (?:none|there (?:is|are) n|nobody|somebody|nothing)": "if, when, unless",
    r"\bfor who\b|\bwho (?:wants|looks|asks)\b": "for users who; if",
    r"\b(?:goe?s?|gone|going) on (?:with|where|and|from)\b": "resume, continue",
    r"\bbr(?:ing|ings|ought) (?:it |them )?up to date\b": "update",
    r"\btak(?:e|es|en|ing) along\b|\bcom(?:e|es) along\b": "include, export",
    r"\bfrom (?:then|now|there) on\b|\ball the same\b|\bas many as there\b": "(leave out)",
    r"\bsa(?:ys|id) (?:so|which|how|what|nothing)\b": "report, name, print",
    r"\btells? (?:apart|of|nothing)\b": "distinguish, report",
    r"\bin words\b|\bwords of its own\b": "as text",
    r"\bask(?:s|ed|ing)? (?:again|the server|Intercom|Airbyte|for the)\b": "request, send",
    r"\b(?:server|API|Intercom|Airbyte)(?:'s)? answer(?:s|ed)?\b": "response, responds",
    r"\b(?:the|an|each|every|whole|unreadable) answer\b": "response, result",
    r"\b(?:is|are) at it\b|\bthe whole truth\b": "is using it; everything",
    r"\b(?:Nothing asked yet|What to ask|Do not send|Another address|The same in code)\b": "No "
    "results yet, Query, Cancel, Custom server URL, Equivalent code",
    r"\bnothing matches, or there\b|\bThere is nothing to\b|\bNothing to fill in\b": "No matches; "
    "No data; No options",
    r"\b(?:began|begun), against\b|\bagainst \d": "vs; down from, up from",
    r"\bhanded on\b|\bwhat went wrong when\b": "reassigned; Troubleshooting",
    r"\bis not found either\b|\ba token of one region\b|\bcarried out: look\b": "cannot be found; "
    "only in its own region; check before you send it again",
    r"\b(?:catalogue|colour|behaviour|organisation|neighbour)": "American spelling",
    r"\b(?:serial|normal|sanit|organ)is": "American spelling",
}
OPENERS = {"Give", "Gives", "Tell", "Tells", "Say", "Says", "Take", "Takes", "Put", "Let", "Have"}


def python_texts(source: str) -> Iterator[str]:
    """Yield docstrings, comments and strings that hold more than one word."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield " ".join(node.value.split())
    yield " ".join(re.findall(r"(?:^ *|  )# ?(.*)", source, re.M))


def texts(path: Path) -> Iterator[str]:
    """Yield what people read in a file."""
    source = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".py":
            yield from python_texts(source)
        case ".js":
            yield from re.findall(r'"[^"\n]* [^"\n]*"|`[^`]* [^`]*`|//[^\n]*', source)
        case ".json":
            yield from re.findall(r'"(?:description|label)": "([^"]*)"', source)
        case ".ipynb":
            for cell in json.loads(source)["cells"]:
                if cell["cell_type"] == "markdown":
                    yield " ".join("".join(cell["source"]).split())
        case _:
            yield " ".join(re.sub(r"```.*?```", "", source, flags=re.S).split())


ANY_REPLACED = re.compile("|".join(REPLACED))


def hits(path: Path) -> list[str]:
    """Return each replaced phrase in a file, with what to write instead."""
    found = [
        f"{text[max(0, hit.start() - 30) : hit.end() + 30]!r}: {better}"
        for text in texts(path)
        if ANY_REPLACED.search(text)
        for phrase, better in REPLACED.items()
        for hit in re.finditer(phrase, text)
    ]
    if path.suffix == ".py":
        first_words = re.findall(r'^ *"""(\w+)', path.read_text(encoding="utf-8"), re.M)
        found += [f"{w!r}: Return, Raise, Build, Check ..." for w in first_words if w in OPENERS]
    return found


def files() -> list[Path]:
    """Return the files that people read, except the demo's conversations."""
    package = ROOT / "intercom_nb"
    found = [p for kind in ("py", "js", "json") for p in package.rglob(f"*.{kind}")]
    found = [p for p in found if not p.is_relative_to(package / "demo/data")]
    found += [*(ROOT / "tools").glob("*.py"), *(ROOT / "benchmarks").glob("*.py")]
    found += [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "notebooks").glob("*.ipynb"),
    ]
    return sorted(found)


def test_files_have_no_replaced_wording() -> None:
    found = {p.relative_to(ROOT).as_posix(): hits(p) for p in files()}
    assert {name: hit for name, hit in found.items() if hit} == {}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.py", '"""Give the rows."""'),
        ("a.py", "x = 1  # the limit, unless told\n"),
        ("a.js", 'show("The server answered 401.");'),
        ("a.json", '{"description": "The colour of it."}'),
        ("a.md", "'soon' is no point in time."),
        ("a.ipynb", '{"cells": [{"cell_type": "markdown", "source": ["It goes on with that."]}]}'),
    ],
    ids=["docstring", "comment", "script", "catalog", "guide", "notebook"],
)
def test_hits_returns_the_phrase_when_a_text_has_replaced_wording(
    name: str, source: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(source, encoding="utf-8")
    assert len(hits(tmp_path / name)) == 1
