"""The trusted certificates are read once, whatever the number of connectors."""

from __future__ import annotations

import socket
import ssl

import pytest

from intercom_nb import IntercomConnector
from intercom_nb.errors import ConnectionFailedError
from intercom_nb.models import IntercomAuthConfig, RetryPolicy
from intercom_nb.transport import environment

ONCE = RetryPolicy(attempts=1)


def test_certificates_are_read_once_when_several_connectors_are_created(monkeypatch):
    read = []
    monkeypatch.setattr(
        environment.httpx,
        "create_ssl_context",
        lambda made=environment.httpx.create_ssl_context: read.append(made()) or read[-1],
    )
    environment._trust.cache_clear()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"https://127.0.0.1:{taken.getsockname()[1]}"
    for _ in range(3):
        c = IntercomConnector(
            auth_config=IntercomAuthConfig("a-token-for-the-test"), base_url=nobody, retry=ONCE
        )
        with pytest.raises(ConnectionFailedError):
            c.sync.teams.list()
        c.sync.close()
    [context] = read
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
