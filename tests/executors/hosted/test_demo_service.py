"""The demo's hosted API, asked by a plain HTTP client: strict, in both generations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, DemoServer, DemoWorkspace
from intercom_nb.demo.airbyte.api import CONNECTOR_ID, DEFINITION_ID
from intercom_nb.demo.airbyte.tokens import ORGANIZATION_ID

from .conftest import Clock

CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
TOKEN = {1: "/api/v1/applications/token", 2: "/api/v1/account/applications/token"}
SCOPED = {1: "/api/v1/embedded/scoped-token", 2: "/api/v1/account/applications/scoped-token"}
CREATE = {1: "/v1/integrations/connectors", 2: "/api/v1/integrations/connectors"}
EXECUTE = {
    1: f"/api/v1/connectors/sources/{CONNECTOR_ID}/execute",
    2: f"/api/v1/integrations/connectors/{CONNECTOR_ID}/execute",
}
TENANT = {1: "external_user_id", 2: "workspace_name"}
LIST = {"entity": "teams", "action": "list", "params": {}}
both = pytest.mark.parametrize("generation", [1, 2])


class Client:
    """A client of the demo's socket that knows nothing of this package's own."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, verify=False)

    def token(self, generation: int = 2) -> str:
        return str(self.http.post(TOKEN[generation], json=CLIENT).json()["access_token"])

    def scoped(self, workspace: str = "demo", generation: int = 2) -> str:
        body = {"workspace_name": workspace}
        answer = self.post(SCOPED[generation], body, self.token(generation))
        return str(answer.json()["token"])

    def post(self, path: str, body: Any, token: str | None = None, **more: str) -> httpx.Response:
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **more}
        return self.http.post(path, json=body, headers=headers)

    def get(self, path: str, token: str, **query: str) -> httpx.Response:
        return self.http.get(path, params=query, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def server(clock: Clock) -> Iterator[DemoServer]:
    with DemoServer(workspace=DemoWorkspace(rate_limit=None, clock=clock)) as server:
        yield server


@pytest.fixture(scope="module")
def client(server: DemoServer) -> Iterator[Client]:
    client = Client(server.url)
    yield client
    client.http.close()


def _connector(generation: int, **changes: Any) -> dict[str, Any]:
    body = {
        TENANT[generation]: "demo-create",
        "connector_type": "intercom",
        "name": "mine",
        "credentials": {"access_token": "demo"},
        "replication_config": {"start_date": "2026-01-01T00:00:00Z"},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


@both
def test_service_executes_on_a_connector_when_it_was_just_created(
    client: Client, generation: int
) -> None:
    scoped = client.scoped("demo-create", generation)
    made = client.post(CREATE[generation], _connector(generation), scoped)
    assert made.status_code == 200
    path = EXECUTE[generation].replace(CONNECTOR_ID, made.json()["id"])
    for token in (scoped, client.token(generation)):
        answer = client.post(path, LIST, token)
        assert answer.status_code == 200
        assert len(answer.json()["result"]) == 6
        assert ("status" in answer.json()) is (generation == 2)


def test_token_response_has_the_documented_fields_when_the_client_is_valid(client: Client) -> None:
    first, second = (client.http.post(TOKEN[g], json=CLIENT).json() for g in (1, 2))
    assert set(first) == {"access_token"}
    assert {k: v for k, v in second.items() if k != "access_token"} == {
        "token_type": "bearer",
        "expires_in": 900,
        "organization_id": ORGANIZATION_ID,
    }


@both
@pytest.mark.parametrize("changed", ["client_id", "client_secret"])
def test_token_is_refused_when_the_client_is_wrong(
    client: Client, generation: int, changed: str
) -> None:
    answer = client.post(TOKEN[generation], {**CLIENT, changed: "wrong"})
    assert answer.status_code == 401
    assert answer.json() == {"detail": "Invalid authentication credentials"}


@both
@pytest.mark.parametrize(
    ("body", "location", "kind"),
    [
        ({"client_id": CLIENT_ID}, "client_secret", "missing"),
        ({**CLIENT, "scope": "x"}, "scope", "extra_forbidden"),
        ({**CLIENT, "client_id": 5}, "client_id", "string_type"),
    ],
)
def test_token_is_refused_when_the_body_is_wrong(
    client: Client, generation: int, body: Any, location: str, kind: str
) -> None:
    answer = client.post(TOKEN[generation], body)
    assert answer.status_code == 422
    assert [(d["loc"], d["type"]) for d in answer.json()["detail"]] == [(["body", location], kind)]


@pytest.mark.parametrize("content", [b"", b"[]", b"not json", b'"text"'])
def test_request_is_refused_when_the_body_is_not_an_object(client: Client, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    assert client.http.post(TOKEN[2], content=content, headers=headers).status_code == 422


def test_request_is_refused_when_the_body_is_not_declared_as_json(client: Client) -> None:
    assert client.http.post(TOKEN[2], content=b"{}").status_code == 422


@both
@pytest.mark.parametrize("token", [None, "wrong", ""])
def test_request_is_refused_when_the_token_is_missing_or_wrong(
    client: Client, generation: int, token: str | None
) -> None:
    answer = client.post(EXECUTE[generation], LIST, token)
    assert (answer.status_code, answer.json()) == (
        401,
        {"detail": "Invalid authentication credentials"},
    )


@both
def test_token_is_refused_when_it_has_expired(
    client: Client, clock: Clock, generation: int
) -> None:
    application, scoped = client.token(generation), client.scoped("demo", generation)
    clock.now += 15 * 60 - 1
    assert client.post(EXECUTE[generation], LIST, application).status_code == 200
    clock.now += 1
    assert client.post(EXECUTE[generation], LIST, application).status_code == 401
    assert client.post(EXECUTE[generation], LIST, scoped).status_code == 200
    clock.now += 5 * 60
    assert client.post(EXECUTE[generation], LIST, scoped).status_code == 401


@both
def test_scoped_token_is_refused_when_the_workspace_is_another(
    client: Client, generation: int
) -> None:
    other = client.scoped("another", generation)
    assert client.post(EXECUTE[generation], LIST, other).status_code == 403
    mine = client.post(CREATE[generation], _connector(generation), other)
    assert mine.status_code == 403
    assert client.post(SCOPED[generation], {"workspace_name": "x"}, other).status_code == 403
    info = client.get(f"{SCOPED[generation]}/info", other).json()
    assert info["workspace_name"] == "another"


@both
@pytest.mark.parametrize(
    ("changes", "location"),
    [
        ({"credentials": None}, "credentials"),
        ({"credentials": {"access_token": "demo", "auth_type": "token"}}, "auth_type"),
        ({"credentials": {}}, "access_token"),
        ({"replication_config": None}, "replication_config"),
        ({"replication_config": {}}, "start_date"),
        ({"replication_config": {"start_date": "2026-01-01"}}, "start_date"),
        ({"workspace_id": "x"}, "workspace_id"),
    ],
)
def test_connector_is_refused_when_it_is_invalid(
    client: Client, generation: int, changes: Any, location: str
) -> None:
    body = _connector(generation, **changes)
    answer = client.post(CREATE[generation], body, client.token(generation))
    assert answer.status_code == 422
    assert location in [d["loc"][-1] for d in answer.json()["detail"]]


@both
def test_connector_error_names_both_tenant_fields_when_the_generation_has_another(
    client: Client, generation: int
) -> None:
    wrong = _connector(3 - generation)
    answer = client.post(CREATE[generation], wrong, client.token(generation))
    assert answer.status_code == 422
    wanted = {TENANT[1], TENANT[2]}
    assert {d["loc"][-1] for d in answer.json()["detail"]} == wanted


def test_connector_is_refused_when_its_type_is_another(client: Client) -> None:
    body = _connector(2, connector_type="Stripe")
    assert client.post(CREATE[2], body, client.token()).status_code == 400


def test_connectors_are_found_when_type_and_workspace_match(client: Client) -> None:
    token = client.token()
    first = client.get(
        "/api/v1/connectors/connectors_for_user",
        token,
        external_user_id="demo",
        definition_id=DEFINITION_ID,
    ).json()
    second = client.get(CREATE[2], token, workspace_name="demo", definition_id=DEFINITION_ID).json()
    assert [c["id"] for c in first["connectors"]] == [CONNECTOR_ID]
    assert [c["id"] for c in second["data"]] == [CONNECTOR_ID]
    assert client.get(CREATE[2], token, workspace_name="demo", definition_id="x").json() == {
        "data": []
    }
    missing = client.get("/api/v1/connectors/connectors_for_user", token)
    assert missing.status_code == 422
    names = client.get("/api/v1/workspaces", token, name_contains="dem").json()["data"]
    assert "demo" in [w["name"] for w in names]


@both
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"entity": "teams"}, 422),
        ({**LIST, "params": None}, 200),
        ({**LIST, "params": []}, 422),
        ({**LIST, "unknown": 1}, 422),
        ({**LIST, "params": {"unknown": 1}}, 422),
        ({"entity": "contacts", "action": "list", "params": {"per_page": "5"}}, 422),
        ({"entity": "contacts", "action": "get", "params": {}}, 422),
        ({"entity": "contacts", "action": "get", "params": {"id": "no-such"}}, 404),
        ({"entity": "contacts", "action": "search", "params": {}}, None),
        ({"entity": "tickets", "action": "list"}, 400),
        ({"entity": "*", "action": "check", "params": {}}, 200),
    ],
)
def test_execute_responds_with_the_documented_status_when_the_body_varies(
    client: Client, generation: int, body: Any, status: int | None
) -> None:
    # "search" is the first generation's word for the context store, and needs a query.
    status = status or {1: 422, 2: 400}[generation]
    answer = client.post(EXECUTE[generation], body, client.token(generation))
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "more",
    [
        {"select_fields": ["id"]},
        {"exclude_fields": ["type"]},
        {"skip_truncation": True},
        {"intent": "why"},
    ],
)
def test_parameters_are_refused_when_the_generation_is_the_first(
    client: Client, more: dict[str, Any]
) -> None:
    token = client.token()
    assert client.post(EXECUTE[2], {**LIST, **more}, token).status_code == 200
    assert client.post(EXECUTE[1], {**LIST, **more}, token).status_code == 422


