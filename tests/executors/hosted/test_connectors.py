"""Hosted connectors: made, looked up, listed, inspected and deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import httpx
import pytest

from intercom_nb import IntercomConnector, catalog, connect
from intercom_nb.demo import DemoTransport
from intercom_nb.demo.airbyte.tokens import ORGANIZATION_ID
from intercom_nb.errors import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    NotFoundError,
    PermissionDeniedError,
    UnsupportedError,
    WritesNotAllowedError,
)
from intercom_nb.models import (
    AirbyteAuthConfig,
    IntercomAuthConfig,
    IntercomReplicationConfig,
)

from .conftest import NO_WAIT, Hosted

SINCE = IntercomReplicationConfig(start_date="2026-01-01T00:00:00Z")


async def _create(hosted: Hosted, generation: int = 2, **more: Any) -> IntercomConnector:
    tenant = "external_user_id" if generation == 1 else "workspace_name"
    more.setdefault("auth_config", IntercomAuthConfig(access_token="demo"))
    more.setdefault("replication_config", SINCE)
    return await IntercomConnector.create_hosted(
        **{tenant: "acme"},
        airbyte_client_id="demo-client",
        airbyte_client_secret="demo-secret",
        airbyte_api_url="https://hosted.test",
        airbyte_auth_url="https://hosted.test",
        http=DemoTransport(hosted.workspace),
        retry=NO_WAIT,
        **more,
    )


@pytest.mark.parametrize("generation", [1, 2])
async def test_create_hosted_returns_a_working_connector_when_either_generation_is_used(
    hosted: Hosted, generation: int
) -> None:
    c = await _create(hosted, generation, name="my intercom")
    create = {1: "/v1/integrations/connectors", 2: "/api/v1/integrations/connectors"}[generation]
    tenant = {1: "external_user_id", 2: "workspace_name"}[generation]
    assert f"POST {create}" in hosted.paths()
    assert hosted.body(create) == {
        tenant: "acme",
        "connector_type": "Intercom",
        "name": "my intercom",
        "credentials": {"access_token": "demo"},
        "replication_config": {"start_date": "2026-01-01T00:00:00Z"},
    }
    assert hosted.headers(create)["authorization"].startswith("Bearer demo-scoped-")
    assert len(await c.teams.list()) == 6
    assert not any(p.startswith("GET") for p in hosted.paths())  # its id is known already


async def test_scoped_token_is_requested_for_the_workspace_when_a_connector_is_created(
    hosted: Hosted,
) -> None:
    await _create(hosted)
    assert hosted.body("/scoped-token") == {"workspace_name": "acme"}
    token = await hosted.connector().hosted.scoped_token()
    assert token.reveal().startswith("demo-scoped-")
    assert token.reveal() not in repr(token)


async def test_create_hosted_is_sent_once_when_the_service_fails(hosted: Hosted) -> None:
    hosted.workspace.inject(status=503, path_prefix="/api/v1/integrations/connectors")
    with pytest.raises(Exception, match="It may have taken effect"):
        await _create(hosted)
    assert sum(p == "POST /api/v1/integrations/connectors" for p in hosted.paths()) == 1


async def test_hosted_call_raises_when_intercom_refuses_the_stored_token(hosted: Hosted) -> None:
    c = await _create(hosted, auth_config=IntercomAuthConfig("bm90LXRoZS10b2tlbg"))
    with pytest.raises(AuthenticationError, match="Intercom"):
        await c.teams.list()


@pytest.mark.parametrize(
    ("auth_config", "replication_config"),
    [
        (None, SINCE),
        (IntercomAuthConfig("demo"), None),
        (IntercomAuthConfig("demo"), {"start_date": "2026-01-01T00:00:00Z"}),
        (AirbyteAuthConfig("a", "b"), SINCE),
    ],
)
async def test_create_hosted_is_refused_when_an_argument_is_missing_or_of_another_type(
    hosted: Hosted, auth_config: Any, replication_config: Any
) -> None:
    with pytest.raises(ConfigurationError, match="create_hosted requires"):
        await _create(hosted, auth_config=auth_config, replication_config=replication_config)
    assert not hosted.paths()


@pytest.mark.parametrize("generation", [1, 2])
async def test_connector_error_names_create_hosted_when_none_exists(
    hosted: Hosted, generation: int
) -> None:
    tenant = "external_user_id" if generation == 1 else "workspace_name"
    c = hosted.connector(generation, **{tenant: "nobody"})
    with pytest.raises(ConfigurationError, match=rf"for {tenant} 'nobody'.*create_hosted"):
        await c.teams.list()


async def test_connector_error_lists_the_ids_when_several_exist(hosted: Hosted) -> None:
    one, two = await _create(hosted, name="first"), await _create(hosted, name="second")
    ids = [c._executor.details["connector_id"] for c in (one, two)]
    c = hosted.connector(workspace_name="acme")
    with pytest.raises(ConfigurationError, match="connector_id=") as caught:
        await c.teams.list()
    assert all(i in str(caught.value) for i in ids)
    assert "second" in str(caught.value)
    chosen = hosted.connector(workspace_name="acme", connector_id=ids[1])
    assert len(await chosen.teams.list()) == 6


async def test_connector_is_not_looked_up_when_its_id_is_given(hosted: Hosted) -> None:
    known = await _create(hosted)
    connector_id = known._executor.details["connector_id"]
    hosted.workspace.requests.clear()
    c = hosted.connector(connector_id=connector_id)
    await c.teams.list()
    assert [p.rpartition("/")[2] for p in hosted.paths()] == ["token", "execute"]


async def test_connector_id_raises_not_found_when_it_is_unknown(hosted: Hosted) -> None:
    with pytest.raises(NotFoundError, match=r"Connector not found.*connector's id"):
        await hosted.connector(connector_id="no-such-id").teams.list()


async def test_connector_id_is_escaped_in_the_path_when_it_has_slashes() -> None:
    paths = []

    def handler(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.raw_path)
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "t"})
        return httpx.Response(200, json={"result": []})

    c = IntercomConnector(
        connector_id="../x/y?z",
        airbyte_client_id="a",
        airbyte_client_secret="b",
        http=httpx.MockTransport(handler),
    )
    await c.teams.list()
    assert paths[-1] == b"/api/v1/integrations/connectors/..%2Fx%2Fy%3Fz/execute"


async def test_hosted_connector_is_listed_inspected_and_deleted_when_writes_are_allowed(
    hosted: Hosted,
) -> None:
    made = await _create(hosted, allow_writes=True)
    listed = await made.hosted.list()
    assert listed["name"].tolist() == ["intercom - acme"]
    inspected = await made.hosted.inspect()
    assert inspected["connector_id"].tolist() == listed["id"].tolist()
    assert inspected["source_definition_name"].tolist() == ["Intercom"]
    await made.hosted.delete(listed["id"].iloc[0])
    assert len(await made.hosted.list()) == 0


async def test_hosted_delete_is_refused_when_the_connector_is_read_only(hosted: Hosted) -> None:
    with pytest.raises(WritesNotAllowedError, match="allow_writes"):
        await hosted.connector().hosted.delete("x")
    assert not hosted.paths()


async def test_inspect_is_refused_when_the_generation_is_the_first(hosted: Hosted) -> None:
    with pytest.raises(UnsupportedError, match="generation=2"):
        await hosted.connector(1).hosted.inspect()


async def test_hosted_list_is_refused_when_the_mode_is_direct() -> None:
    c = IntercomConnector(auth_config=IntercomAuthConfig("demo"))
    with pytest.raises(UnsupportedError, match="direct mode"):
        await c.hosted.list()


class TestOrganization:
    async def test_organization_is_sent_with_every_call_when_it_is_given(
        self, hosted: Hosted
    ) -> None:
        await hosted.connector(organization_id=ORGANIZATION_ID).teams.list()
        sent = [r.headers.get("x-organization-id") for r in hosted.workspace.requests]
        assert sent[1:] == [ORGANIZATION_ID] * 2

    async def test_call_raises_when_the_client_has_several_organizations_and_none_is_given(
        self, hosted: Hosted
    ) -> None:
        hosted.workspace.airbyte.tokens.organizations = (ORGANIZATION_ID, "another")
        with pytest.raises(BadRequestError, match="specify target organization"):
            await hosted.connector().teams.list()

    async def test_organization_is_refused_when_it_belongs_to_another_client(
        self, hosted: Hosted
    ) -> None:
        with pytest.raises(PermissionDeniedError, match="organization_id"):
            await hosted.connector(organization_id="foreign").teams.list()

    async def test_organization_is_read_from_the_environment_when_none_is_given(
        self, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AIRBYTE_ORGANIZATION_ID", ORGANIZATION_ID)
        await hosted.connector().teams.list()
        assert hosted.headers("/execute")["x-organization-id"] == ORGANIZATION_ID

    def test_organization_is_refused_when_the_generation_is_the_first(self) -> None:
        with pytest.raises(ConfigurationError, match="generation 2"):
            IntercomConnector(
                airbyte_client_id="a",
                airbyte_client_secret="b",
                organization_id="o",
                generation=1,
            )


class TestChoice:
    """Which mode and generation is meant, by what is given."""

    CLIENT: ClassVar = {"airbyte_client_id": "a", "airbyte_client_secret": "b"}

    @pytest.mark.parametrize(
        ("given", "generation", "tenant"),
        [
            ({"external_user_id": "u"}, 1, "external_user_id"),
            ({"workspace_name": "w"}, 2, "workspace_name"),
            ({"external_user_id": "u", "organization_id": "o"}, 2, "workspace_name"),
            ({"external_user_id": "u", "generation": 2}, 2, "workspace_name"),
            ({"workspace_name": "w", "generation": 1}, 1, "external_user_id"),
            ({"connector_id": "c"}, 2, "workspace_name"),
            ({"connector_id": "c", "generation": 1}, 1, "external_user_id"),
        ],
    )
    def test_generation_matches_the_arguments_when_the_mode_is_hosted(
        self, given: dict[str, Any], generation: int, tenant: str
    ) -> None:
        c = IntercomConnector(**self.CLIENT, **given)
        assert c.mode == "hosted"
        assert c._executor.details["generation"] == generation
        assert tenant in c._executor.details

    def test_connector_is_hosted_when_its_auth_config_is_of_airbyte(self) -> None:
        auth = AirbyteAuthConfig(**self.CLIENT, customer_name="w")
        assert IntercomConnector(auth_config=auth)._executor.details["workspace_name"] == "w"

    def test_workspace_name_is_default_when_none_is_given(self) -> None:
        assert IntercomConnector(**self.CLIENT)._executor.details["workspace_name"] == "default"

    @pytest.mark.parametrize(
        "given",
        [
            {"auth_config": IntercomAuthConfig("t"), "workspace_name": "w"},
            {"auth_config": AirbyteAuthConfig("a", "b"), "workspace_name": "w"},
            {"auth_config": IntercomAuthConfig("t"), "generation": 2},
            {**CLIENT, "region": "eu"},
            {**CLIENT, "base_url": "https://api.intercom.io"},
            {**CLIENT, "generation": 3},
            {**CLIENT, "workspace_name": " "},
            {**CLIENT, "workspace_name": "w", "external_user_id": "u"},
            {**CLIENT, "airbyte_api_url": "http://hosted.test"},
            {},
        ],
    )
    def test_arguments_are_refused_when_they_contradict_each_other(
        self, given: dict[str, Any]
    ) -> None:
        with pytest.raises(ConfigurationError):
            IntercomConnector(**given)

    def test_requests_reach_only_the_host_of_the_service_when_the_mode_is_hosted(
        self, hosted: Hosted
    ) -> None:
        hosts = set()

        class Spy(DemoTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                hosts.add(request.url.host)
                return await super().handle_async_request(request)

        hosted.connector(http=Spy(hosted.workspace)).sync.teams.list()
        assert hosts == {"demo.intercom-nb.invalid"}


class TestStartDate:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            (dt.datetime.fromisoformat("2026-01-01T09:30:00"), "2026-01-01T09:30:00Z"),
            (dt.date(2026, 1, 1), "2026-01-01T00:00:00Z"),
            (
                dt.datetime(2026, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=2))),
                "2025-12-31T23:00:00Z",
            ),
        ],
    )
    def test_start_date_is_converted_to_utc_when_it_is_a_date_or_a_time(
        self, given: Any, kept: str
    ) -> None:
        assert IntercomReplicationConfig(start_date=given).start_date == kept

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("2026-01-01", "'2026-01-01T00:00:00Z'"),
            ("2026-01-01T00:00:00+02:00", "'2025-12-31T22:00:00Z'"),
            ("2026-01-01T00:00:00.000Z", "'2026-01-01T00:00:00Z'"),
            ("2026-02-30T00:00:00Z", "YYYY-MM-DDTHH:mm:ssZ"),
            ("yesterday", "YYYY-MM-DDTHH:mm:ssZ"),
            (1767225600, "YYYY-MM-DDTHH:mm:ssZ"),
            (None, "YYYY-MM-DDTHH:mm:ssZ"),
            (dt.datetime.fromisoformat("2026-01-01T00:00:00.000005"), "fraction of a second"),
        ],
    )
    def test_start_date_is_refused_when_it_has_another_format(self, given: Any, said: str) -> None:
        with pytest.raises(ConfigurationError, match="start_date") as caught:
            IntercomReplicationConfig(start_date=given)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: IntercomAuthConfig(oauth=True),
        lambda: IntercomAuthConfig(client_id="x", client_secret="y", refresh_token="z"),
        lambda: IntercomAuthConfig(access_token="t", auth_type="oauth2"),
        lambda: AirbyteAuthConfig("a", "b", server_side_oauth_secret_id="s"),
    ],
)
def test_auth_config_is_refused_when_it_asks_for_oauth(ask: Any) -> None:
    with pytest.raises(UnsupportedError, match=r"OAuth .*not available for this connector"):
        ask()


async def test_create_hosted_is_refused_when_it_asks_for_oauth(hosted: Hosted) -> None:
    with pytest.raises(UnsupportedError, match="OAuth"):
        await _create(hosted, server_side_oauth_secret_id="s")


@pytest.mark.parametrize(
    "entity", [e for e in catalog.entities() if "search" in catalog.actions(e)]
)
def test_error_offers_the_context_store_only_where_it_exists_when_search_is_missing(
    entity: str,
) -> None:
    c = connect("demo", mode="hosted")
    with pytest.raises(UnsupportedError) as caught:
        c.build_request(catalog.operation(entity, "search"), {})
    offered = "context_store_search" in str(caught.value)
    assert offered == ("context_store_search" in catalog.actions(entity))
