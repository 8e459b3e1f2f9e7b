"""Clients under comparison, and their jobs."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import importlib
import itertools
import json
import os
import pathlib
import tempfile
import urllib.request
from collections.abc import Callable
from typing import Any

from .floors import PER_PAGE
from .span import NEWEST, OLDEST

TOKEN = "a-token-for-the-measurement"  # noqa: S105 - of no workspace
ONE_CORE, AIOHTTP = "intercom_nb, one core", "intercom_nb, aiohttp"
_FEW = 5
_FEW_EXTRACTED = 30
_GETS_AT_ONCE = 20


@dataclasses.dataclass(frozen=True)
class Job:
    """What is measured: ``whole``, of which ``count`` gives the rows, unmeasured.

    ``first`` is a small one of the same kind, which loads what is loaded when first needed and
    opens the connections.
    """

    first: Callable[[], object]
    whole: Callable[[], Any]
    count: Callable[[Any], int] = len


def _sized(rows: int, few: int, of: Callable[[int], Any]) -> Job:
    return Job(lambda: of(few), lambda: of(rows))


def ours(url: str, task: str, rows: int, http: Any = None) -> Job:
    """Our connector, without ``await``; ``http`` is the transport to pass to it."""
    from intercom_nb import IntercomConnector
    from intercom_nb.models import IntercomAuthConfig

    c = IntercomConnector(auth_config=IntercomAuthConfig(TOKEN), base_url=url, http=http)
    if task == "list":
        return _sized(rows, PER_PAGE, lambda n: c.sync.conversations.list(limit=n))
    if task == "search":
        return _sized(
            rows, PER_PAGE, lambda n: c.sync.conversations.search(created_at__gt=1, limit=n)
        )
    folder = tempfile.TemporaryDirectory()
    early = OLDEST + (NEWEST - OLDEST) * _FEW_EXTRACTED // rows
    numbers = itertools.count()

    def extract(until: int) -> Any:
        parts, to = task == "extract parts", f"{folder.name}/{next(numbers)}"
        return c.sync.extract("conversations", to, with_parts=parts, until=until, progress=False)

    def count(ds: Any) -> int:
        [(found,)] = ds.sql("select count(distinct id) from conversations").to_numpy()
        folder.cleanup()
        return int(found)

    return Job(lambda: extract(early), lambda: extract(NEWEST + 1), count)


def ours_on_one_core(url: str, task: str, rows: int) -> Job:
    """Our connector in a process that one core runs."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    return ours(url, task, rows)


def ours_by_aiohttp(url: str, task: str, rows: int) -> Job:
    """Our connector with the transport of httpx-aiohttp, which this project does not depend on."""
    return ours(url, task, rows, importlib.import_module("httpx_aiohttp").AiohttpTransport())


def sdk(url: str, task: str, rows: int) -> Job:
    """The official SDK, as one writes it: follow the pager, normalize the dicts."""
    import pandas as pd
    from intercom import Intercom

    client = Intercom(token=TOKEN, base_url=url)

    def listed(count: int) -> pd.DataFrame:
        pager = client.conversations.list(per_page=PER_PAGE)
        return pd.json_normalize([c.dict() for c in itertools.islice(pager, count)])

    def found(count: int) -> pd.DataFrame:
        records: list[dict[str, Any]] = []
        asked: dict[str, Any] | None = _search()
        while asked and len(records) < count:
            page = client.conversations.search(**asked).response
            records += [c.dict() for c in page.conversations]
            asked = _following(page)
        return pd.json_normalize(records[:count])

    def whole(count: int) -> pd.DataFrame:
        pager = client.conversations.list(per_page=PER_PAGE)
        ids = [c.id for c in itertools.islice(pager, count)]
        return pd.json_normalize([client.conversations.find(i).dict() for i in ids])

    job = {"list": listed, "search": found, "extract parts": whole}[task]
    return _sized(rows, _FEW if task == "extract parts" else PER_PAGE, job)


