"""The sync side offers what it can, and says where the rest is."""

from __future__ import annotations

import pytest
from scripted_server import demo_connector

from intercom_nb import connect
from intercom_nb.errors import ConfigurationError


def test_sync_has_whoami_and_check() -> None:
    c = demo_connector()
    assert c.sync.whoami().workspace == c.whoami().workspace
    assert c.sync.check()


@pytest.mark.parametrize("name", ["describe", "find", "entities", "rate", "mode", "submit"])
def test_sync_names_the_connector_when_only_that_has_an_attribute(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"use it without sync: c\.{name}"):
        getattr(demo_connector().sync, name)


@pytest.mark.parametrize("mode", ["direct", "hosted"])
def test_connect_raises_when_the_region_of_the_demo_does_not_exist(mode: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        connect("demo", mode=mode, region="mars")
