"""The workspace behind httpx, on a socket, and out of order."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time

import httpx
import pytest

from intercom_nb.demo import (
    DEMO_BASE_URL,
    TOKEN,
    DemoRequest,
    DemoResponse,
    DemoTransport,
    DemoWorkspace,
    serve,
)

pytestmark = pytest.mark.slow

AUTH = {"Authorization": f"Bearer {TOKEN}"}


def client(transport):
    return httpx.AsyncClient(transport=transport, base_url=DEMO_BASE_URL, headers=AUTH)


@pytest.fixture(scope="module")
def server():
    with serve() as running:
        yield running


async def test_transport_returns_responses_and_records_requests_when_in_process():
    transport = DemoTransport()
    async with client(transport) as http_client:
        first = (await http_client.get("/contacts", params={"per_page": 3})).json()
        cursor = first["pages"]["next"]["starting_after"]
        second = await http_client.get(
            "/contacts", params={"per_page": 3, "starting_after": cursor}
        )
        made = await http_client.post("/tags", json={"name": "über"})
    assert second.status_code == 200
    assert second.json()["pages"]["page"] == 2
    assert made.json()["name"] == "über"
    assert made.headers["content-length"] == str(len(made.content))
    logged = transport.workspace.requests[-1]
    assert (logged.method, logged.path, logged.body) == (
        "POST",
        "/tags",
        '{"name":"über"}'.encode(),
    )
    assert transport.workspace.requests[1].query[1] == ("starting_after", cursor)
    assert logged.headers["authorization"] == "Bearer demo"


async def test_transport_stops_when_a_request_is_cancelled_during_the_latency():
    async with client(DemoTransport(latency=30)) as http_client:
        task = asyncio.create_task(http_client.get("/me"))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_transport_returns_the_injected_response_when_the_request_matches():
    workspace = DemoWorkspace()
    workspace.inject(status=503, times=2, path_prefix="/contacts")
    workspace.inject(status=200, body=b"<html>", content_type="text/html", method="POST")
    workspace.inject(status=429, headers={"Retry-After": "7"}, path_prefix="/teams")
    async with client(DemoTransport(workspace)) as http_client:
        assert (await http_client.get("/me")).status_code == 200
        assert [(await http_client.get("/contacts")).status_code for _ in range(3)] == [
            503,
            503,
            200,
        ]
        page = await http_client.post("/tags", json={"name": "lost"})
        assert (page.text, page.headers["content-type"]) == ("<html>", "text/html")
        assert (await http_client.get("/teams")).headers["retry-after"] == "7"
        assert len((await http_client.get("/tags")).json()["data"]) == 16  # nothing was written
    assert len(workspace.faults) == 0


async def test_transport_raises_the_injected_failure_when_one_is_pending():
    workspace = DemoWorkspace()
    workspace.inject(exception=httpx.ConnectError)
    workspace.inject(exception=httpx.ReadTimeout("slow"))
    workspace.inject(truncate=40)
    async with client(DemoTransport(workspace)) as http_client:
        with pytest.raises(httpx.ConnectError) as caught:
            await http_client.get("/me")
        assert caught.value.request.url.path == "/me"
        with pytest.raises(httpx.ReadTimeout, match="slow"):
            await http_client.get("/me")
        cut = await http_client.get("/tags")
        assert (cut.status_code, len(cut.content)) == (200, 40)
        with pytest.raises(json.JSONDecodeError):
            cut.json()
        workspace.inject()
        workspace.faults.clear()
        assert (await http_client.get("/me")).status_code == 200


def test_workspace_calls_another_service_when_it_can_handle_the_path():
    class Other:
        def can_handle(self, path):
            return path.startswith("/other/")

        def respond(self, request):
            return DemoResponse(418, {}, request.path.encode())

    workspace = DemoWorkspace()
    workspace.services.insert(0, Other())
    response = workspace.handle(DemoRequest("GET", "/other/x"))
    assert (response.status, response.body) == (418, b"/other/x")
    assert workspace.handle(DemoRequest("GET", "/me")).status == 401


def test_server_returns_the_same_json_as_the_workspace(server, shared):
    with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
        for path in ("/contacts?per_page=150", "/tags", "/companies?page=2", "/nope"):
            answer = http_client.get(path)
            url = httpx.URL(path)
            same = shared("GET", url.path, **dict(url.params))
            assert answer.status_code == same.status
            body = answer.json()
            body.pop("request_id", None)
            (same.json or {}).pop("request_id", None)
            assert body == same.json


def test_server_keeps_the_connection_when_several_requests_are_sent(server):
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    connection = http.client.HTTPConnection(host, port, timeout=5)
    connection.request("GET", "/me", headers=AUTH)
    first = connection.getresponse()
    assert first.version == 11
    assert len(first.read()) == int(first.headers["Content-Length"])
    own = connection.sock.getsockname()
    for method, body in (("POST", '{"name": "kept"}'), ("HEAD", None), ("DELETE", None)):
        connection.request(method, "/tags", body, AUTH)
        connection.getresponse().read()
        assert connection.sock.getsockname() == own
    connection.close()


def test_server_does_not_wait_for_acknowledgments_when_responses_are_small(server):
    with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
        http_client.get("/me")
        start = time.perf_counter()
        for _ in range(20):
            http_client.get("/me")
        assert time.perf_counter() - start < 0.04 * 20  # Nagle would cost 40 ms each


def test_next_url_has_the_host_of_the_server_when_it_is_on_a_socket(server):
    people = server.workspace.store.people
    contact = max(people.contact_companies, key=lambda key: len(people.contact_companies[key]))
    with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
        page = http_client.get(f"/contacts/{contact}/companies", params={"per_page": 5}).json()
        assert page["pages"]["next"].startswith(server.url)
        assert http_client.get(page["pages"]["next"]).json()["pages"]["page"] == 2


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"POST /tags HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (b"POST /tags HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n", b"400"),
        (b"POST /tags HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"GET /me HTTP/1.1\r\nHost: x\r\n\r\n", b"401"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_server_returns_a_status_when_the_request_is_malformed(server, raw, status):
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port), timeout=5) as connection:
        connection.sendall(raw)
        assert status in connection.recv(200)


def test_server_closes_the_connection_when_a_failure_is_injected(server):
    server.workspace.inject(exception=httpx.ReadError)
    with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
        with pytest.raises(httpx.RemoteProtocolError):
            http_client.get("/me")
        assert http_client.get("/me").status_code == 200


def test_server_writes_every_contact_when_clients_run_in_parallel(server):
    failures = []

    def work(number):
        with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
            for step in range(4):
                answer = http_client.post("/contacts", json={"external_id": f"t{number}-{step}"})
                failures.extend([answer.text] if answer.status_code != 200 else [])

    before = len(server.workspace.store.people.contacts)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(server.workspace.store.people.contacts) == before + 48


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.0.5", "example.com"])
def test_serve_raises_when_the_host_is_not_this_machine(host):
    with pytest.raises(ValueError, match="this machine only"):
        serve(host=host)


def test_server_frees_its_port_when_it_is_stopped():
    server = serve()
    url = httpx.URL(server.start().url)
    assert server.start() is server
    with httpx.Client(base_url=server.url, headers=AUTH) as http_client:
        assert http_client.get("/me").status_code == 200
        server.stop()
        with pytest.raises(httpx.TransportError):
            http_client.get("/me")
    server.stop()
    with serve(port=url.port or 0) as again:
        assert again.url == str(url)


def test_server_waits_before_each_response_when_latency_is_set():
    with serve(latency=0.05) as server:
        start = time.perf_counter()
        assert httpx.get(f"{server.url}/me", headers=AUTH).status_code == 200
        assert time.perf_counter() - start >= 0.05
