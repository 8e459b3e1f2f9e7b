"""``intercom-nb mcp``: the workspace as an MCP server."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec
from pathlib import Path

from ..errors import UnsupportedError

DESCRIPTION = "Serve the workspace to AI agents over stdio, read-only by default."
_CLIENTS = ("claude", "cursor", "vscode")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--demo", action="store_true", help="use the embedded demo workspace")
    parser.add_argument(
        "--allow-writes",
        action="store_true",
        help="offer a write tool: clients that can ask the user do so before each request; others "
        "get a one-time code to send back",
    )
    parser.add_argument(
        "--dataset", metavar="FOLDER", help="an extracted dataset for metrics, report and SQL"
    )
    parser.add_argument(
        "--http",
        type=int,
        metavar="PORT",
        help="serve streamable HTTP on 127.0.0.1 with a token, instead of stdio (0: any free port)",
    )
    parser.add_argument(
        "--install", choices=_CLIENTS, help="print the configuration of a client and exit"
    )


def run(args: argparse.Namespace) -> int:
    """Serve until the client disconnects, or print a configuration."""
    if find_spec("mcp") is None:
        raise UnsupportedError("The MCP server needs mcp: pip install 'intercom-nb[mcp]'.")
    from ..connector.connect import connect
    from ..dataset import open_dataset
    from ..mcp.http import TOKEN_VARIABLE, listen, serve_http, server_token
    from ..mcp.install import configuration
    from ..mcp.server import build_server
    from ..mcp.stdio import serve_stdio

    if args.install:
        print(configuration(args.install, _kept(args)))
        return 0
    # Before the server, whose log would repeat an error.
    listening = None if args.http is None else listen(args.http)
    dataset = open_dataset(args.dataset) if args.dataset else None
    connector = connect("demo" if args.demo else None, allow_writes=args.allow_writes)
    server = build_server(connector, dataset)
    if listening is None:
        serve_stdio(server)
    else:
        port = listening.getsockname()[1]
        token, is_random = server_token()
        shown = token if is_random else f"the value of {TOKEN_VARIABLE}"
        print(f"MCP server on http://127.0.0.1:{port}/mcp\nToken: {shown}", file=sys.stderr)
        serve_http(server, listening, token)
    return 0


def _kept(args: argparse.Namespace) -> list[str]:
    """Return the arguments that a client's configuration passes on."""
    flags = [f"--{n.replace('_', '-')}" for n in ("demo", "allow_writes") if getattr(args, n)]
    return [*flags, *(["--dataset", str(Path(args.dataset).resolve())] if args.dataset else [])]
