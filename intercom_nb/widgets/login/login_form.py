"""``login()``: a form that makes a connector, for people who do not want to write one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from typing import Any

from ...connector.connect import connect
from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...credentials import can_remember, secret_setting
from ...errors import CredentialError, IntercomError
from ...executors.direct import REGIONS
from ...models import IntercomAuthConfig, IntercomReplicationConfig
from ...runtime.portal import portal
from ..connection import Connection
from ..form import Panel, static
from .code import curl_code, python_code
from .fields import SETTINGS, Fields, default_start, found_region, read_secret, secret_problems
from .keyring import forget_all, remember_typed
from .requests import Outcome, create, delete, failed, look_up, use

_PLAIN = """\
There is nobody here to fill in a form. Connect in code instead:
  c = intercom_nb.connect("demo")   the demo workspace: no account, no network
  c = intercom_nb.connect()         your workspace, by the token in INTERCOM_ACCESS_TOKEN
                                    (environment, or a line in a file .env in this folder)
  c = intercom_nb.connect("hosted", workspace_name="...")
                                    the same through Airbyte, by AIRBYTE_CLIENT_ID and
                                    AIRBYTE_CLIENT_SECRET"""

_MAYBE = "Cancelled. The connector may have been made all the same: Test says what there is."


@dataclasses.dataclass
class Login:
    """The work behind the login form, for every panel that shows one.

    ``typed`` is the form as it was last told, without its secrets, for a page that is loaded anew.
    """

    panel: Panel
    done: Callable[[IntercomConnector, Check], None]
    running: Future[Outcome] | None = None
    typed: dict[str, Any] | None = None
    _creates: bool = False
    _delete: Callable[[], Coroutine[Any, Any, None]] | None = None

    def offer(self) -> dict[str, Any]:
        """Say what the form offers: regions, what is there already, what was typed before."""
        try:
            found = {name: secret_setting(setting) for name, setting in SETTINGS.items()}
        except CredentialError:  # a locked keyring: the form still works
            found = dict.fromkeys(SETTINGS)
        token = found["access_token"]
        region, problem = found_region(token)
        return {
            "regions": list(REGIONS),
            "region": region,
            "region_problem": problem,
            "found": None if token is None else token.source,
            "sources": {name: value.source for name, value in found.items() if value is not None},
            "keyring": can_remember(),
            "start_date": default_start(_now()),
            "typed": self.typed,
        }

    def start(self, content: Mapping[str, Any]) -> None:
        """Do what the form asks for: connect unless it says another of these."""
        {
            "connect": self._connect,
            "test": self._connect,
            "look": self._look,
            "delete": self._delete_made,
        }[str(content.get("do") or "connect")](content)

    def forget(self, content: Mapping[str, Any]) -> None:
        """Take what was remembered out of the keyring."""
        self.panel.tell("answer", token=content.get("token"), text=forget_all())

    def cancel(self) -> None:
        """Stop the request that is under way, if there is one."""
        if self.running is not None and self.running.cancel():
            self._say("idle", text=_MAYBE if self._creates else "Cancelled.")
        self.running = None

    def _look(self, content: Mapping[str, Any]) -> None:
        """Answer with what is wrong so far, and with the code that does the same."""
        fields, secrets = Fields.of(content), content.get("secrets") or {}
        self.typed = {name: content.get(name) for name in ("mode", "task", "fields", "writes")}
        wrong = fields.problems(_now())
        self.panel.tell(
            "answer",
            token=content.get("token"),
            python=python_code(fields, wrong),
            curl=curl_code(fields, wrong),
            variables=[SETTINGS[name] for name in fields.secrets],
            errors=wrong | secret_problems([n for n in fields.secrets if n in secrets], secrets),
        )

    def _connect(self, content: Mapping[str, Any]) -> None:
        """Make a connector of what was filled in, or only test it, and ask whether it works."""
        self.cancel()
        fields, secrets = Fields.of(content), content.get("secrets") or {}
        wrong = fields.problems(_now()) | secret_problems(fields.secrets, secrets)
        if wrong:
            self._say("error", errors=wrong)
            return
        try:
            work = self._work(fields, content)
        except IntercomError as error:
            self._say("error", **failed(error).words(fields))
            return
        self._creates = fields.creates and content.get("do") != "test"
        text = "Creating the connector…" if self._creates else "Asking the server…"
        self._say("checking", text=text)
        self.running = portal.submit(work)
        self.running.add_done_callback(
            lambda future: self.panel.later(self._came, future, fields, content)
        )

    def _work(self, fields: Fields, content: Mapping[str, Any]) -> Coroutine[Any, Any, Outcome]:
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

    def _came(self, future: Future[Outcome], fields: Fields, content: Mapping[str, Any]) -> None:
        """Tell what came of it, unless it was cancelled or another one was started."""
        if future is not self.running:
            return
        self.running = None
        if future.cancelled():
            self._say("idle")
            return
        outcome = future.result()
        if outcome.reason == "exists":
            self._say("exists", found=outcome.found, whose=getattr(fields, fields.tenant))
        elif not outcome.check:
            self._failed(outcome, fields, content)
        elif content.get("do") == "test":
            self._say("tested", text=_tested(outcome, fields))
        else:
            self._connected(outcome, fields, content)

    def _connected(self, outcome: Outcome, fields: Fields, content: Mapping[str, Any]) -> None:
        connector = outcome.connector
        assert connector is not None
        words = Connection.of(connector).words(outcome.check.workspace)
        note = [f"Made the connector {outcome.created}."] if outcome.created else []
        note.append(remember_typed(fields, content))
        self._say("connected", note=" ".join(filter(None, note)), **words)
        self.done(connector, outcome.check)

    def _failed(self, outcome: Outcome, fields: Fields, content: Mapping[str, Any]) -> None:
        self._delete = None
        if outcome.created is not None and fields.tenant == "workspace_name":
            options = _options(fields, content["secrets"]) | {"allow_writes": True}
            made = IntercomConnector(**options)
            self._delete = functools.partial(delete, made, outcome.created)
        self._say(
            "error",
            found=outcome.found,
            deletable=self._delete is not None,
            **outcome.words(fields),
        )

    def _delete_made(self, content: Mapping[str, Any]) -> None:
        """Delete the connector that was just made and does not work."""
        if self._delete is None:
            return
        work, self._delete = self._delete(), None
        future = portal.submit(work)
        future.add_done_callback(lambda done: self.panel.later(self._deleted, done))

    def _deleted(self, future: Future[None]) -> None:
        error = future.exception()
        if isinstance(error, IntercomError):
            self._say("error", title="It was not deleted.", advice="", text=str(error))
        else:
            future.result()
            self._say("tested", text="Deleted. Create it again with a token that works.")

    def _say(self, status: str, **more: Any) -> None:
        self.panel.tell("login", status=status, **more)


class LoginForm(Panel):
    """A form to connect by; the connector is in ``connector`` once it is made."""

    _esm = static("dom.js", "login.js", "login_main.js")

    def __init__(self) -> None:
        self.connector: IntercomConnector | None = None
        super().__init__()
        self._login = Login(self, self._connected)

    def __repr__(self) -> str:
        if self.connector is None:
            return f"<LoginForm: not connected>\n{_PLAIN}"
        return f"<LoginForm: {self.connector!r}>"

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Work a message off."""
        if kind == "hello":
            self.tell("offer", **self._login.offer())
            if self.connector is not None:
                words = Connection.of(self.connector).words()
                self.tell("login", status="connected", note="", **words)
        elif kind == "login":
            self._login.start(content)
        elif kind == "login_cancel":
            self._login.cancel()
        elif kind == "forget":
            self._login.forget(content)

    def _connected(self, connector: IntercomConnector, _: Check) -> None:
        self.connector = connector


