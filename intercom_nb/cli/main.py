"""The command line: ``intercom-nb demo``, ``execute``, ``extract``, ``report``, ``lab``."""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence

from ..errors import IntercomError
from . import extract as extract_command
from . import lab, report


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status: 0, 1 after an error, 2 for wrong usage."""
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except IntercomError as error:
        print(f"intercom-nb: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("intercom-nb: interrupted", file=sys.stderr)
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="intercom-nb", description="Explore an Intercom workspace from Jupyter or a shell."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_demo(commands)
    _add_execute(commands)
    _add_extract(commands)
    for name, module, words in (
        ("report", report, "write a support report of a period as one HTML page"),
        ("lab", lab, "open JupyterLab on copies of the notebooks, in a folder of yours"),
    ):
        command = commands.add_parser(name, help=words)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser("demo", help="serve the demo workspace on this machine")
    demo.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1 (0: any free one)")
    demo.set_defaults(run=_demo)


def _add_execute(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    execute = commands.add_parser(
        "execute",
        help="run one operation and print its page",
        description="Run one operation with one request. The credential comes from the "
        "environment or .env, or it is the demo workspace.",
    )
    execute.add_argument("entity", help="what to ask for, like contacts")
    execute.add_argument("action", help="what to do, like list")
    execute.add_argument("params", nargs="?", default="{}", help="parameters as a JSON object")
    execute.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    execute.add_argument(
        "--format", choices=("table", "csv", "json"), default="table", help="how to print it"
    )
    execute.add_argument(
        "--allow-writes", action="store_true", help="allow actions that change the workspace"
    )
    execute.set_defaults(run=_execute)


def _add_extract(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    extract = commands.add_parser(
        "extract",
        help="take an entity, or all of them, into a folder of Parquet files",
        description="Resumes where it was ended, and brings up to date what is there. The "
        "credential comes from the environment or .env, or it is the demo workspace.",
    )
    extract.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    extract_command.add_arguments(extract)
    extract.set_defaults(run=_extract)


def _demo(args: argparse.Namespace) -> int:
    from .. import demo

    with demo.serve(port=args.port) as server:
        print(
            f"The demo workspace answers at {server.url} until you press Ctrl-C.\n"
            f"Access token: {demo.TOKEN}\n\n"
            "    from intercom_nb import IntercomConnector\n"
            "    from intercom_nb.models import IntercomAuthConfig\n"
            "    c = IntercomConnector(\n"
            f"        auth_config=IntercomAuthConfig(access_token={demo.TOKEN!r}),\n"
            f"        base_url={server.url!r},\n"
            "    )\n\n"
            f"    curl -H 'Authorization: Bearer {demo.TOKEN}' -H 'Accept: application/json' "
            f"'{server.url}/contacts?per_page=2'\n\n"
            f"Hosted execution: airbyte_api_url={server.url!r}, airbyte_auth_url={server.url!r},\n"
            f"    airbyte_client_id={demo.CLIENT_ID!r}, "
            f"airbyte_client_secret={demo.CLIENT_SECRET!r},\n"
            f"    workspace_name={demo.WORKSPACE_NAME!r} "
            f"(or external_user_id={demo.EXTERNAL_USER_ID!r})",
            flush=True,
        )
        threading.Event().wait()
    return 0


def _extract(args: argparse.Namespace) -> int:
    from ..connector.connect import connect

    return extract_command.run(connect("demo" if args.demo else None), args)


def _execute(args: argparse.Namespace) -> int:
    from ..connector.connect import connect
    from ..frames.export import export  # also a spreadsheet must not run what customers wrote

    try:
        params = json.loads(args.params)
    except ValueError as error:
        print(f"intercom-nb: params is not JSON: {error}", file=sys.stderr)
        return 2
    connector = connect("demo" if args.demo else None, allow_writes=args.allow_writes)
    frame = connector.sync.execute(args.entity, args.action, params)
    if args.format == "csv":
        print(export(frame, "csv").decode(), end="")
    elif args.format == "json":
        print(frame.to_json(orient="records", lines=True, date_format="iso"), end="")
    else:
        print(frame.to_string(max_rows=50, max_cols=8))
    return 0
