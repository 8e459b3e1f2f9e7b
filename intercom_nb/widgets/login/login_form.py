"""``login()``: a form that makes a connector."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from typing import Any

from ...connector.connect import connect
from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...credentials import can_remember
from ...errors import IntercomError
from ...executors.regions import REGIONS
from ...models import IntercomAuthConfig, IntercomReplicationConfig
from ...runtime.portal import portal
from ...shell import running_shell
from ..channel import Channel
from ..connection import Connection
from ..form import Form, join_scripts
from .code import curl_code, next_steps, python_code
from .fields import (
    SETTINGS,
    Fields,
    default_region,
    default_start_date,
    find_credentials,
    read_secret,
    secret_problems,
)
from .keyring import forget_credentials, remember_credentials
from .requests import LoginOutcome, create, delete, failed, look_up, use

_PLAIN = """\
This session cannot show a form. Connect in code instead:
  c = intercom_nb.connect("demo")   the demo workspace: no account, no network
  c = intercom_nb.connect()         your workspace, with the token in INTERCOM_ACCESS_TOKEN
                                    (environment variable, or a line in .env in this folder)
  c = intercom_nb.connect("hosted", workspace_name="...")
                                    through Airbyte, with AIRBYTE_CLIENT_ID and
                                    AIRBYTE_CLIENT_SECRET"""

_MAYBE_CREATED = "Cancelled. The connector may exist already: press Test to check."


@dataclasses.dataclass
class Login:
    """The login form's work, for every form that contains one.

    ``typed`` is the last known content of the form without secrets, for a page that is reloaded.
    """

    channel: Channel
    on_connected: Callable[[IntercomConnector, Check], None]
    running: Future[LoginOutcome] | None = None
    typed: dict[str, Any] | None = None
    _creates: bool = False
    _delete: Callable[[], Coroutine[Any, Any, None]] | None = None

    def offer(self) -> dict[str, Any]:
        """Return the form's options: regions, credentials found, what was typed before."""
        found, problem = find_credentials()
        token = found["access_token"]
        region, region_problem = default_region(token)
        return {
            "regions": list(REGIONS),
            "region": region,
            "region_problem": region_problem,
            "credential_problem": problem,
            "found": None if token is None else token.source,
            "sources": {name: value.source for name, value in found.items() if value is not None},
            "keyring": can_remember(),
            "start_date": default_start_date(_now()),
            "typed": self.typed,
        }

    def start(self, content: Mapping[str, Any]) -> None:
        """Run the form's command; the default is to connect."""
        {
            "connect": self._connect,
            "test": self._connect,
            "look": self._preview,
            "delete": self._delete_made,
        }[str(content.get("do") or "connect")](content)

    def forget(self, content: Mapping[str, Any]) -> None:
        """Delete remembered credentials from the keyring."""
        self.channel.send("answer", token=content.get("token"), text=forget_credentials())

    def cancel(self) -> None:
        """Cancel the request in progress, if any."""
        if self.running is not None and self.running.cancel():
            self._send("idle", text=_MAYBE_CREATED if self._creates else "Cancelled.")
        self.running = None

    def _preview(self, content: Mapping[str, Any]) -> None:
        """Reply with the errors so far and the equivalent code."""
        fields, secrets = Fields.of(content), content.get("secrets") or {}
        self.typed = {name: content.get(name) for name in ("mode", "task", "fields", "writes")}
        wrong = fields.problems(_now())
        self.channel.send(
            "answer",
            token=content.get("token"),
            python=python_code(fields, wrong),
            curl=curl_code(fields, wrong),
            variables=[SETTINGS[name] for name in fields.secrets],
            errors=wrong | secret_problems([n for n in fields.secrets if n in secrets], secrets),
        )

    def _connect(self, content: Mapping[str, Any]) -> None:
        """Make a connector from the form, or only test it, and check whether it works."""
        self.cancel()
        fields, secrets = Fields.of(content), content.get("secrets") or {}
        wrong = fields.problems(_now()) | secret_problems(fields.secrets, secrets)
        if wrong:
            self._send("error", errors=wrong)
            return
        try:
            work = self._work(fields, content)
        except IntercomError as error:
            self._send("error", **failed(error).describe(fields))
            return
        self._creates = fields.creates and content.get("do") != "test"
        text = "Creating the connector…" if self._creates else "Connecting…"
        self._send("checking", text=text)
        self.running = portal.submit(work)
        self.running.add_done_callback(
            lambda future: self.channel.run_on_form_thread(self._finish, future, fields, content)
        )

    def _work(
        self, fields: Fields, content: Mapping[str, Any]
    ) -> Coroutine[Any, Any, LoginOutcome]:
        connector = _connector(fields, content.get("secrets") or {})
        keep = content.get("do") != "test"
        if not fields.creates:
            return use(connector, keep=keep)
        if not keep:
            return look_up(connector)
        options = _options(fields, content["secrets"])
        make = functools.partial(
            IntercomConnector.create_hosted,
            auth_config=IntercomAuthConfig(read_secret(content["secrets"], "access_token")),
            replication_config=IntercomReplicationConfig(fields.start_date),
            name=fields.name or None,
            **options,
        )
        return create(connector, make, again=content.get("again") is True)

    def _finish(
        self, future: Future[LoginOutcome], fields: Fields, content: Mapping[str, Any]
    ) -> None:
        """Report the outcome, unless it was cancelled or another request was started."""
        if future is not self.running:
            return
        self.running = None
        if future.cancelled():
            self._send("idle")
            return
        outcome = future.result()
        if outcome.reason == "exists":
            self._send("exists", found=outcome.found, whose=getattr(fields, fields.tenant))
        elif not outcome.check:
            self._failed(outcome, fields, content)
        elif content.get("do") == "test":
            self._send("tested", text=_describe_test(outcome, fields))
        else:
            self._connected(outcome, fields, content)

    def _connected(self, outcome: LoginOutcome, fields: Fields, content: Mapping[str, Any]) -> None:
        connector = outcome.connector
        assert connector is not None
        description = Connection.of(connector).describe(outcome.check.workspace)
        note = [f"Created connector {outcome.created}."] if outcome.created else []
        note.append(remember_credentials(fields, content))
        self._send("connected", note=" ".join(filter(None, note)), **description)
        self.on_connected(connector, outcome.check)

    def _failed(self, outcome: LoginOutcome, fields: Fields, content: Mapping[str, Any]) -> None:
        self._delete = None
        if outcome.created is not None and fields.tenant == "workspace_name":
            options = _options(fields, content["secrets"]) | {"allow_writes": True}
            made = IntercomConnector(**options)
            self._delete = functools.partial(delete, made, outcome.created)
        self._send(
            "error",
            found=outcome.found,
            deletable=self._delete is not None,
            **outcome.describe(fields),
        )

    def _delete_made(self, content: Mapping[str, Any]) -> None:
        """Delete a new connector that does not work."""
        if self._delete is None:
            return
        work, self._delete = self._delete(), None
        future = portal.submit(work)
        future.add_done_callback(lambda done: self.channel.run_on_form_thread(self._deleted, done))

    def _deleted(self, future: Future[None]) -> None:
        error = future.exception()
        if isinstance(error, IntercomError):
            self._send("error", title="Could not delete the connector.", advice="", text=str(error))
        else:
            future.result()
            self._send("tested", text="Deleted. Create it again with a valid token.")

    def _send(self, status: str, **more: Any) -> None:
        self.channel.send("login", status=status, **more)


