"""Secret scan of every surface: what is shown, logged, saved or sent to others holds no secret.

A workspace on a socket takes secrets of these tests, repeats them in every request id, and, when
told so, in every error, in every encoding. Each surface then yields all that it shows or saves.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import dataclasses
import gzip
import io
import json
import logging
import pickle
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from notebook_files import write_notebook
from secret_scan import ENCODINGS, contents, find_secrets, shown_by_error, shown_by_object

import intercom_nb as inb
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer, DemoWorkspace
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.errors import IntercomError
from intercom_nb.models import AirbyteAuthConfig, IntercomAuthConfig, RetryPolicy
from intercom_nb.widgets import LoginForm

# Built, so that no line of a traceback shows them as text.
SECRETS = {
    "token": "dG9r/3NlY3Jl+C1vZi10aGUtc2Nhbg" + "==",
    "client secret": "c2VjcmV0" + "LW9mLXRoZS1jbGllbnQtc2Nhbg",
}
# Encodings that a server's echo may have and that are masked in errors.
ECHOED = [name for name in ENCODINGS if name not in {"reversed", "base64 twice"}]
NO_WAIT = RetryPolicy(attempts=2, first_wait=0, max_wait=0)


class EchoWorkspace(DemoWorkspace):
    """A demo workspace that takes other secrets and repeats them."""

    def __init__(self) -> None:
        super().__init__(rate_limit=None)
        self.fails = False
        self.given: set[str] = set()
        self._turn = 0

    def handle(self, request: DemoRequest) -> DemoResponse:
        headers, body = dict(request.headers), request.body
        if headers.get("authorization") == f"Bearer {SECRETS['token']}":
            headers["authorization"] = f"Bearer {TOKEN}"
        body = body.replace(SECRETS["client secret"].encode(), CLIENT_SECRET.encode())
        headers["content-length"] = str(len(body))
        response = super().handle(dataclasses.replace(request, headers=headers, body=body))
        more = self._headers(request)  # without what this response issues: nobody knows it yet
        if "token" in request.path:
            answer = json.loads(response.body)
            self.given |= {v for k, v in answer.items() if k in {"token", "access_token"}}
        elif self.fails:
            return self._echo(request)
        return dataclasses.replace(response, headers={**response.headers, **more})

    def _sent(self, request: DemoRequest) -> list[str]:
        """Return the secrets that the sender of a request knows."""
        hosted = self.airbyte.can_handle(request.path)
        return [v for n, v in all_secrets(self).items() if (n != "token") == hosted]

    def _headers(self, request: DemoRequest) -> dict[str, str]:
        self._turn += 1
        encode = ENCODINGS[ECHOED[self._turn % len(ECHOED)]]
        return {"x-request-id": " ".join(map(encode, self._sent(request)))}

    def _echo(self, request: DemoRequest) -> DemoResponse:
        secrets = self._sent(request)
        text = " ".join(ENCODINGS[name](secret) for name in ECHOED for secret in secrets)
        message = {"code": "unauthorized", "message": text[self._turn % 7 * 60 :]}
        body = json.dumps({"request_id": text[:400], "errors": [message]}).encode()
        return DemoResponse(
            422, {"content-type": "application/json", **self._headers(request)}, body
        )


def all_secrets(workspace: EchoWorkspace) -> dict[str, str]:
    """Return the secrets, those included that the hosted service gave out."""
    issued = {f"issued {n}": value for n, value in enumerate(sorted(workspace.given))}
    return {**SECRETS, **issued}


class World:
    """A workspace, connectors to it in both modes, and a folder to write to."""

    def __init__(self, folder: Path, server: DemoServer, workspace: EchoWorkspace) -> None:
        self.folder = folder
        self.server = server
        self.workspace = workspace
        options: dict[str, Any] = {"retry": NO_WAIT, "allow_writes": True}
        self.direct = inb.IntercomConnector(
            auth_config=IntercomAuthConfig(SECRETS["token"]), base_url=server.url, **options
        )
        self.hosted = inb.IntercomConnector(
            airbyte_client_id=CLIENT_ID,
            airbyte_client_secret=SECRETS["client secret"],
            workspace_name="demo",
            airbyte_api_url=server.url,
            airbyte_auth_url=server.url,
            **options,
        )

    @property
    def connectors(self) -> tuple[inb.IntercomConnector, inb.IntercomConnector]:
        return self.direct, self.hosted

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        """Let the workspace answer with errors that repeat the secrets."""
        self.workspace.fails = True
        try:
            yield
        finally:
            self.workspace.fails = False

    def files(self) -> Iterator[bytes]:
        """Yield what was written since the last time."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield from contents(path)
                yield str(path).encode()


