"""Standard input and output: the server ends with its client, whatever is under way."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer


def serve_stdio(server: MCPServer[Any]) -> None:
    """Serve until the client closes a pipe. Ctrl-C ends the process at once."""
    # Python's own handler would wait for the thread that reads standard input.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        server.run("stdio")
    except* (BrokenPipeError, ConnectionResetError):
        # The client is gone, and Python flushes its output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
