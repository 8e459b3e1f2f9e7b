"""One measured job in a process of its own: ``python -m benchmarks.clients NAME URL ROWS``.

Prints JSON: rows, seconds, CPU seconds (user and system) and the peak of the resident memory, each
of the job alone: what importing took is apart.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from typing import Any

TOKEN = "a-token-for-the-measurement"  # noqa: S105 - of no workspace
PER_PAGE = 150
_GETS_AT_ONCE = 20

Job = Callable[[], int]


def ours(url: str, what: str, rows: int) -> Job:
    """Our connector, without ``await``."""
    import intercom_nb.extract
    from intercom_nb import IntercomConnector
    from intercom_nb.models import IntercomAuthConfig

    from .paged import NEWEST

    c = IntercomConnector(auth_config=IntercomAuthConfig(TOKEN), base_url=url)

    def extract(parts: bool) -> int:
        with tempfile.TemporaryDirectory() as to:
            c.sync.extract(
                "conversations", f"{to}/ds", with_parts=parts, until=NEWEST + 1, progress=False
            )
            ds = intercom_nb.extract.open_dataset(f"{to}/ds")
            return int(ds.describe().frame.set_index("table").loc["conversations", "rows"])

    jobs: dict[str, Job] = {
        "list": lambda: len(c.sync.conversations.list(limit=rows)),
        "search": lambda: len(c.sync.conversations.search(created_at__gt=1, limit=rows)),
        "extract": lambda: extract(False),
        "extract parts": lambda: extract(True),
    }
    return jobs[what]


def sdk(url: str, what: str, rows: int) -> Job:
    """The official SDK, as one writes it: follow the pager, normalise the dicts."""
    import pandas as pd
    from intercom import Intercom
    from intercom.types import SingleFilterSearchRequest

    client = Intercom(token=TOKEN, base_url=url)

    def listed() -> int:
        pager = client.conversations.list(per_page=PER_PAGE)
        return len(pd.json_normalize([c.dict() for c in itertools.islice(pager, rows)]))

    def found() -> int:
        # Its search pager gives the same page for ever, so the pages are followed by hand.
        query = SingleFilterSearchRequest(field="created_at", operator=">", value="1")
        records: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while len(records) < rows:
            pagination = {"per_page": PER_PAGE, **cursor}
            page = client.conversations.search(query=query, pagination=pagination).response
            records += [c.dict() for c in page.conversations]
            if page.pages is None or page.pages.next is None:
                break
            cursor = {"starting_after": page.pages.next.starting_after}
        return len(pd.json_normalize(records))

    def whole() -> int:
        ids = [c.id for c in itertools.islice(client.conversations.list(per_page=PER_PAGE), rows)]
        return len(pd.json_normalize([client.conversations.find(i).dict() for i in ids]))

    return {"list": listed, "search": found, "extract parts": whole}[what]


def sdk_async(url: str, what: str, rows: int) -> Job:
    """The official SDK's other half; conversations with parts many at once."""
    import pandas as pd
    from intercom import AsyncIntercom

    async def listed() -> int:
        client = AsyncIntercom(token=TOKEN, base_url=url)
        records = []
        async for conversation in await client.conversations.list(per_page=PER_PAGE):
            records.append(conversation.dict())
            if len(records) == rows:
                break
        return len(pd.json_normalize(records))

    async def whole() -> int:
        client = AsyncIntercom(token=TOKEN, base_url=url)
        gate = asyncio.Semaphore(_GETS_AT_ONCE)

        async def get(key: str) -> dict[str, Any]:
            async with gate:
                found: dict[str, Any] = (await client.conversations.find(key)).dict()
                return found

        ids: list[str] = []
        async for conversation in await client.conversations.list(per_page=PER_PAGE):
            ids.append(conversation.id)
            if len(ids) == rows:
                break
        return len(pd.json_normalize(await asyncio.gather(*(get(i) for i in ids))))

    jobs = {"list": listed, "extract parts": whole}
    return lambda: asyncio.run(jobs[what]())


def plain(url: str, what: str, rows: int) -> Job:
    """By hand: httpx, orjson and ``json_normalize``, or the decoding alone (``decoded``)."""
    import httpx
    import orjson
    import pandas as pd

    def pages() -> list[bytes]:
        found, cursor = [], {}
        headers = {"Authorization": f"Bearer {TOKEN}"}
        with httpx.Client(base_url=url, headers=headers) as client:
            while True:
                params = {"per_page": PER_PAGE, **cursor}
                found.append(client.get("/conversations", params=params).content)
                following = orjson.loads(found[-1][-200:].partition(b'"pages":')[2][:-1])
                if "next" not in following or len(found) * PER_PAGE >= rows:
                    return found
                cursor = {"starting_after": following["next"]["starting_after"]}

    def normalised() -> int:
        records = [r for page in pages() for r in orjson.loads(page)["conversations"]]
        return len(pd.json_normalize(records))

    if what == "decoded":
        ready = pages()
        return lambda: sum(len(p["conversations"]) for p in [orjson.loads(p) for p in ready])
    return normalised


CLIENTS = {"intercom_nb": ours, "sdk": sdk, "sdk async": sdk_async, "plain": plain}


def measure(client: str, what: str, url: str, rows: int) -> dict[str, Any]:
    """Do a job once and say what it took."""
    warnings.simplefilter("ignore")  # the SDK's models disagree with what they are given
    began = _cpu()
    job = CLIENTS[client](url, what, rows)
    imported, start = _cpu(), time.monotonic()
    done = job()
    return {
        "rows": done,
        "seconds": time.monotonic() - start,
        "cpu": _cpu() - imported,
        "imports": imported - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    name, asked, address, count = sys.argv[1:]
    print(json.dumps(measure(name, asked, address, int(count))))
