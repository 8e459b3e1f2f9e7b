"""The sync side offers what it can, and says where the rest is."""

from __future__ import annotations

import pytest
from scripted_server import demo_connector

from intercom_nb import connect
from intercom_nb.errors import ConfigurationError


def test_sync_offers_whoami_and_check() -> None:
    c = demo_connector()
    assert c.sync.whoami().workspace == c.whoami().workspace
    assert c.sync.check()


@pytest.mark.parametrize("name", ["describe", "find", "entities", "rate", "mode", "submit"])
def test_sync_names_the_place_when_only_the_connector_has_an_attribute(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"use it without sync: c\.{name}"):
        getattr(demo_connector().sync, name)


@pytest.mark.parametrize("mode", ["direct", "hosted"])
def test_demo_refuses_a_region_when_it_does_not_exist(mode: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        connect("demo", mode=mode, region="mars")
