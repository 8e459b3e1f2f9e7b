"""The trusted certificates are read once, whatever the number of connectors."""

from __future__ import annotations

import ssl

from intercom_nb import IntercomConnector
from intercom_nb.demo import TOKEN, serve
from intercom_nb.models import IntercomAuthConfig
from intercom_nb.transport import client


def test_connectors_share_the_certificates_and_still_check_them(monkeypatch):
    read = []
    monkeypatch.setattr(
        client.httpx,
        "create_ssl_context",
        lambda made=client.httpx.create_ssl_context: read.append(made()) or read[-1],
    )
    client._trust.cache_clear()
    with serve() as server:
        for _ in range(3):
            c = IntercomConnector(auth_config=IntercomAuthConfig(TOKEN), base_url=server.url)
            assert len(c.sync.teams.list()) == 6
            c.sync.close()
    [context] = read
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
