"""The configuration objects that a connector takes, by the names of Intercom's connector docs."""

from __future__ import annotations

import dataclasses

from .credentials import Secret, check_token


@dataclasses.dataclass(frozen=True, init=False)
class IntercomAuthConfig:
    """Hold the access token of an Intercom workspace.

    Raises CredentialError when the token is empty, blank or malformed; only Intercom can say
    whether it is valid. Source: the connector's "Authentication" page.

    >>> IntercomAuthConfig(access_token="dG9rOmV4YW1wbGU")
    IntercomAuthConfig(access_token=Secret('***', source='argument'))
    """

    access_token: Secret

    def __init__(self, access_token: str | Secret) -> None:
        object.__setattr__(self, "access_token", check_token(access_token))
