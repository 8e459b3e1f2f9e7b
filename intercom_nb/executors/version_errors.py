"""Errors about API versions: what a version lacks, and what is not a version."""

from __future__ import annotations

import re

from ..catalog.model import DEFAULT_VERSION, Operation, Parameter, order
from ..errors import ConfigurationError, UnsupportedError


def absent(what: str, item: Operation | Parameter, version: str) -> UnsupportedError:
    """Build the error for an operation or a parameter that a version lacks."""
    since, until = item.since, item.until
    if since is not None and order(version) < order(since):
        return UnsupportedError(
            f"{what} needs API version {since}; this connector uses {version}. "
            f"Create it with version={since!r}."
        )
    return UnsupportedError(
        f"{what} ended with API version {until}; this connector uses {version}. "
        f"Create it with an earlier version, such as version={DEFAULT_VERSION!r}."
    )


def checked_version(version: object) -> str:
    """Return a version; raise ConfigurationError if it is not valid."""
    if isinstance(version, str) and re.fullmatch(r"\d+\.\d+|Preview|Unstable", version):
        return version
    raise ConfigurationError(
        f"version must be text like '2.15' or 'Preview', not {version!r}"
        + (" (2.10 and 2.1 are the same number)." if isinstance(version, float) else ".")
    )
