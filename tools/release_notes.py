"""Print the changelog's section of a version, for the notes of its release.

python tools/release_notes.py v0.1.0
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[1] / "CHANGELOG.md"


def notes(version: str, changelog: str) -> str:
    """Return the section of a version, without its heading.

    Exits if there is none, or if its heading still says that it is not released.
    """
    number = version.removeprefix("v")
    found = re.search(
        rf"^## {re.escape(number)}(?P<when> [^\n]*)?\n(?P<text>.*?)(?=^## |\Z)",
        changelog,
        re.M | re.S,
    )
    if found is None:
        sys.exit(f"CHANGELOG.md has no section {number}. Add `## {number} (YYYY-MM-DD)`.")
    if "unreleased" in (found["when"] or ""):
        sys.exit(f"CHANGELOG.md calls {number} unreleased. Write its date instead.")
    return found["text"].strip() + "\n"


if __name__ == "__main__":
    print(notes(sys.argv[1], CHANGELOG.read_text(encoding="utf-8")), end="")
