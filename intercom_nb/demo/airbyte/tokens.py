"""Tokens of the hosted API: issue, check, revoke."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable
from typing import NamedTuple

from intercom_nb.demo.airbyte.http import HostedError, denied, unauthenticated
from intercom_nb.demo.messages import DemoRequest
from intercom_nb.demo.settings import CLIENT_ID, CLIENT_SECRET

ORGANIZATION_ID = "6f1d2a0c-3b7e-4c55-9a41-0d3a5e8f7c21"
APPLICATION_LIFE = 15 * 60
SCOPED_LIFE = 20 * 60


class Grant(NamedTuple):
    """Scope of a token: one workspace or all (None), and its expiry in unix seconds."""

    workspace: str | None
    expires_at: float


class TokenService:
    """Issue and check tokens; `organizations` are the ids that the client belongs to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.organizations: tuple[str, ...] = (ORGANIZATION_ID,)
        self.issued = 0
        self._clock = clock
        self._grants: dict[str, Grant] = {}

    def login(self, client_id: str, client_secret: str) -> str:
        """Return a new application token for the demo's client."""
        right_id = hmac.compare_digest(client_id.encode(), CLIENT_ID.encode())
        right_secret = hmac.compare_digest(client_secret.encode(), CLIENT_SECRET.encode())
        if not (right_id and right_secret):
            raise unauthenticated()
        return self.issue("application", None, APPLICATION_LIFE)

    def issue(self, kind: str, workspace: str | None, life: float) -> str:
        """Return a new token."""
        self.issued += 1
        # Counted instead of random, so that two runs of the same calls return the same bytes.
        token = f"demo-{kind}-{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {self.issued}')}"
        self._grants[token] = Grant(workspace, self._clock() + life)
        return token

    def revoke_all(self) -> None:
        """Revoke all tokens, as if they had expired early."""
        self._grants.clear()

    def check(self, request: DemoRequest) -> Grant:
        """Return the grant of a request's token, or raise an error."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._grants.get(token.strip())
        if scheme.lower() != "bearer" or grant is None or grant.expires_at <= self._clock():
            raise unauthenticated()
        return grant

    def check_application(self, request: DemoRequest) -> None:
        """Raise an error if the token is limited to one workspace."""
        if self.check(request).workspace is not None:
            raise denied()

    def check_organization(self, request: DemoRequest) -> None:
        """Raise an error for a foreign organization, or a missing one if there are several."""
        named = request.headers.get("x-organization-id")
        if named is None and len(self.organizations) > 1:
            raise HostedError(
                400, "You belong to several organizations: specify target organization"
            )
        if named is not None and named not in self.organizations:
            raise denied()
