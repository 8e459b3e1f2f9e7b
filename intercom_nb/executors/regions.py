"""Regions of Intercom's API and their addresses."""

from __future__ import annotations

from ..errors import ConfigurationError, did_you_mean

REGIONS = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}


def region_url(region: str) -> str:
    """Return the address of the API in a region; raise ConfigurationError for an unknown one."""
    try:
        return REGIONS[region.strip().lower()]
    except (KeyError, AttributeError):
        raise ConfigurationError(
            f"{region!r} is not a valid region.{did_you_mean(str(region), REGIONS)}"
        ) from None