def test_organization_is_refused_when_it_belongs_to_another_client(client: Client) -> None:
    token = client.token()
    named = {"X-Organization-Id": ORGANIZATION_ID}
    foreign = {"X-Organization-Id": "0" * 8}
    assert client.post(EXECUTE[2], LIST, token, **named).status_code == 200
    assert client.post(EXECUTE[2], LIST, token, **foreign).status_code == 403


def test_request_is_refused_when_the_route_or_method_is_unknown(client: Client) -> None:
    token = client.token()
    assert client.get("/api/v1/no/such", token).json() == {"detail": "Not Found"}
    assert client.get(TOKEN[2], token).status_code == 405
    assert client.post(EXECUTE[2].replace(CONNECTOR_ID, "x"), LIST, token).status_code == 404


def test_execute_responds_429_when_the_rate_limit_of_intercom_is_reached(clock: Clock) -> None:
    with DemoServer(workspace=DemoWorkspace(rate_limit=1, clock=clock)) as server:
        client = Client(server.url)
        token = client.token()
        assert client.post(EXECUTE[2], LIST, token).status_code == 200
        refused = client.post(EXECUTE[2], LIST, token)
        client.http.close()
    assert refused.status_code == 429
    assert refused.headers["retry-after"].isdigit()


def test_service_returns_the_same_bytes_when_calls_are_the_same() -> None:
    answers = []
    for _ in range(2):
        with DemoServer() as server:
            client = Client(server.url)
            token = client.token()
            answers.append((token, client.post(EXECUTE[2], LIST, token).content))
            client.http.close()
    assert answers[0] == answers[1]
