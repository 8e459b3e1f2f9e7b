"""Python and curl equivalents of the login form, with variables instead of secrets."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from ... import catalog
from ...catalog.model import DEFAULT_VERSION
from ...credentials import ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET
from ...demo.settings import DEMO_BASE_URL, TOKEN
from ...executors.hosted.protocol import (
    DEFINITION_ID,
    GENERATIONS,
    Generation,
    create_body,
    execute_body,
)
from ..connection import Connection, format_call
from .fields import Fields, placeholder

DEMO_PORT = 8765
"""Port of the demo in generated code; any free one would do."""

_IMPORT = "import intercom_nb as inb"
_START_DATE = "<YYYY-MM-DDTHH:mm:ssZ, in UTC>"
_CLIENT_NOTE = [f"# {CLIENT_ID} and {CLIENT_SECRET} are", "# found in the environment or .env"]
_JSON = "-H 'Content-Type: application/json'"
_MARK = re.compile("\ue000(\\w+)\ue000")  # characters that the form's fields reject


def python_code(fields: Fields, wrong: Mapping[str, str]) -> str:
    """Write the cell that connects as the form does."""
    connection = Connection("direct", DEMO_BASE_URL, fields.writes)
    if fields.mode != "demo":
        connection = fields.connection(wrong)
    if fields.creates:
        return _python_create(fields, connection, wrong)
    lines = [_IMPORT, ""]
    if connection.mode == "hosted":
        lines += _CLIENT_NOTE
    lines += connection.code(writes=fields.writes, explicit=True)
    return "\n".join([*lines, "c.whoami()"])


def next_steps(form: str) -> str:
    """Write the cells that come after a login: list, explore, report.

    >>> print(next_steps("form"))
    import intercom_nb as inb
    <BLANKLINE>
    c = form.connector
    contacts = await c.contacts.list(limit=100)  # a DataFrame
    inb.explore(c)  # tables, filters and charts by mouse
    inb.report(c, "last-month")  # one page
    """
    lines = [
        f"c = {form}.connector",
        "contacts = await c.contacts.list(limit=100)  # a DataFrame",
        "inb.explore(c)  # tables, filters and charts by mouse",
        'inb.report(c, "last-month")  # one page',
    ]
    return "\n".join([_IMPORT, "", *lines])


def _python_create(fields: Fields, connection: Connection, wrong: Mapping[str, str]) -> str:
    start_date = _START_DATE if "start_date" in wrong else fields.start_date
    token, start = f'access_token=os.environ["{ACCESS_TOKEN}"]', f"start_date={start_date!r}"
    arguments = [
        *connection.hosted_options(),
        f"auth_config=IntercomAuthConfig(\n        {token}\n    )",
        f"replication_config=IntercomReplicationConfig(\n        {start}\n    )",
    ]
    if fields.name and "name" not in wrong:
        arguments.append(f"name={fields.name!r}")
    if fields.writes:
        arguments.append("allow_writes=True")
    lines = [
        "import os",
        "",
        _IMPORT,
        "from intercom_nb.models import IntercomAuthConfig, IntercomReplicationConfig",
        "",
        *_CLIENT_NOTE,
        *format_call("c = inb.IntercomConnector.sync.create_hosted", arguments),
        "c.whoami()",
    ]
    return "\n".join(lines)


def curl_code(fields: Fields, wrong: Mapping[str, str]) -> str:
    """Write the form's requests as curl commands."""
    if fields.mode == "demo":
        note = (
            "# The demo on a local port. First, in another terminal:\n"
            f"#   intercom-nb demo --port {DEMO_PORT}\n"
        )
        return note + _curl_me(f"http://127.0.0.1:{DEMO_PORT}", TOKEN)
    connection = fields.connection(wrong)
    if connection.mode == "direct":
        return _curl_me(connection.base_url, f"${ACCESS_TOKEN}")
    return "\n\n".join(_Script(connection).steps(fields, wrong))


def _curl_me(base_url: str, token: str) -> str:
    parts = [
        f"curl -sS {shlex.quote(base_url + '/me')}",
        f'-H "Authorization: Bearer {token}"',
        f"-H 'Accept: application/json' -H 'Intercom-Version: {DEFAULT_VERSION}'",
    ]
    return " \\\n  ".join(parts)


