"""Configuration of MCP clients: printed for the user to copy, never written."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

CLIENTS = {
    "claude": (
        "claude_desktop_config.json (Claude Desktop: Settings > Developer > Edit Config)",
        "mcpServers",
    ),
    "cursor": ("~/.cursor/mcp.json", "mcpServers"),
    "vscode": (".vscode/mcp.json in your project", "servers"),
}


def configuration(client: str, arguments: Sequence[str] = ()) -> str:
    """Return what to paste into the configuration file of a client.

    It holds no secret: the server finds the credential as ``connect()`` does, in the
    environment, a ``.env`` file of its working directory, or the keyring.

    >>> "mcpServers" in configuration("claude", ["--demo"])
    True
    """
    file, key = CLIENTS[client]
    entry: dict[str, Any] = {
        "command": sys.executable,
        "args": ["-m", "intercom_nb", "mcp", *arguments],
    }
    if client == "vscode":
        entry = {"type": "stdio", **entry}
    text = json.dumps({key: {"intercom": entry}}, indent=2)
    return f"Add this to {file}:\n\n{text}"
