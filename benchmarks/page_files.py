"""Server of list pages from files: ``python -m benchmarks.page_files '{"folder": ...}'``."""

from __future__ import annotations

import json
import pathlib
import sys

from intercom_nb.demo.rate_limit import RateWindow

from .floors import LIMIT
from .frame_pages import PER_PAGE
from .loopback import Answer, CallPlan, serve


def main(folder: str) -> None:
    """Serve the pages of a folder, whatever the entity.

    Responses report a rate window, as Intercom's do. Each list begins one, since it stands for
    someone's only one; nothing is refused.
    """
    pages = [path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir())]
    rate = RateWindow(LIMIT)

    def respond(call: CallPlan) -> Answer:
        nonlocal rate
        at = int(call.query.get("starting_after", 0)) // PER_PAGE
        if at == 0:
            rate = RateWindow(LIMIT)
        rate.acquire()
        return Answer(pages[at], headers=rate.headers())

    serve(respond)


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
