"""Server of list pages from files: ``python -m benchmarks.page_files '{"folder": ...}'``."""

from __future__ import annotations

import json
import pathlib
import sys

from .frame_pages import PER_PAGE
from .loopback import Answer, CallPlan, serve


def main(folder: str) -> None:
    """Serve the pages of a folder, whatever the entity."""
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())]

    def respond(call: CallPlan) -> Answer:
        return Answer(pages[int(call.query.get("starting_after", 0)) // PER_PAGE])

    serve(respond)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