class _Script:
    """Shell script of hosted execution: each request's result goes into a variable."""

    def __init__(self, connection: Connection) -> None:
        self.generation: Generation = GENERATIONS[
            1 if "external_user_id" in connection.tenant else 2
        ]
        self.api_url = connection.base_url
        self.auth_url = connection.auth_url or self.generation.auth_url
        self.tenant = connection.tenant.get(self.generation.tenant, "default")
        self.connector_id = connection.tenant.get("connector_id")
        organization = connection.tenant.get("organization_id")
        header = f"X-Organization-Id: {organization}"
        self.more = [f"-H {shlex.quote(header)}"] if organization else []

    def steps(self, fields: Fields, wrong: Mapping[str, str]) -> list[str]:
        """Write the requests of the form's task."""
        if fields.creates:
            start_date = _START_DATE if "start_date" in wrong else fields.start_date
            name = None if "name" in wrong else fields.name or None
            return [self._application(), self._scoped(), self._create(start_date, name)]
        if self.connector_id is not None:
            return [self._application(), self._execute(self.connector_id)]
        return [self._application(), self._look_up(), self._execute(None)]

    def _application(self) -> str:
        body = {"client_id": _variable(CLIENT_ID), "client_secret": _variable(CLIENT_SECRET)}
        call = self._curl(self.auth_url + self.generation.auth_path, body=body, own=True)
        note = "# An application token, valid for 15 min"
        return f"{note}\n{_kept('token', call, 'access_token')}"

    def _scoped(self) -> str:
        url = self.api_url + self.generation.scope_path
        call = self._curl(url, "$token", {"workspace_name": self.tenant})
        note = "# A token for this workspace only"
        return f"{note}\n{_kept('scoped', call, '(access_)?token')}"

    def _create(self, start_date: str, name: str | None) -> str:
        url = self.api_url + self.generation.create
        token = _variable(ACCESS_TOKEN)
        body = create_body(self.generation, self.tenant, token, start_date, name)
        return f"# The connector\n{self._curl(url, '$scoped', body)}"

    def _look_up(self) -> str:
        query = {self.generation.tenant: self.tenant, "definition_id": DEFINITION_ID}
        url = f"{self.api_url}{self.generation.connectors}?{urlencode(query)}"
        note = f"# The Intercom connector of this {placeholder(self.generation.tenant)[1:-1]}"
        return f"{note}\n{_kept('connector', self._curl(url, '$token'), 'id')}"

    def _execute(self, connector_id: str | None) -> str:
        contacts = catalog.hosted_operation(catalog.operation("contacts", "list"))
        assert contacts is not None
        path = self.generation.execute
        known = _variable("connector") if connector_id is None else quote(connector_id, safe="")
        url = self.api_url + path.format(id=known)
        body = execute_body(self.generation, contacts, {"per_page": 1})
        return f"# Request one contact\n{self._curl(url, '$token', body)}"

    def _curl(
        self, url: str, token: str = "", body: Mapping[str, Any] | None = None, *, own: bool = False
    ) -> str:
        """Write a request; ``own`` omits the headers of the connector routes."""
        parts = [f"curl -sS {_quoted(url)}"]
        if token:
            parts.append(f'-H "Authorization: Bearer {token}"')
        parts += [] if own else self.more
        if body is not None:
            parts += [_JSON, f"-d {_quoted(json.dumps(body, ensure_ascii=False))}"]
        return " \\\n  ".join(parts)


def _kept(variable: str, call: str, key: str) -> str:
    """Write a call that stores the first value of a key in a shell variable."""
    cut = f'grep -oE \'"{key}": *"[^"]*"\' | head -n 1 | cut -d \'"\' -f 4'
    return f"{variable}=$({call} \\\n  | {cut})"


def _variable(name: str) -> str:
    """Mark a shell variable inside text that is quoted later."""
    return f"\ue000{name}\ue000"


def _quoted(text: str) -> str:
    """Quote text for a shell, which expands only the marked variables."""
    parts = _MARK.split(text)
    quoted = [
        f'"${part}"' if index % 2 else shlex.quote(part) for index, part in enumerate(parts) if part
    ]
    return "".join(quoted)
