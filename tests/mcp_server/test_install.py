"""The configuration that is printed for each client."""

from __future__ import annotations

import json
import sys

import pytest

from intercom_nb.errors import ConfigurationError
from intercom_nb.mcp.install import CLIENTS, configuration

pytest.importorskip("mcp", reason="the extra mcp is not installed")
from intercom_nb.mcp.http import server_token


@pytest.mark.parametrize("client", CLIENTS)
def test_configuration_has_no_secret_when_a_token_is_set(client, monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "dG9rOnNlY3JldA")
    text = configuration(client, ["--demo"])
    entry = json.loads(text[text.index("{") :])[CLIENTS[client][1]]["intercom"]
    assert entry["command"] == sys.executable
    assert entry["args"] == ["-m", "intercom_nb", "mcp", "--demo"]
    assert "dG9r" not in text


def test_server_token_is_random_when_none_is_set(monkeypatch):
    monkeypatch.delenv("INTERCOM_NB_MCP_TOKEN", raising=False)
    first, made_here = server_token()
    assert made_here
    assert len(first) >= 32
    assert first != server_token()[0]


def test_server_token_is_refused_when_it_is_short(monkeypatch):
    monkeypatch.setenv("INTERCOM_NB_MCP_TOKEN", "short")
    with pytest.raises(ConfigurationError, match="INTERCOM_NB_MCP_TOKEN"):
        server_token()
