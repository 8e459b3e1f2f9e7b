"""Errors that are made from a server's text outside of the transport: none shows the token."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from scripted_server import NO_WAIT, TOKEN, ScriptedServer

from intercom_nb import IntercomConnector
from intercom_nb.errors import IntercomError
from tests.test_secret import ENCODINGS

Respond = Callable[[httpx.Request, str], httpx.Response | dict[str, Any]]
ENCODED = ["percent all", "base64", "json lower"]
OCTOBER = {"created_at_after": "2026-10-01", "created_at_before": "2026-10-31"}
REPORT = {"start_time": "2026-10-01", "end_time": "2026-10-31", "app_id": "app"}


@dataclasses.dataclass(frozen=True)
class Echo:
    """A server that repeats the token in one place, and the call whose error names that place."""

    respond: Respond
    call: Callable[[Any], Any]


def link(template: str) -> Echo:
    def respond(_: httpx.Request, text: str) -> dict[str, Any]:
        return {"type": "list", "data": [{"id": "1"}], "pages": {"next": template.format(text)}}

    return Echo(respond, lambda c: c.external_pages.list(limit=None))


def redirect(template: str) -> Echo:
    def respond(_: httpx.Request, text: str) -> httpx.Response:
        return httpx.Response(302, headers={"location": template.format(text)})

    return Echo(respond, lambda c: c.calls.get_recording("1"))


def redirected_error(request: httpx.Request, text: str) -> httpx.Response:
    if request.url.host == "intercom.test":
        return httpx.Response(302, headers={"location": "https://files.test/recording"})
    return httpx.Response(403, json={"message": text})


def job(status: str, identifier: str = "j", content: Callable[[str], bytes] = str.encode) -> Echo:
    def respond(request: httpx.Request, text: str) -> httpx.Response | dict[str, Any]:
        if request.url.path.startswith("/download"):
            return httpx.Response(200, content=content(text))
        started = "pending" if request.method == "POST" else status.format(text)
        return {"job_identifier": identifier.format(text), "status": started}

    return Echo(respond, lambda c: c.content_data_exports.run(**OCTOBER, poll_seconds=0))


def archive(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(f"{text}.txt", "no CSV")
    return file.getvalue()


def background_job(status: str) -> Echo:
    return Echo(
        lambda _, text: {"id": "1", "status": status.format(text)},
        lambda c: c.jobs.wait("1", poll_seconds=0),
    )


def hosted(request: httpx.Request, text: str) -> dict[str, Any]:
    if request.url.path.endswith("/token"):
        return {"access_token": "an-application-token"}
    return {"data": [{"id": "1", "name": text}, {"id": text, "name": "b"}]}


ECHOES = {
    "link, host": link("https://{}.test/x"),
    "link, subdomain": link("https://intercom.test.{}/x"),
    "link, user": link("https://{}@intercom.test/x"),
    "link, path of another host": link("https://other.test/{}"),
    "link, path outside": link("/ai/../{}"),
    "link, query": link("https://other.test/x?token={}"),
    "link, scheme": link("{}:x"),
    "link, bare": link("@{}"),
    "redirect, host": redirect("http://{}/x"),
    "redirect, user": redirect("https://{}@files.test/x"),
    "redirect, scheme": redirect("{}://files.test"),
    "redirected, error": Echo(redirected_error, lambda c: c.calls.get_recording("1")),
    "job, status": job("{}"),
    "job, identifier": job("odd", "{}"),
    "job, failed": job("failed", "{}"),
    "job, file in the archive": job("complete", content=archive),
    "background job, status": background_job("{}"),
    "report, dataset ids": Echo(
        lambda _, text: {"type": "list", "data": [{"id": text, "attributes": []}]},
        lambda c: c.reporting_data_exports.run(dataset_id="x", **REPORT),
    ),
    "record, request id": Echo(
        lambda _, text: httpx.Response(
            200, headers={"x-request-id": text}, content=b'{"data": [1], "type": "list"}'
        ),
        lambda c: c.contacts.list(),
    ),
}


@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("where", ECHOES)
def test_error_has_no_token_when_the_server_repeats_it(where: str, encoding: str) -> None:
    echo, text = ECHOES[where], ENCODINGS[encoding](TOKEN)
    script = ScriptedServer(lambda request: echo.respond(request, text))
    connector = script.connector(allow_writes=True)
    with pytest.raises(IntercomError) as caught:
        echo.call(connector.sync)
    check_hidden(caught.value, TOKEN, text)


@pytest.mark.parametrize("encoding", ENCODED)
def test_hosted_error_has_no_secret_when_the_server_repeats_it(encoding: str) -> None:
    text = ENCODINGS[encoding](TOKEN)
    connector = IntercomConnector(
        workspace_name="w",
        airbyte_client_id="client",
        airbyte_client_secret=TOKEN,
        http=httpx.MockTransport(lambda r: httpx.Response(200, json=hosted(r, text))),
        retry=NO_WAIT,
    )
    with pytest.raises(IntercomError, match="2 Intercom connectors") as caught:
        connector.sync.teams.list()
    check_hidden(caught.value, TOKEN, text)


def check_hidden(error: IntercomError, *secrets: str) -> None:
    shown = " ".join([str(error), repr(error), repr(vars(error)), *getattr(error, "__notes__", [])])
    for secret in secrets:
        assert secret.lower() not in shown.lower()
        assert repr(secret)[1:-1].lower() not in shown.lower()
