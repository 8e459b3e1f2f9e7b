"""``login()``: a form that makes a connector, for people who do not want to write one."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from ..connecting import connect
from ..connector import IntercomConnector
from ..credentials import (
    ACCESS_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    Secret,
    can_remember,
    check_token,
    forget,
    remember,
    secret_setting,
)
from ..errors import CredentialError, IntercomError
from ..executors.direct import REGIONS
from ..identity import Check
from ..models import IntercomAuthConfig
from ..portal import portal
from .connection import Connection
from .panel import FORM, Panel, static

_PLAIN = """\
There is nobody here to fill in a form. Connect in code instead:
  c = intercom_nb.connect("demo")   the demo workspace: no account, no network
  c = intercom_nb.connect()         your workspace, by the token in INTERCOM_ACCESS_TOKEN
                                    (environment, or a line in a file .env in this folder)"""
_NAMES = {
    "access_token": "access token",
    "airbyte_client_id": "Airbyte client id",
    "airbyte_client_secret": "Airbyte client secret",
}
_REMEMBERED = {
    "access_token": ACCESS_TOKEN,
    "airbyte_client_id": CLIENT_ID,
    "airbyte_client_secret": CLIENT_SECRET,
}


class FormError(Exception):
    """What is wrong with which field of the login form."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclasses.dataclass
class Login:
    """The work behind the login form, for every panel that shows one."""

    panel: Panel
    done: Callable[[IntercomConnector, Check], None]
    running: Future[Check] | None = None

    def offer(self) -> dict[str, Any]:
        """Say what the form offers: modes, regions, whether a credential is there already."""
        try:
            found = secret_setting(ACCESS_TOKEN)
        except CredentialError:  # a locked keyring: the form still works
            found = None
        return {
            "regions": list(REGIONS),
            "found": None if found is None else found.source,
            "keyring": can_remember(),
        }

    def start(self, content: Mapping[str, Any]) -> None:
        """Make a connector of what was filled in, and ask the server whether it is valid."""
        self.cancel()
        try:
            connector = _connector(content)
        except FormError as error:
            self._say("error", errors={error.field: str(error)})
            return
        except IntercomError as error:
            self._say("error", text=str(error))
            return
        self._say("checking")
        self.running = portal.submit(connector.check())
        self.running.add_done_callback(
            lambda future: self.panel.later(self._checked, future, connector, content)
        )

    def forget(self, content: Mapping[str, Any]) -> None:
        """Take what was remembered out of the keyring."""
        try:
            gone = forget()
        except IntercomError as error:
            text = str(error)
        else:
            text = f"Forgotten: {', '.join(gone)}." if gone else "Nothing was remembered."
        self.panel.tell("answer", token=content.get("token"), text=text)

    def cancel(self) -> None:
        """Stop the check that is under way, if there is one."""
        if self.running is not None and self.running.cancel():
            self._say("idle")
        self.running = None

    def _checked(
        self, future: Future[Check], connector: IntercomConnector, content: Mapping[str, Any]
    ) -> None:
        if future is not self.running:  # cancelled, or started anew
            return
        self.running = None
        if future.cancelled():
            self._say("idle")
        elif check := future.result():
            words = Connection.of(connector).words(check.workspace)
            self._say("connected", note=_remember(content), **words)
            self.done(connector, check)
        else:
            self._say("error", text=check.message)

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


def _connector(content: Mapping[str, Any]) -> IntercomConnector:
    mode, fields = content.get("mode"), content.get("fields") or {}
    options: dict[str, Any] = {"allow_writes": content.get("writes") is True}
    secrets = content.get("secrets") or {}
    if mode == "demo":
        return connect("demo", **options)
    if mode == "found":
        return connect(**options)
    if mode == "token":
        token = _credential(secrets, "access_token")
        region = str(fields.get("region") or "us")
        return IntercomConnector(auth_config=IntercomAuthConfig(token), region=region, **options)
    options |= {
        name: _credential(secrets, name) for name in ("airbyte_client_id", "airbyte_client_secret")
    }
    names = {n: str(fields.get(n) or "").strip() for n in ("workspace_name", "external_user_id")}
    given = {name: value for name, value in names.items() if value}
    if len(given) != 1:
        raise FormError("workspace_name", "Give the workspace name, or the external user id.")
    options |= given
    return IntercomConnector(**options)


def _credential(secrets: Mapping[str, Any], name: str) -> Secret:
    what = _NAMES[name]
    given = secrets.get(name)
    if not isinstance(given, Secret) or not given.reveal().strip():
        raise FormError(name, f"The {what} is empty: paste it here.")
    try:
        return check_token(given, what=what)
    except CredentialError as error:
        raise FormError(name, str(error).replace(f" (from {FORM})", "")) from None


def _remember(content: Mapping[str, Any]) -> str:
    """Keep the credentials in the keyring where that was asked for; says what became of it."""
    secrets = content.get("secrets") or {}
    if content.get("remember") is not True or not secrets:
        return ""
    try:
        for name, value in secrets.items():
            remember(value, _REMEMBERED[name])
    except IntercomError as error:
        return str(error)
    return "Remembered in this computer's keyring."