Surface = Callable[[World], Iterator[str | bytes]]


def objects(world: World) -> Iterator[str]:
    for c in world.connectors:
        frame = c.sync.contacts.list(limit=60)
        yield from shown_by_object(c)
        for each in (c.sync, c.hosted, c.contacts, c.contacts.list, c.rate, c.whoami(), c.entities):
            yield from shown_by_object(each)
        yield from shown_by_object(c.sync.check())
        yield json.dumps(frame.attrs["intercom"])
        yield frame.to_json()
    yield from shown_by_object(IntercomAuthConfig(SECRETS["token"]))
    yield from shown_by_object(AirbyteAuthConfig(CLIENT_ID, SECRETS["client secret"]))


def pickles_and_copies(world: World) -> Iterator[str | bytes]:
    configs = IntercomAuthConfig(SECRETS["token"]), AirbyteAuthConfig("a", SECRETS["client secret"])
    for each in (*world.connectors, *configs, world.direct.sync, world.direct.contacts):
        for save in (pickle.dumps, copy.deepcopy, lambda v: json.dumps(v, default=vars)):
            try:
                saved = save(each)
            except (TypeError, ValueError, IntercomError) as error:
                yield from shown_by_error(error)
            else:
                yield saved if isinstance(saved, (str, bytes)) else repr(saved)


def errors(world: World) -> Iterator[str]:
    calls: list[Callable[[Any], Any]] = [
        lambda c: c.contacts.list(limit=None),
        lambda c: c.contacts.get("1"),
        lambda c: c.contacts.create(email="a@example.com"),
        lambda c: c.conversations.search(state="open"),
        lambda c: c.execute("tags", "list", {}),
        lambda c: c.tags.create_many(pd.DataFrame({"name": ["a"]})),
    ]
    with world.failing():
        for c in world.connectors:
            yield repr(c.sync.check())
            for call in calls:
                with contextlib.suppress(AttributeError):  # hosted mode has fewer actions
                    try:
                        yield call(c.sync).to_json()
                    except IntercomError as error:
                        yield from shown_by_error(error)


def widgets(world: World) -> Iterator[str]:
    heard: list[Any] = []
    for c in world.connectors:
        form = inb.explore(c)
        form.send = lambda content, buffers=None: heard.append(content)
        for entity, action, fails in (("tags", "list", False), ("contacts", "list", True)):
            with world.failing() if fails else contextlib.nullcontext():
                message = {"kind": "run", "entity": entity, "action": action, "limit": "5"}
                form._handle_custom_msg(message, [])
                wait_for(lambda: any(m["kind"] in {"result", "failure"} for m in heard))
        yield form.code
        yield from shown_by_object(form)
    login = LoginForm()
    login.send = lambda content, buffers=None: heard.append(content)
    for mode, name in (("token", "token"), ("hosted", "client secret")):
        secret = {"access_token": SECRETS[name], "airbyte_client_secret": SECRETS[name]}
        for do in ("look", "connect"):
            fields = {"base_url": world.server.url, "workspace_name": "demo"}
            login._handle_custom_msg(
                {"kind": "login", "do": do, "mode": mode, "fields": fields, "secrets": secret}, []
            )
    yield from shown_by_object(login)
    yield repr(heard)
    yield json.dumps(ipywidgets.Widget.get_manager_state(), default=repr)


