"""One execute call: what is sent, what is made of the answer, what an error says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from intercom_nb import IntercomConnector
from intercom_nb.errors import (
    APIError,
    AuthenticationError,
    BadRequestError,
    IntercomError,
    InvalidParameterError,
    InvalidResponseError,
    NotFoundError,
    PagingError,
    PermissionDeniedError,
    RateLimitError,
    RequestTimeoutError,
    ServerError,
    UnknownNameError,
    UnsupportedError,
)
from intercom_nb.executors.hosted.protocol import next_cursor
from intercom_nb.models import RetryPolicy

from .conftest import NO_WAIT, Hosted

Answer = Callable[[httpx.Request], httpx.Response]


class Service:
    """A hosted service whose execute calls a test answers."""

    def __init__(self, answer: Answer) -> None:
        self.bodies: list[Any] = []
        self._answer = answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "t"})
        self.bodies.append(json.loads(request.content))
        return self._answer(request)

    def connector(self, generation: int = 2, **options: Any) -> IntercomConnector:
        options.setdefault("retry", NO_WAIT)
        return IntercomConnector(
            connector_id="c-1",
            generation=generation,
            airbyte_client_id="a",
            airbyte_client_secret="b",
            http=httpx.MockTransport(self),
            **options,
        )


def _result(result: Any, **more: Any) -> Answer:
    return lambda request: httpx.Response(200, json={"result": result, **more})


class TestBody:
    @pytest.mark.slow
    def test_request_has_exactly_three_keys_when_the_generation_is_the_first(
        self, hosted: Hosted
    ) -> None:
        hosted.connector(1).sync.execute("contacts", "list", {"per_page": 2})
        assert hosted.body("/execute") == {
            "entity": "contacts",
            "action": "list",
            "params": {"per_page": 2},
        }

    def test_request_asks_for_whole_texts_when_the_generation_is_the_second(
        self, hosted: Hosted
    ) -> None:
        hosted.connector().sync.execute("contacts", "get", {"id": _contact(hosted)})
        body = hosted.body("/execute")
        assert body["skip_truncation"] is True
        assert set(body) == {"entity", "action", "params", "skip_truncation"}
        assert set(body["params"]) == {"id"}  # not contact_id, the API's own name

    @pytest.mark.slow
    def test_texts_are_whole_when_skip_truncation_is_not_given(self, hosted: Hosted) -> None:
        c = hosted.connector(allow_writes=True).sync
        long = "x" * 300
        made = c.contacts.create(role="user", email="long@example.com", name=long)["id"].iloc[0]
        whole = c.contacts.list(limit=None).set_index("id")["name"]
        cut = c.contacts.list(limit=None, skip_truncation=False).set_index("id")["name"]
        assert whole[made] == long
        assert cut[made].startswith("x" * 200 + "... [truncated")

    def test_list_has_only_the_selected_columns_when_select_fields_is_given(
        self, hosted: Hosted
    ) -> None:
        frame = hosted.connector().sync.contacts.list(
            limit=5, select_fields=["id", "location.country"]
        )
        assert list(frame.columns) == ["id", "location.country"]
        assert hosted.body("/execute")["select_fields"] == ["id", "location.country"]
        assert frame["location.country"].notna().any()

    def test_list_leaves_columns_out_when_exclude_fields_is_given(self, hosted: Hosted) -> None:
        every = hosted.connector().sync.contacts.list(limit=5)
        frame = hosted.connector().sync.contacts.list(limit=5, exclude_fields=["location", "email"])
        gone = {c for c in every if c == "email" or c.partition(".")[0] == "location"}
        assert set(every.columns) - set(frame.columns) == gone
        assert len(gone) > 2

    @pytest.mark.parametrize(
        "name", ["select_fields", "exclude_fields", "skip_truncation", "intent"]
    )
    def test_list_raises_when_an_envelope_option_needs_generation_2(
        self, hosted: Hosted, name: str
    ) -> None:
        value = {"skip_truncation": True, "intent": "why"}.get(name, ["id"])
        with pytest.raises(UnsupportedError, match=f"{name}.*generation=2"):
            hosted.connector(1).sync.contacts.list(**{name: value})
        assert not hosted.paths()

    def test_list_raises_when_the_intent_is_too_long(self, hosted: Hosted) -> None:
        hosted.connector().sync.teams.list(intent="x" * 512)
        assert hosted.body("/execute")["intent"] == "x" * 512
        with pytest.raises(InvalidParameterError, match="512"):
            hosted.connector().sync.teams.list(intent="x" * 513)

    def test_update_sends_null_when_a_field_is_none(self, hosted: Hosted) -> None:
        c = hosted.connector(allow_writes=True)
        c.sync.contacts.update(_contact(hosted), phone=None)
        assert hosted.body("/execute")["params"]["phone"] is None

    def test_parameters_are_checked_before_any_request_when_hosted(self, hosted: Hosted) -> None:
        c = hosted.connector()
        with pytest.raises(UnknownNameError, match="Did you mean contacts"):
            c.sync.execute("contcats", "list")
        with pytest.raises(InvalidParameterError, match="from 1 to 150"):
            c.sync.contacts.list(per_page=0)
        with pytest.raises(IntercomError, match="allow_writes=True"):
            c.sync.contacts.delete("x")
        assert not hosted.paths()


def _contact(hosted: Hosted) -> str:
    return str(hosted.connector().sync.contacts.list(limit=1)["id"].iloc[0])


class TestPaging:
    @pytest.mark.parametrize(
        "metadata",
        [
            {"next_page": "two"},
            {"pagination": {"cursor": "two"}},
            {"has_next_page": True, "end_cursor": "two"},
            {"next_cursor": "two"},
        ],
    )
    def test_list_reads_the_next_page_when_the_cursor_has_any_known_spelling(
        self, metadata: dict[str, Any]
    ) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            cursor = json.loads(request.content)["params"].get("starting_after")
            if cursor is None:
                return httpx.Response(
                    200, json={"result": [{"id": "1"}], "connector_metadata": metadata}
                )
            assert cursor == "two"
            return httpx.Response(200, json={"result": [{"id": "2"}], "connector_metadata": None})

        frame = Service(answer).connector().sync.contacts.list(limit=None)
        assert frame["id"].tolist() == ["1", "2"]

    @pytest.mark.parametrize(
        "metadata",
        [
            {},
            {"next_page": None},
            {"next_page": ""},
            {"pagination": {"cursor": None}},
            {"has_next_page": False, "end_cursor": "x"},
            {"pagination": {"has_more": False, "cursor": "x"}},
            {"pagination": None},
        ],
    )
    def test_next_cursor_is_none_when_the_metadata_has_none(self, metadata: dict[str, Any]) -> None:
        assert next_cursor(metadata) is None

    def test_paging_error_has_the_received_rows_when_the_cursor_repeats(self) -> None:
        ids = iter(range(100))

        def answer(request: httpx.Request) -> httpx.Response:
            metadata = {"next_page": "again"}
            row = {"id": str(next(ids))}
            return httpx.Response(200, json={"result": [row], "connector_metadata": metadata})

        with pytest.raises(PagingError) as caught:
            Service(answer).connector().sync.contacts.list(limit=None)
        assert caught.value.partial is not None
        assert caught.value.partial["id"].tolist() == ["0", "1"]

    def test_execute_returns_one_page_and_the_next_cursor_when_there_are_more(
        self, hosted: Hosted
    ) -> None:
        c = hosted.connector().sync
        first = c.execute("companies", "list", {"per_page": 5})
        cursor = first.attrs["intercom"]["next_cursor"]
        second = c.execute("companies", "list", {"per_page": 5, "starting_after": cursor})
        assert hosted.count("/execute") == 2
        assert len(set(first["id"]) | set(second["id"])) == 10


class TestAnswers:
    def test_response_is_read_when_it_has_unknown_keys(self) -> None:
        answer = _result([{"id": "1"}], status="success", new={"x": 1}, connector_metadata=None)
        assert len(Service(answer).connector().sync.teams.list()) == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b'{"result": {}}',
            b'{"result": "x"}',
            b'{"result": [1]}',
            b"<html>",
        ],
    )
    def test_call_raises_when_the_response_has_another_shape(self, content: bytes) -> None:
        service = Service(lambda request: httpx.Response(200, content=content))
        with pytest.raises(InvalidResponseError, match=r"teams\.list"):
            service.connector().sync.teams.list()

    def test_call_is_repeated_when_the_response_is_cut(self, hosted: Hosted) -> None:
        c = hosted.connector().sync
        expected = len(c.teams.list())
        hosted.workspace.inject(truncate=40, path_prefix="/api/v1/integrations/connectors/")
        assert len(c.teams.list()) == expected
        assert hosted.count("/execute") == 3

    def test_call_raises_without_following_when_the_service_redirects(self) -> None:
        hosts = []

        def answer(request: httpx.Request) -> httpx.Response:
            hosts.append(request.url.host)
            return httpx.Response(307, headers={"location": "https://elsewhere.test/"})

        with pytest.raises(InvalidResponseError):
            Service(answer).connector().sync.teams.list()
        assert set(hosts) == {"api.airbyte.ai"}


ERRORS: list[tuple[int, Any, type[APIError], str]] = [
    (400, {"detail": "Unknown entity"}, BadRequestError, "Unknown entity"),
    (401, {"detail": "Invalid authentication credentials"}, AuthenticationError, "client id"),
    (403, {"detail": "Access denied to this resource"}, PermissionDeniedError, "Access denied"),
    (404, {"detail": "Connector not found"}, NotFoundError, "Connector not found"),
    (
        422,
        {"detail": [{"loc": ["body", "params"], "msg": "Field required", "type": "missing"}]},
        BadRequestError,
        "body.params: Field required",
    ),
    (429, {"message": "Slow down"}, RateLimitError, "Slow down"),
    (500, {"error": "It broke"}, ServerError, "It broke"),
    (
        502,
        {"errors": [{"userPresentableMessage": "For people", "message": "for machines"}]},
        ServerError,
        "For people",
    ),
    (
        400,
        {"errors": [{"message": "first"}, {"error": "second"}]},
        BadRequestError,
        "first; second",
    ),
    (400, {"errors": [], "message": "the message", "detail": "no"}, BadRequestError, "the message"),
    (400, "not even JSON", BadRequestError, "not JSON"),
    (400, {"detail": {"odd": 1}}, BadRequestError, "400"),
]


class TestErrors:
    @pytest.mark.parametrize(("status", "body", "kind", "said"), ERRORS)
    def test_error_has_the_class_of_direct_mode_when_the_service_refuses(
        self, status: int, body: Any, kind: type[APIError], said: str
    ) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        at_once = {"retry-after": "0"}
        service = Service(lambda request: httpx.Response(status, headers=at_once, content=content))
        with pytest.raises(kind, match=r"contacts\.list") as caught:
            service.connector(retry=RetryPolicy(attempts=1)).sync.contacts.list()
        assert said in str(caught.value)
        assert caught.value.status == status

    @pytest.mark.parametrize("generation", [1, 2])
    @pytest.mark.parametrize("status", [404, 405])
    def test_error_names_the_other_generation_when_the_route_is_unknown(
        self, generation: int, status: int
    ) -> None:
        words = {404: "Not Found", 405: "Method Not Allowed"}[status]
        service = Service(lambda request: httpx.Response(status, json={"detail": words}))
        with pytest.raises(UnsupportedError, match=f"generation={3 - generation}"):
            service.connector(generation).sync.teams.list()

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    def test_read_is_repeated_when_the_service_fails(self, status: int) -> None:
        at_once = {"retry-after": "0"}
        answers = [
            httpx.Response(status, headers=at_once),
            httpx.Response(200, json={"result": []}),
        ]
        service = Service(lambda request: answers.pop(0))
        assert len(service.connector().sync.teams.list()) == 0
        assert len(service.bodies) == 2

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_write_is_not_repeated_when_the_service_fails(self, status: int) -> None:
        service = Service(lambda request: httpx.Response(status))
        with pytest.raises(APIError):
            service.connector(allow_writes=True).sync.notes.create(contact_id="1", body="x")
        assert len(service.bodies) == 1

    def test_write_has_an_unknown_outcome_when_it_times_out(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            raise httpx.ReadTimeout("late", request=request)

        service = Service(answer)
        with pytest.raises(RequestTimeoutError, match="may have taken effect"):
            service.connector(allow_writes=True).sync.notes.create(contact_id="1", body="x")
        assert len(service.bodies) == 1

    def test_retry_waits_as_requested_when_the_response_has_retry_after(self) -> None:
        answers = [
            httpx.Response(429, headers={"retry-after": "0"}, json={"detail": "busy"}),
            httpx.Response(200, json={"result": []}),
        ]
        service = Service(lambda request: answers.pop(0))
        waits: list[float] = []

        class Recorded(RetryPolicy):
            def wait(self, attempt: int, retry_after: float | None) -> float:
                waits.append(super().wait(attempt, retry_after))
                return 0.0

        patient = Recorded(attempts=2, first_wait=30, max_wait=30)
        assert len(service.connector(retry=patient).sync.teams.list()) == 0
        assert len(waits) == 1
        assert waits[0] < 1
