"""Hosted API of the demo workspace, in both of its generations."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from intercom_nb.demo.airbyte import context_store, skills
from intercom_nb.demo.airbyte.execute import cut_texts, exclude, execute, select
from intercom_nb.demo.airbyte.http import (
    HostedError,
    check_body,
    check_fields,
    denied,
    invalid,
    reply,
)
from intercom_nb.demo.airbyte.tokens import (
    APPLICATION_LIFE,
    ORGANIZATION_ID,
    SCOPED_LIFE,
    TokenService,
)
from intercom_nb.demo.airbyte.workflows import ROUTE, WorkflowService, workspace_id
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.settings import TOKEN, WORKSPACE_NAME
from intercom_nb.demo.store import Store

DEFINITION_ID = "d8313939-3782-41b0-be29-b3ca20d8dd3a"
CONNECTOR_ID = "0b5f3c6e-9d1a-4f27-8c44-de30a1b2c3d4"
_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
_MAX_INTENT = 512
_SEARCHES = {1: "search", 2: "context_store_search"}


class Connector(NamedTuple):
    """A hosted connector: its workspace and the Intercom token it stores."""

    id: str
    name: str
    workspace: str
    token: str
    created_at: str


Handler = Callable[["AirbyteService", DemoRequest, str], DemoResponse]


class AirbyteService:
    """Serve the hosted API; operations run on the demo's Intercom API.

    `tokens` issues and checks tokens. `connectors` holds the connectors by id, at first one for
    the workspace `demo`.
    """

    def __init__(
        self,
        store: Store,
        intercom: Callable[[DemoRequest], DemoResponse],
        clock: Callable[[], float],
    ) -> None:
        self.tokens = TokenService(clock)
        self.workspaces = {WORKSPACE_NAME}
        made = dt.datetime.fromtimestamp(NOW, dt.UTC).isoformat()
        first = Connector(CONNECTOR_ID, "intercom - demo", WORKSPACE_NAME, TOKEN, made)
        self.connectors = {first.id: first}
        self.workflows = WorkflowService()
        self._created = 0
        self._store = store
        self._intercom = intercom

    def can_handle(self, path: str) -> bool:
        """Return whether the hosted API serves a path."""
        return path.startswith(("/api/v1/", "/v1/"))

    def respond(self, request: DemoRequest) -> DemoResponse:
        """Return the response to one request, or an error response."""
        try:
            return self._dispatch(request)
        except HostedError as error:
            return error.response()

    def _dispatch(self, request: DemoRequest) -> DemoResponse:
        is_known = False
        for method, path, handler in _ROUTES:
            found = re.fullmatch(path, request.path)
            if found is not None and method == request.method:
                return handler(self, request, found.group(found.re.groups))
            is_known = is_known or found is not None
        raise HostedError(405, "Method Not Allowed") if is_known else HostedError(404, "Not Found")

    def token(self, request: DemoRequest, generation: int) -> DemoResponse:
        """Exchange a client id and secret for an application token."""
        body = check_body(request, {"client_id": str, "client_secret": str})
        token = self.tokens.login(body["client_id"], body["client_secret"])
        if generation == 1:
            return reply({"access_token": token})
        more = {"token_type": "bearer", "expires_in": APPLICATION_LIFE}
        return reply({"access_token": token, **more, "organization_id": ORGANIZATION_ID})

    def scoped_token(self, request: DemoRequest, generation: int) -> DemoResponse:
        """Exchange an application token for a token limited to one workspace."""
        self._check_caller(request, generation)
        body = check_body(request, {"workspace_name": str, "region_id?": str})
        self.workspaces.add(body["workspace_name"])
        return reply({"token": self.tokens.issue("scoped", body["workspace_name"], SCOPED_LIFE)})

    def scoped_token_info(self, request: DemoRequest, generation: int) -> DemoResponse:
        """Return the workspace that a scoped token is limited to."""
        grant = self.tokens.check(request)
        if grant.workspace is None:
            raise denied()
        return reply({"organization_id": ORGANIZATION_ID, "workspace_name": grant.workspace})

    def create(self, request: DemoRequest, generation: int) -> DemoResponse:
        """Create a connector."""
        tenant = _tenant(generation)
        if generation == 2:
            self.tokens.check_organization(request)
        grant = self.tokens.check(request)
        body = check_body(
            request,
            {
                tenant: str,
                "connector_type?": str,
                "definition_id?": str,
                "name?": str,
                "source_template_id?": str,
                "credentials": dict,
                "replication_config": dict,
            },
        )
        check_fields("credentials", body["credentials"], {"access_token": str})
        config = check_fields("replication_config", body["replication_config"], {"start_date": str})
        if not _UTC.fullmatch(config["start_date"]):
            text = "Input should be in the form YYYY-MM-DDTHH:mm:ssZ"
            raise invalid("replication_config", "start_date", text, "value_error")
        kind, definition = body.get("connector_type"), body.get("definition_id")
        if (kind or "").lower() != "intercom" and definition != DEFINITION_ID:
            raise HostedError(400, "connector_type or definition_id does not name a connector")
        if grant.workspace not in (None, body[tenant]):
            raise denied()
        return reply(_shown(self._add(body[tenant], body)))

    def _add(self, workspace: str, body: dict[str, Any]) -> Connector:
        self._created += 1
        made = Connector(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"connector {self._created}")),
            name=body.get("name") or f"intercom - {workspace}",
            workspace=workspace,
            token=body["credentials"]["access_token"],
            created_at=dt.datetime.fromtimestamp(NOW + self._created, dt.UTC).isoformat(),
        )
        self.workspaces.add(workspace)
        self.connectors[made.id] = made
        return made

    def list(self, request: DemoRequest, generation: int) -> DemoResponse:
        """List the connectors of a workspace."""
        self._check_caller(request, generation)
        tenant = _tenant(generation)
        optional = "" if generation == 1 else "?"
        fields = {f"{tenant}{optional}": str, f"definition_id{optional}": str}
        query = check_fields("query", dict(request.pairs()), fields)
        found = [
            connector
            for connector in self.connectors.values()
            if query.get(tenant, connector.workspace) == connector.workspace
            and query.get("definition_id", DEFINITION_ID) == DEFINITION_ID
        ]
        if generation == 1:
            return reply({"connectors": [{"id": c.id, "name": c.name} for c in found]})
        return reply({"data": [_shown(connector) for connector in found]})

    def list_instances(self, request: DemoRequest, key: str) -> DemoResponse:
        """List the connectors of a user, as the oldest clients request it."""
        response = self.list(request, 1)
        return reply({"instances": msgspec.json.decode(response.body)["connectors"]})

    def list_skills(self, request: DemoRequest, key: str) -> DemoResponse:
        """List the skill documents."""
        self._check_caller(request, 2)
        return reply({"data": [skills.metadata()], "next_cursor": None})

    def read_skill(self, request: DemoRequest, key: str) -> DemoResponse:
        """Return one section of a skill document."""
        self._check_caller(request, 2)
        query = check_fields("query", dict(request.pairs()), {"id": str, "section?": str})
        return reply(skills.read(query["id"], query.get("section")))

    def inspect(self, request: DemoRequest, key: str) -> DemoResponse:
        """Return the details of a connector."""
        self._check_caller(request, 2)
        connector = self._connector(key)
        stored = context_store.ENTITIES
        return reply(
            {
                "connector_id": connector.id,
                "name": connector.name,
                "workspace_id": workspace_id(connector.workspace),
                "organization_id": ORGANIZATION_ID,
                "source_definition_id": DEFINITION_ID,
                "source_definition_name": "Intercom",
                "docs_skill_id": skills.SKILL_ID,
                "context_store_readiness": {
                    "supported_context_store_entities": [{"entity": name} for name in stored],
                    "configured_cache_entities": list(stored),
                },
                "warnings": [],
            }
        )

    def delete(self, request: DemoRequest, key: str) -> DemoResponse:
        """Delete a connector. The API accepts (202) before the deletion is complete."""
        self._check_caller(request, 2)
        del self.connectors[self._connector(key).id]
        return DemoResponse(202, {"Content-Type": "application/json"}, b"")

    def list_workspaces(self, request: DemoRequest, key: str) -> DemoResponse:
        """List the workspaces whose names contain a text."""
        self._check_caller(request, 2)
        query = check_fields("query", dict(request.pairs()), {"name_contains?": str})
        names = [n for n in sorted(self.workspaces) if query.get("name_contains", "") in n]
        found = [
            {
                "id": workspace_id(name),
                "name": name,
                "organization_id": ORGANIZATION_ID,
                "status": "active",
            }
            for name in names
        ]
        return reply({"data": found})

    def respond_to_workflows(self, request: DemoRequest, key: str) -> DemoResponse:
        """List, read or change workflows and their automations."""
        self._check_caller(request, 2)
        return self.workflows.respond(request, self.workspaces)

    def execute(self, request: DemoRequest, key: str, generation: int) -> DemoResponse:
        """Run one operation."""
        if generation == 2:
            self.tokens.check_organization(request)
        grant = self.tokens.check(request)
        connector = self._connector(key)
        if grant.workspace not in (None, connector.workspace):
            raise denied()
        body = check_body(request, _EXECUTE[generation])
        if len(body.get("intent") or "") > _MAX_INTENT:
            text = f"String should have at most {_MAX_INTENT} characters"
            raise invalid("body", "intent", text, "string_too_long")
        result, metadata = self._run(connector, body, generation)
        done = {"result": _shaped(result, body, generation), "connector_metadata": metadata}
        if generation == 1:
            return reply(done)
        spent = {"connector_instance_id": connector.id, "execution_time_ms": 12}
        return reply({"status": "success", **done, "warning": None, "execution_metadata": spent})

    def _run(
        self, connector: Connector, body: dict[str, Any], generation: int
    ) -> tuple[Any, dict[str, Any] | None]:
        entity, action, params = body["entity"], body["action"], body.get("params") or {}
        if (entity, action) == ("*", "check"):
            execute(self._intercom, connector.token, ("contacts", "list"), {"per_page": 1})
            return {"status": "succeeded"}, None
        if action == "context_store_sql_query" and generation == 2:
            # Imported on first use: sqlite3 is missing from some builds of Python.
            from intercom_nb.demo.airbyte.context_store_sql import run_query

            return run_query(self._store, params), None
        if action != _SEARCHES[generation]:
            return execute(self._intercom, connector.token, (entity, action), params)
        found, meta = context_store.search(self._store, entity, params)
        if generation == 2:
            return {"data": found, "meta": meta}, None
        hits = [{"id": r.get("id"), "score": 1.0, "data": r} for r in found]
        return {"hits": hits, "next_cursor": meta["cursor"], "took_ms": meta["took_ms"]}, None

    def _check_caller(self, request: DemoRequest, generation: int) -> None:
        self.tokens.check_application(request)
        if generation == 2:
            self.tokens.check_organization(request)

    def _connector(self, key: str) -> Connector:
        found = self.connectors.get(key)
        if found is None:
            raise HostedError(404, "Connector not found")
        return found


_EXECUTE: dict[int, dict[str, type | None]] = {
    1: {"entity": str, "action": str, "params?": dict},
    2: {
        "entity": str,
        "action": str,
        "params?": dict,
        "select_fields?": list,
        "exclude_fields?": list,
        "skip_truncation?": bool,
        "intent?": str,
    },
}


def _tenant(generation: int) -> str:
    return "external_user_id" if generation == 1 else "workspace_name"


def _shown(connector: Connector) -> dict[str, Any]:
    return {
        "id": connector.id,
        "name": connector.name,
        "created_at": connector.created_at,
        "updated_at": connector.created_at,
        "summarized_source_template": {"name": "Intercom"},
    }


def _shaped(result: Any, body: dict[str, Any], generation: int) -> Any:
    """Truncate long text in lists and keep the selected fields."""
    if generation == 1:
        return result
    is_search = isinstance(result, dict) and "meta" in result
    if (isinstance(result, list) or is_search) and body.get("skip_truncation") is not True:
        result = cut_texts(result)
    wanted, unwanted = body.get("select_fields"), body.get("exclude_fields")
    if wanted or unwanted:

        def shape(record: dict[str, Any]) -> dict[str, Any]:
            return select(record, wanted) if wanted else exclude(record, unwanted or [])

        if is_search:
            return {**result, "data": [shape(record) for record in result["data"]]}
        return [shape(r) for r in result] if isinstance(result, list) else shape(result)
    return result


def _in(generation: int, name: str) -> Handler:
    def handler(service: AirbyteService, request: DemoRequest, key: str) -> DemoResponse:
        response: DemoResponse = getattr(service, name)(request, generation)
        return response

    return handler


def _execute_in(generation: int) -> Handler:
    return lambda service, request, key: service.execute(request, key, generation)


_METHODS = ("GET", "POST", "PATCH", "DELETE")
_ROUTES: list[tuple[str, str, Handler]] = [
    ("POST", "/api/v1/applications/token", _in(1, "token")),
    ("POST", "/api/v1/embedded/scoped-token", _in(1, "scoped_token")),
    ("GET", "/api/v1/embedded/scoped-token/info", _in(1, "scoped_token_info")),
    ("POST", "/v1/integrations/connectors", _in(1, "create")),
    ("GET", "/api/v1/connectors/connectors_for_user", _in(1, "list")),
    ("POST", "/api/v1/connectors/sources/([^/]+)/execute", _execute_in(1)),
    # The oldest published client, airbyte-agent-intercom 0.1.3, has these two instead.
    ("GET", "/api/v1/connectors/instances_for_user", AirbyteService.list_instances),
    ("POST", "/api/v1/connectors/instances/([^/]+)/execute", _execute_in(1)),
    ("POST", "/api/v1/account/applications/token", _in(2, "token")),
    ("POST", "/api/v1/account/applications/scoped-token", _in(2, "scoped_token")),
    ("GET", "/api/v1/account/applications/scoped-token/info", _in(2, "scoped_token_info")),
    ("POST", "/api/v1/integrations/connectors", _in(2, "create")),
    ("GET", "/api/v1/integrations/connectors", _in(2, "list")),
    ("DELETE", "/api/v1/integrations/connectors/([^/]+)", AirbyteService.delete),
    ("GET", "/api/v1/integrations/connectors/([^/]+)/inspect", AirbyteService.inspect),
    ("POST", "/api/v1/integrations/connectors/([^/]+)/execute", _execute_in(2)),
    ("GET", "/api/v1/workspaces", AirbyteService.list_workspaces),
    *((m, rf"{ROUTE}(/.*)?", AirbyteService.respond_to_workflows) for m in _METHODS),
    ("GET", "/api/v1/skills", AirbyteService.list_skills),
    ("GET", "/api/v1/skills/docs", AirbyteService.read_skill),
]