class PlainText:
    """What stands in for the form where nobody can fill it in."""

    connector: None = None

    def __repr__(self) -> str:
        return _PLAIN


def login() -> LoginForm | PlainText:
    """Show a form to connect by: the demo workspace, an access token, or hosted execution.

    Give it as the last expression of a cell. ``.connector`` is the connector once the form is
    filled in, None before. The token goes to the kernel in a message and is neither in the
    notebook nor in its widget state. In a run without a front end the result says, as plain text,
    how to connect without a form.

    >>> login().connector is None
    True
    """
    return LoginForm() if _somebody_can_answer() else PlainText()


def _somebody_can_answer() -> bool:
    """Tell a front end with a person from a notebook that is executed by a program.

    A front end says with each cell whether somebody can type; Voila executes notebooks like a
    program and shows them to people all the same.
    """
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return False
    if os.environ.get("SERVER_SOFTWARE", "").startswith("voila"):
        return True
    asked = kernel.get_parent("shell") or {}
    return bool(asked.get("content", {}).get("allow_stdin", True))


def _connector(fields: Fields, secrets: Mapping[str, Any]) -> IntercomConnector:
    if fields.mode == "demo":
        return connect("demo", allow_writes=fields.writes)
    if fields.mode == "found":
        return connect(allow_writes=fields.writes)
    return IntercomConnector(**_options(fields, secrets))


def _options(fields: Fields, secrets: Mapping[str, Any]) -> dict[str, Any]:
    """Give what IntercomConnector takes."""
    options: dict[str, Any] = {"allow_writes": fields.writes}
    if fields.mode == "token":
        options["auth_config"] = IntercomAuthConfig(read_secret(secrets, "access_token"))
        where = {"base_url": fields.address} if fields.address else {"region": fields.region}
        return options | where
    if fields.address:
        # The tokens' service too: a client for one address is not sent to another.
        options |= {"airbyte_api_url": fields.address, "airbyte_auth_url": fields.address}
    client = ("airbyte_client_id", "airbyte_client_secret")
    return options | {name: read_secret(secrets, name) for name in client} | fields.hosted


def _tested(outcome: Outcome, fields: Fields) -> str:
    if not fields.creates:
        name = outcome.check.workspace.get("workspace") or "the workspace"
        return f"It works: {name} answers. Nothing was kept."
    whose = getattr(fields, fields.tenant)
    there = ", ".join(f"{each['name']} ({each['id']})" for each in outcome.found)
    already = (
        f"{whose!r} has a connector already: {there}." if there else f"{whose!r} has none yet."
    )
    return (
        f"Airbyte takes the client. {already} Nothing was made; the Intercom token is tested when "
        "the connector is."
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
