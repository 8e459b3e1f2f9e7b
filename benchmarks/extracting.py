"""One extraction of everything, as a process that may be killed.

Waits that are a minute long in Intercom's world are as short here as those of the faulty server.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from intercom_nb import IntercomAuthConfig, IntercomConnector, catalog
from intercom_nb.calls import paginate
from intercom_nb.cli.main import main as command_line
from intercom_nb.connector import connect
from intercom_nb.extract import extraction
from intercom_nb.extract.slices import reader as slice_reader
from intercom_nb.transport import error_response

from .faulty import ENTITIES, MOST_COMPANIES, SCROLL_EXPIRES


def main(url: str, to: str, options: dict[str, Any]) -> int:
    """Extract all entities into a folder; with ``command``, by ``intercom-nb extract``."""
    _to_scale()
    token = IntercomAuthConfig("a-token-for-the-faulty-server")
    timeout, version = options.get("timeout", 1.0), options.get("version")
    connector = IntercomConnector(auth_config=token, base_url=url, timeout=timeout, version=version)
    print("begins", flush=True)
    if options.get("command"):
        connect.connect = lambda *_: connector  # the command knows no other address
        return command_line(["extract", "conversations", "--to", to, "--with-parts"])
    for entity in ENTITIES:
        parts = entity == "conversations"
        connector.sync.extract(entity, to, with_parts=parts, progress=False)
    return 0


def _to_scale() -> None:
    companies = catalog.operation("companies", "list")
    msgspec.structs.force_setattr(companies.paging, "max_records", MOST_COMPANIES)
    expires = SCROLL_EXPIRES + 0.1
    paginate.SCROLL_EXPIRES_AFTER = error_response.SCROLL_EXPIRES_AFTER = expires
    slice_reader._MAX_WAIT = expires
    extraction._MIN_SLICE = 60  # so that small workspaces are split too


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}))