def sdk_async(url: str, task: str, rows: int) -> Job:
    """The official SDK's other half; conversations with parts many at once."""
    import pandas as pd
    from intercom import AsyncIntercom

    async def listed(client: AsyncIntercom, count: int) -> list[Any]:
        records = []
        async for conversation in await client.conversations.list(per_page=PER_PAGE):
            records.append(conversation)
            if len(records) == count:
                break
        return records

    async def found(client: AsyncIntercom, count: int) -> list[Any]:
        records: list[Any] = []
        asked: dict[str, Any] | None = _search()
        while asked and len(records) < count:
            page = (await client.conversations.search(**asked)).response
            records += page.conversations
            asked = _following(page)
        return records[:count]

    async def whole(client: AsyncIntercom, count: int) -> list[Any]:
        gate = asyncio.Semaphore(_GETS_AT_ONCE)

        async def get(key: str) -> Any:
            async with gate:
                return await client.conversations.find(key)

        ids = [conversation.id for conversation in await listed(client, count)]
        return await asyncio.gather(*(get(i) for i in ids))

    job = {"list": listed, "search": found, "extract parts": whole}[task]

    async def frame(count: int) -> pd.DataFrame:
        records = await job(AsyncIntercom(token=TOKEN, base_url=url), count)
        return pd.json_normalize([record.dict() for record in records])

    few = _FEW if task == "extract parts" else PER_PAGE
    return _sized(rows, few, lambda n: asyncio.run(frame(n)))


def _search() -> dict[str, Any]:
    from intercom.types import SingleFilterSearchRequest

    query = SingleFilterSearchRequest(field="created_at", operator=">", value="1")
    return {"query": query, "pagination": {"per_page": PER_PAGE}}


def _following(page: Any) -> dict[str, Any] | None:
    # Its search pager gives the same page for ever, so the pages are followed by hand.
    if page.pages is None or page.pages.next is None:
        return None
    after = page.pages.next.starting_after
    return {**_search(), "pagination": {"per_page": PER_PAGE, "starting_after": after}}


def plain(url: str, task: str, rows: int) -> Job:
    """By hand: httpx, orjson and ``json_normalize``, and ``to_parquet`` to extract."""
    import httpx
    import orjson
    import pandas as pd

    client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"})

    def listed(count: int) -> pd.DataFrame:
        records: list[dict[str, Any]] = []
        params: dict[str, Any] = {"per_page": PER_PAGE}
        while len(records) < count:
            page = orjson.loads(client.get("/conversations", params=params).content)
            records += page["conversations"]
            if "next" not in page["pages"]:
                break
            params["starting_after"] = page["pages"]["next"]["starting_after"]
        return pd.json_normalize(records[:count])

    def extracted(count: int) -> pd.DataFrame:
        found = listed(count)
        with tempfile.TemporaryDirectory() as to:
            found.to_parquet(pathlib.Path(to) / "conversations.parquet")
        return found

    return _sized(rows, PER_PAGE, {"list": listed, "extract": extracted}[task])


def decoding(url: str, task: str, rows: int) -> Job:
    """``orjson.loads`` alone, of the answers that a job needs, all of them kept.

    With little else in the process, as Python's collector goes through all that there is.
    """
    import orjson

    answers = [_fetched(f"{url}/conversations?per_page={PER_PAGE}&starting_after={start}")
               for start in range(0, rows, PER_PAGE)]  # fmt: skip
    if task == "decode parts":
        ids = [c["id"] for answer in answers for c in json.loads(answer)["conversations"]]
        answers += [_fetched(f"{url}/conversations/{i}") for i in ids[:rows]]
    return Job(
        lambda: orjson.loads(answers[0]),
        lambda: [orjson.loads(answer) for answer in answers],
        lambda kept: sum(len(answer.get("conversations", ())) for answer in kept),
    )


def decoding_without_collector(url: str, task: str, rows: int) -> Job:
    """Decode with Python's collector off."""
    gc.disable()
    return decoding(url, task, rows)


def _fetched(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - of this machine
        body: bytes = answer.read()
        return body


CLIENTS: dict[str, Callable[[str, str, int], Job]] = {
    "intercom_nb": ours,
    ONE_CORE: ours_on_one_core,
    AIOHTTP: ours_by_aiohttp,
    "orjson": decoding,
    "orjson, gc off": decoding_without_collector,
    "plain": plain,
    "sdk": sdk,
    "sdk async": sdk_async,
}
