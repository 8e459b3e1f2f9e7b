"""Print the files that one list call passes through, from c.contacts.list() to the DataFrame.

    python tools/call_path.py

Traces the call against the demo workspace, whose own files are not counted. Exits with 1 if the
path is longer than LIMITS: a reader of the code has to hold all of it in mind.
"""

from __future__ import annotations

import asyncio
import importlib
import math
import pkgutil
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import intercom_nb
from intercom_nb.runtime import progress

PACKAGE = Path(intercom_nb.__file__).parent
# Only ever lowered.
LIMITS = {"files": 25, "lines": 4_000}
# Layers that call the connector.
ABOVE = {"__main__", "cli", "magics", "mcp", "reporting", "widgets"}


def trace_list_call() -> dict[Path, list[str]]:
    """Return the package's files whose functions run, in the order of the call, with the names."""
    import_everything()  # so that the bodies of modules are not part of the path
    ran: dict[CodeType, None] = {}  # in order
    tracing = threading.Event()

    def record(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and tracing.is_set():
            ran[frame.f_code] = None

    progress._DELAY = math.inf  # tracing takes longer than the seconds after which a bar is due

    async def call() -> None:
        connector = intercom_nb.connect("demo")
        tracing.set()
        await connector.contacts.list()
        tracing.clear()

    threading.setprofile(record)  # the portal's thread sends the requests
    sys.setprofile(record)
    try:
        asyncio.run(call())
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    found: dict[Path, list[str]] = {}
    for code in ran:
        path = Path(code.co_filename)
        if path.is_relative_to(PACKAGE) and not path.is_relative_to(PACKAGE / "demo"):
            found.setdefault(path, []).append(code.co_qualname)
    return found


def import_everything() -> None:
    """Import each module that a call may run, before it is traced."""
    for module in pkgutil.walk_packages([str(PACKAGE)], "intercom_nb."):
        if module.name.split(".")[1] not in ABOVE:
            importlib.import_module(module.name)


def main() -> int:
    """Print one line per file, then the totals."""
    path = trace_list_call()
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in path}
    for file, names in path.items():
        print(f"{lines[file]:5}  {file.relative_to(PACKAGE).as_posix():32}  {', '.join(names)}")
    totals = {"files": len(lines), "lines": sum(lines.values())}
    for unit, total in totals.items():
        print(f"{total:,} {unit} (at most {LIMITS[unit]:,})")
    return int(any(total > LIMITS[unit] for unit, total in totals.items()))


if __name__ == "__main__":
    sys.exit(main())
