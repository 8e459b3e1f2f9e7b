"""Work that test_pyodide.py runs in CPython and in Pyodide; prints its results as JSON."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import pkgutil
import sys
import zipfile
from pathlib import Path

os.environ["INTERCOM_NB_DEMO_DATE"] = "2026-11-01"


def install() -> None:
    """Unpack the wheels that run.mjs has mounted."""
    for wheel in Path("/wheels").glob("*.whl"):
        zipfile.ZipFile(wheel).extractall("/site")
    sys.path[:0] = ["/site", "/repository"]


async def count(state: str) -> int:
    """Search the conversations of the demo workspace."""
    import httpx

    from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport

    query = {"field": "state", "operator": "=", "value": state}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=DemoTransport(), base_url=DEMO_BASE_URL, headers=headers
    ) as client:
        response = await client.post("/conversations/search", json={"query": query})
        total: int = response.json()["total_count"]
        return total


def missing_packages() -> dict[str, str]:
    """Import every module; return for each that fails the package that it lacks."""
    import intercom_nb

    failed = {}
    for module in pkgutil.walk_packages(intercom_nb.__path__, "intercom_nb.", lambda _: None):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ModuleNotFoundError as error:
                failed[module.name] = str(error.name)
    return failed


async def main() -> None:
    if sys.platform == "emscripten":
        install()
    from intercom_nb.runtime.concurrency import run_parallel
    from intercom_nb.runtime.portal import portal
    from intercom_nb.runtime.thread_pools import can_start_threads, thread_pool

    both = portal.submit(run_parallel([count("open"), count("closed")]))
    endless = portal.submit(asyncio.Event().wait())
    endless.cancel()
    results = {
        "await": await portal.wait(count("open")),
        "sync": portal.run(count("open")),
        "submit": await asyncio.wrap_future(both),
        "is_cancelled": endless.cancelled(),
        "pool": thread_pool(2, "own").submit(sum, [1, 2]).result(),
    }
    print(json.dumps([results, can_start_threads(), missing_packages()]))


if __name__ == "__main__" and sys.platform != "emscripten":
    asyncio.run(main())