class LoginForm(Form):
    """A form to connect with; ``connector`` is the connector once it is made."""

    _esm = join_scripts(
        "format.js", "dom.js", "wire.js", "login_fields.js", "login.js", "login_main.js"
    )

    def __init__(self) -> None:
        self.connector: IntercomConnector | None = None
        super().__init__()
        self._login = Login(self.channel, self._on_connected)

    def __repr__(self) -> str:
        if self.connector is None:
            return f"<LoginForm: not connected>\n{_PLAIN}"
        return f"<LoginForm: {self.connector!r}>"

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Handle one message."""
        if kind == "hello":
            self.channel.send("offer", **self._login.offer())
            if self.connector is not None:
                description = Connection.of(self.connector).describe()
                self.channel.send("login", status="connected", note="", **description)
                self._send_next_steps()
        elif kind == "login":
            self._login.start(content)
        elif kind == "login_cancel":
            self._login.cancel()
        elif kind == "forget":
            self._login.forget(content)

    def _on_connected(self, connector: IntercomConnector, _: Check) -> None:
        self.connector = connector
        self._send_next_steps()

    def _send_next_steps(self) -> None:
        self.channel.send("next", code=next_steps(self._variable()))

    def _variable(self) -> str:
        """Return the variable that has this form; ``_3`` if it is only the result of a cell."""
        variables = getattr(running_shell(), "user_ns", {})
        names = [name for name, value in list(variables.items()) if value is self]
        named = [name for name in names if not name.startswith("_")]
        numbered = [name for name in names if name[:1] == "_" and name[1:].isdecimal()]
        return next(iter([*named, *numbered]), "form")


class PlainText:
    """Stand-in for the form in a session without a front end."""

    connector: None = None

    def __repr__(self) -> str:
        return _PLAIN


def login() -> LoginForm | PlainText:
    """Show a form to connect with: the demo workspace, an access token, or hosted execution.

    Use it as the last expression of a cell. ``.connector`` is the connector once the form is
    filled in, None before. The token is sent to your Python session in a message; it is neither in
    the notebook nor in its widget state. Without a front end, the result is plain text that
    explains how to connect in code.

    >>> login().connector is None
    True
    """
    return LoginForm() if _is_interactive() else PlainText()


def _is_interactive() -> bool:
    """Check for a front end with a person, rather than a program that executes a notebook.

    Front ends send ``allow_stdin`` with each cell. Voila executes notebooks like a program, but
    shows them to people.
    """
    kernel = getattr(running_shell(), "kernel", None)
    if kernel is None:
        return False
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    request = kernel.get_parent("shell") or {}
    return bool(request.get("content", {}).get("allow_stdin", True))


def _connector(fields: Fields, secrets: Mapping[str, Any]) -> IntercomConnector:
    if fields.mode == "demo":
        return connect("demo", allow_writes=fields.writes)
    if fields.mode == "found":
        return connect(allow_writes=fields.writes)
    return IntercomConnector(**_options(fields, secrets))


def _options(fields: Fields, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of IntercomConnector."""
    options: dict[str, Any] = {"allow_writes": fields.writes}
    if fields.mode == "token":
        options["auth_config"] = IntercomAuthConfig(read_secret(secrets, "access_token"))
        where = {"base_url": fields.address} if fields.address else {"region": fields.region}
        return options | where
    if fields.address:
        # The token URL too: a client for one server is never sent to another.
        options |= {"airbyte_api_url": fields.address, "airbyte_auth_url": fields.address}
    client = ("airbyte_client_id", "airbyte_client_secret")
    return options | {name: read_secret(secrets, name) for name in client} | fields.hosted


def _describe_test(outcome: LoginOutcome, fields: Fields) -> str:
    if not fields.creates:
        name = outcome.check.workspace.get("workspace") or "the workspace"
        return f"Success: connected to {name}. Nothing was saved."
    whose = getattr(fields, fields.tenant)
    existing = ", ".join(f"{each['name']} ({each['id']})" for each in outcome.found)
    has = f"already has a connector: {existing}" if existing else "has no connector yet"
    return (
        f"Airbyte accepts the client. {whose!r} {has}. Nothing was created; the Intercom token is "
        "checked when the connector is created."
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
