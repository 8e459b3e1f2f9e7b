"""Hosted connectors made without ``await``."""

from __future__ import annotations

import threading
import traceback
from typing import Any

import pytest

from intercom_nb import IntercomConnector
from intercom_nb.connector.sync import SyncConnector
from intercom_nb.demo import DemoTransport
from intercom_nb.errors import AuthenticationError, UnsupportedError
from intercom_nb.models import IntercomAuthConfig, IntercomReplicationConfig
from intercom_nb.runtime.portal import portal

from .conftest import NO_WAIT, Hosted


def create(hosted: Hosted, kind: type[IntercomConnector] = IntercomConnector, **more: Any) -> Any:
    given = {
        "workspace_name": "acme",
        "airbyte_client_id": "demo-client",
        "airbyte_client_secret": "demo-secret",
        "auth_config": IntercomAuthConfig("demo"),
        "replication_config": IntercomReplicationConfig("2026-01-01T00:00:00Z"),
        "airbyte_api_url": "https://hosted.test",
        "airbyte_auth_url": "https://hosted.test",
        "http": DemoTransport(hosted.workspace),
        "retry": NO_WAIT,
    }
    return kind.sync.create_hosted(**given | more)


def test_sync_create_hosted_returns_a_working_connector_when_no_loop_runs(hosted: Hosted) -> None:
    c = create(hosted, name="my intercom", allow_writes=True)
    assert hosted.body("/api/v1/integrations/connectors")["name"] == "my intercom"
    assert c.allow_writes
    assert len(c.sync.teams.list()) == 6
    assert not any(p.startswith("GET") for p in hosted.paths())  # its id is known already


async def test_sync_create_hosted_returns_a_connector_when_a_loop_runs(hosted: Hosted) -> None:
    c = create(hosted)
    assert len(await c.teams.list()) == 6


def test_sync_create_hosted_returns_the_subclass_when_it_is_called_on_one(hosted: Hosted) -> None:
    class Mine(IntercomConnector):
        pass

    assert type(create(hosted, Mine)) is Mine
    assert repr(Mine.sync) == "Mine.sync"


def test_sync_side_is_the_same_object_when_it_is_read_again(hosted: Hosted) -> None:
    c = hosted.connector()
    assert isinstance(c.sync, SyncConnector)
    assert c.sync is c.sync
    assert c.sync is not hosted.connector().sync


def test_sync_create_hosted_raises_without_showing_the_secret_when_it_is_wrong(
    hosted: Hosted,
) -> None:
    with pytest.raises(AuthenticationError, match="401") as caught:
        create(hosted, airbyte_client_secret="s3cr3t-of-a-client")
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    frames = [line for line in trace.format() if "s3cr3t-of-a-client" in line]
    # The test's own frame has it, and no other.
    assert all("test_create_sync.py" in line for line in frames)
    with pytest.raises(UnsupportedError, match="OAuth"):
        create(hosted, refresh_token="abc")


def test_sync_create_hosted_is_refused_when_it_is_called_on_the_portal(hosted: Hosted) -> None:
    async def work() -> None:
        assert "portal" in threading.current_thread().name
        create(hosted)

    with pytest.raises(UnsupportedError, match="await"):
        portal.run(work())