def files(world: World) -> Iterator[str | bytes]:
    c = world.direct
    ds = c.sync.extract("conversations", world.folder / "data", progress=False)
    yield from shown_by_object(ds)
    yield ds.audit.to_json()
    rows = pd.DataFrame({"name": ["a", "b"]})
    c.sync.tags.create_many(rows, resume=world.folder / "journal.jsonl", progress=False)
    with world.failing():
        outcome = c.sync.tags.create_many(
            pd.DataFrame({"name": ["c"]}), resume=world.folder / "failed.jsonl", progress=False
        )
        yield outcome.to_json()
        try:
            c.sync.extract("contacts", world.folder / "failed", progress=False)
        except IntercomError as error:
            yield from shown_by_error(error)
    from intercom_nb.frames.export import export

    for kind in ("csv", "tsv", "xlsx", "parquet", "json"):
        with contextlib.suppress(IntercomError, KeyError):
            (world.folder / f"export.{kind}").write_bytes(export(outcome, kind))
    made = inb.report(ds, period="2026-10")
    made.save(world.folder / "report.html")
    yield from shown_by_object(made)
    yield from world.files()


def command_line(world: World) -> Iterator[str]:
    from intercom_nb.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    data = str(world.folder / "cli")
    commands = [
        ["execute", "tags", "list"],
        ["execute", "contacts", "get", '{"id": "nobody"}', "--format", "json"],
        ["execute", "contacts", "list", '{"access_token": "x"}'],
        ["extract", "tags", "--to", data],
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERCOM_ACCESS_TOKEN", SECRETS["token"])
        patch.setenv("INTERCOM_BASE_URL", world.server.url)
        patch.setattr("intercom_nb.connector.connect.connect", lambda *_, **__: world.direct)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for fails in (False, True):
                with world.failing() if fails else contextlib.nullcontext():
                    for command in commands:
                        main(command)
    yield out.getvalue()
    yield err.getvalue()
    yield from (b.decode("utf-8", "replace") for b in world.files())


def agents(world: World) -> Iterator[str]:
    pytest.importorskip("mcp", reason="the extra mcp is not installed")
    from mcp import Client

    from intercom_nb.agents import describe_tool, tool_utils
    from intercom_nb.mcp.server import build_server

    async def answers() -> list[str]:
        found = [describe_tool(allow_writes=True)]
        for c in world.connectors:

            @tool_utils()
            async def ask(entity: str, action: str, params: dict[str, Any] | None = None) -> Any:
                return await c.execute(entity, action, params or {})  # noqa: B023

            async with Client(build_server(c)) as client:
                found.append(str(await client.list_tools()))
                for fails in (False, True):
                    with world.failing() if fails else contextlib.nullcontext():
                        for name, arguments in (
                            ("execute", {"entity": "tags", "action": "list"}),
                            ("describe", {"name": "contacts", "action": "search"}),
                            ("find", {"words": "token secret"}),
                        ):
                            found.append(str(await client.call_tool(name, arguments)))
                        try:
                            found.append(str(await ask("tags", "list")))
                        except Exception as error:  # noqa: BLE001 - each framework has its own
                            found += shown_by_error(error)
        return found

    yield from asyncio.run(answers())


NOTEBOOK = """
%xmode Verbose
%load_ext intercom_nb
import intercom_nb as inb, logging, os
logging.basicConfig(level=logging.DEBUG)
c = inb.connect(base_url=os.environ["HERE"])
display(c, c.sync.tags.list(), inb.explore(c), inb.login(), c.whoami(), vars(c))
---
c.sync.contacts.get("nobody")
---
await c.contacts.list(access_token="x")
---
%intercom c contacts get nobody
"""


def notebook(world: World) -> Iterator[str]:
    nbclient = pytest.importorskip("nbclient")
    import nbformat

    path = world.folder / "scan.ipynb"
    write_notebook(path, [cell.strip() for cell in NOTEBOOK.split("---")])
    read = nbformat.read(path, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERCOM_ACCESS_TOKEN", SECRETS["token"])
        patch.setenv("HERE", world.server.url)
        client = nbclient.NotebookClient(
            read, allow_errors=True, store_widget_state=True, timeout=300
        )
        client.execute()
    nbformat.write(read, path)
    text = path.read_text()
    assert text.count("NotFoundError") >= 2, "the calls did not fail as they should"
    assert "tags" in text
    yield text


SURFACES: dict[str, Surface] = {
    "objects": objects,
    "pickles and copies": pickles_and_copies,
    "errors": errors,
    "widgets": widgets,
    "files": files,
    "command line": command_line,
    "agents": agents,
    "notebook": notebook,
}


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    import threading

    for _ in range(600):
        if is_so():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it never came")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Whatever is logged, at the lowest level, with tracebacks."""
    text, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


def scan(shown: Iterator[str | bytes], secrets: dict[str, str]) -> tuple[int, set[tuple[str, str]]]:
    """Return how many texts were looked through, and the secrets in them with their encodings."""
    count, found = 0, set()
    for count, text in enumerate(shown, 1):  # noqa: B007
        found |= find_secrets(text, secrets)
    return count, found


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", SURFACES)
def test_secrets_are_on_no_surface_when_the_server_repeats_them(
    name: str, tmp_path: Path, log: io.StringIO
) -> None:
    workspace = EchoWorkspace()
    with DemoServer(workspace=workspace) as server:
        world = World(tmp_path, server, workspace)
        texts = [t.encode("utf-8", "replace") if isinstance(t, str) else t
                 for t in SURFACES[name](world)]  # fmt: skip
        for c in world.connectors:
            c.sync.close()
        secrets = all_secrets(workspace)
        count, found = scan(iter([*texts, log.getvalue()]), secrets)
    print(f"{name}: {count} texts, {len(secrets)} secrets in {len(ENCODINGS)} encodings looked for,"
          f" {len(found)} found")  # fmt: skip
    assert sum(map(len, texts)) > 200
    assert found == set()


def put_in(form: Callable[[str], bytes], folder: Path, secret: str) -> Path:
    """Write a file that holds a secret."""
    path = folder / "leak"
    path.write_bytes(form(secret))
    return path


def as_zip(secret: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", f"{secret} " * 9)
    return file.getvalue()


def as_parquet(secret: str) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"a": [[{"b": secret}]]}), file, compression="zstd")
    return file.getvalue()


