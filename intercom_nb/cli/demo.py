"""``intercom-nb demo``: the demo workspace on a local port."""

from __future__ import annotations

import argparse
import os
import threading

from ..errors import ConfigurationError
from . import job

DESCRIPTION = "Serve the demo workspace on 127.0.0.1 and print how to connect to it."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``intercom-nb demo``."""
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        help="last day of the demo's year (default: today); the same date always gives the same "
        "records",
    )
    parser.add_argument(
        "--port", type=job.port, default=8765, help="port on 127.0.0.1 (0: any free)"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the demo workspace until interrupted."""
    if args.date is not None:
        os.environ["INTERCOM_NB_DEMO_DATE"] = args.date  # read when demo.dates is imported
    try:
        from .. import demo
        from ..demo import dates  # noqa: F401 - checks the date
    except ValueError as error:  # an invalid date in the environment; the message names it
        raise ConfigurationError(str(error)) from None
    with demo.serve(port=args.port) as server:
        print(
            f"The demo workspace is running at {server.url}. Press Ctrl-C to stop it.\n"
            f"Access token: {demo.TOKEN}\n\n"
            "    from intercom_nb import IntercomConnector\n"
            "    from intercom_nb.models import IntercomAuthConfig\n"
            "    c = IntercomConnector(\n"
            f"        auth_config=IntercomAuthConfig(access_token={demo.TOKEN!r}),\n"
            f"        base_url={server.url!r},\n"
            "    )\n\n"
            f"    curl -H 'Authorization: Bearer {demo.TOKEN}' -H 'Accept: application/json' "
            f"'{server.url}/contacts?per_page=2'\n\n"
            f"Hosted mode: airbyte_api_url={server.url!r}, airbyte_auth_url={server.url!r},\n"
            f"    airbyte_client_id={demo.CLIENT_ID!r}, "
            f"airbyte_client_secret={demo.CLIENT_SECRET!r},\n"
            f"    workspace_name={demo.WORKSPACE_NAME!r} "
            f"(or external_user_id={demo.EXTERNAL_USER_ID!r})",
            flush=True,
        )
        # A wait without a timeout cannot be interrupted on Windows.
        while not threading.Event().wait(timeout=1.0):
            pass
    return 0