FORMS: dict[str, Callable[[str], bytes]] = {
    "text": str.encode,
    "UTF-16": lambda t: f"<{t}>".encode("utf-16"),
    "gzip": lambda t: gzip.compress(t.encode()),
    "zip": as_zip,
    "parquet": as_parquet,
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_find_secrets_returns_the_secret_when_it_is_encoded(encoding: str, before: str) -> None:
    shown = iter(["harmless", f"{before}{ENCODINGS[encoding](SECRETS['token'])} and more"])
    assert {name for name, _ in scan(shown, SECRETS)[1]} == {"token"}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_find_secrets_returns_the_secret_when_a_file_holds_it(
    form: Callable[[str], bytes], tmp_path: Path
) -> None:
    shown = contents(put_in(form, tmp_path, SECRETS["client secret"]))
    assert {name for name, _ in scan(shown, SECRETS)[1]} == {"client secret"}


def test_find_secrets_returns_the_secret_when_an_object_or_error_holds_it() -> None:
    frame = pd.DataFrame({"a": [1]})

    def fail() -> None:
        leak = SECRETS["token"]
        raise ValueError(len(leak))

    class Held:
        __module__ = "intercom_nb.planted"

        def __init__(self) -> None:
            self.inner = {"frame": frame, "list": [SECRETS["token"]]}

        def __repr__(self) -> str:
            return "Held()"

    with pytest.raises(ValueError, match="3") as caught:
        fail()
    assert scan(shown_by_error(caught.value), SECRETS)[1]
    assert scan(shown_by_object(Held()), SECRETS)[1]
    assert not scan(shown_by_object(IntercomAuthConfig(SECRETS["token"])), SECRETS)[1]
