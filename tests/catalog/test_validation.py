"""Parameters are checked before anything is sent, and become the types that the API takes."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scripted_server import ScriptedServer

from intercom_nb import catalog
from intercom_nb.catalog.validation import check_params
from intercom_nb.errors import InvalidParameterError, RequestValidationError, UnknownNameError


def check(name: str, params: Any) -> dict[str, Any]:
    return check_params(catalog.operation(*name.split(".")), params)


@pytest.mark.parametrize(
    ("name", "given", "checked"),
    [
        ("contacts.get", {"id": " 5 "}, {"id": "5"}),
        ("contacts.get", {"id": np.int64(2**62)}, {"id": str(2**62)}),
        ("contacts.get", {"id": np.str_("abc")}, {"id": "abc"}),
        ("contacts.list", {"per_page": "50"}, {"per_page": 50}),
        ("contacts.list", {"per_page": 50.0}, {"per_page": 50}),
        ("contacts.list", {"per_page": np.int32(50)}, {"per_page": 50}),
        ("contacts.list", {"per_page": None}, {}),
        ("contacts.list", None, {}),
        ("segments.list", {"include_count": "True"}, {"include_count": True}),
        ("segments.list", {"include_count": np.True_}, {"include_count": True}),
        ("segments.list", {"include_count": False}, {"include_count": False}),
        ("contacts.create", {"role": "lead", "owner_id": 5}, {"role": "lead", "owner_id": "5"}),
        (
            "contacts.create",
            {"email": "ö@ü.example", "name": None},
            {"email": "ö@ü.example", "name": None},
        ),
        (
            "contacts.create",
            {"role": "user", "signed_up_at": "2026-10-01"},
            {"role": "user", "signed_up_at": 1790812800},
        ),
        (
            "contacts.create",
            {
                "role": "user",
                "signed_up_at": dt.datetime(
                    2026, 10, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=2))
                ),
            },
            {"role": "user", "signed_up_at": 1790812800},
        ),
        (
            "conversations.create",
            {
                "from": {"type": "user", "id": "1"},
                "body": "🎉",
                "attachment_urls": ("https://a.example/x",),
            },
            {
                "from": {"type": "user", "id": "1"},
                "body": "🎉",
                "attachment_urls": ["https://a.example/x"],
            },
        ),
    ],
)
def test_check_params_converts_a_value_when_the_api_has_another_type(
    name: str, given: Any, checked: dict[str, Any]
) -> None:
    result = check(name, given)
    assert result == checked
    assert {k: type(v) for k, v in result.items()} == {k: type(v) for k, v in checked.items()}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("teams.get", {"team_id": 7}),
        ("teams.get", {"id": "7"}),
    ],
)
def test_check_params_returns_our_name_when_given_the_name_of_the_api(
    name: str, given: Any
) -> None:
    assert check(name, given) == {"id": "7"}


def test_check_params_returns_its_fields_when_given_the_pagination_object() -> None:
    query = {"field": "role", "operator": "=", "value": "lead"}
    given = {"query": query, "pagination": {"per_page": 5, "starting_after": "a+/=\nb"}}
    assert check("contacts.search", given) == {
        "query": query,
        "per_page": 5,
        "starting_after": "a+/=\nb",
    }


WRONG = [
    ("contacts.list", {"per_page": 0}, "from 1 to 150, not 0"),
    ("contacts.list", {"per_page": 151}, "from 1 to 150, not 151"),
    ("contacts.list", {"per_page": -1}, "not -1"),
    ("contacts.list", {"per_page": 1.5}, "whole number"),
    ("contacts.list", {"per_page": True}, "not True"),
    ("contacts.list", {"per_page": "many"}, "not 'many'"),
    ("contacts.list", {"per_page": [50]}, "not [50]"),
    ("contacts.list", {"per_page": float("nan")}, "not nan"),
    ("contacts.list", {"per_page": float("inf")}, "not inf"),
    ("contacts.list", {"starting_after": 5}, "must be text, not 5"),
    ("contacts.list", {"starting_after": b"x"}, "must be text, not b'x'"),
    ("contacts.list", {"starting_after": "\ud800"}, "must be text"),
    ("contacts.get", {"id": ""}, "an id"),
    ("contacts.get", {"id": "  "}, "an id"),
    ("contacts.get", {"id": "."}, "an id"),
    ("contacts.get", {"id": ".."}, "an id"),
    ("contacts.get", {"id": True}, "an id"),
    ("contacts.get", {"id": 1.0}, "an id"),
    ("contacts.get", {"id": ["1"]}, "an id"),
    ("contacts.get", {"id": "\udfff"}, "an id"),
    ("contacts.get", {}, "contacts.get requires id (text or whole number)."),
    ("contacts.get", {"id": None}, "contacts.get requires id"),
    ("contacts.get", "5", "params must be a dict, not str"),
    ("contacts.get", [("id", "5")], "params must be a dict, not list"),
    ("contacts.create", {"role": "usr"}, "Did you mean user?"),
    ("contacts.create", {"role": 1}, "not 1"),
    ("contacts.create", {"role": "user", "signed_up_at": "soon"}, "not a valid time"),
    ("contacts.create", {"role": "user", "signed_up_at": pd.NaT}, "not a valid time"),
    ("contacts.create", {"role": "user", "signed_up_at": 1767225600000}, "milliseconds"),
    ("contacts.create", {"role": "user", "unsubscribed_from_emails": 1}, "True or False"),
    ("contacts.create", {"role": "user", "unsubscribed_from_emails": "yes"}, "True or False"),
    ("contacts.create", {"role": "user", "unsubscribed_from_emails": pd.NA}, "True or False"),
    ("contacts.create", {"role": "user", "custom_attributes": "plan=pro"}, "a dict"),
    ("contacts.create", {"role": "user", "custom_attributes": [1]}, "a dict"),
    ("contacts.create", {"role": "user", "custom_attributes": {"a": object()}}, "JSON values"),
    ("contacts.create", {"role": "user", "custom_attributes": {"a": math.nan}}, "JSON values"),
    ("contacts.create", {"role": "user", "custom_attributes": {"a": [math.inf]}}, "JSON values"),
    ("contacts.create", {"role": "user", "custom_attributes": {"a": "\ud800"}}, "a dict"),
    ("conversations.create", {"from": {}, "body": "x", "attachment_urls": "https://a"}, "a list"),
    ("conversations.create", {"from": {}, "body": "x", "attachment_urls": [1]}, "a list"),
    ("conversations.create", {"from": {}, "body": "x", "attachment_urls": 5}, "a list"),
    ("tags.create", {"name": "x", "users": ["5"]}, "a list"),
    ("notes.create", {"contact_id": "1"}, "notes.create requires body (text)"),
]


@pytest.mark.parametrize(("name", "given", "says"), WRONG)
def test_check_params_raises_when_a_value_is_invalid(name: str, given: Any, says: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        check(name, given)
    assert name in str(caught.value)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("contacts.list", {"per_pag": 5}, "Did you mean per_page?"),
        ("contacts.list", {"perPage": 5}, "contacts.list has no parameter 'perPage'"),
        ("contacts.list", {"limt": 5}, "Did you mean limit?"),
        ("contacts.list", {"limit": 5}, "Pass limit= as an argument of its own"),
        ("contacts.list", {5: 5}, "contacts.list has no parameter 5"),
        ("teams.list", {"limit": 5}, "teams.list takes no parameters; remove 'limit'"),
        ("contacts.search", {"pagination": {"per_pag": 5}}, "Available: "),
        ("contacts.search", {"pagination": 5}, "no parameter 'pagination'"),
    ],
)
def test_check_params_suggests_the_nearest_name_when_a_parameter_is_unknown(
    name: str, given: Any, says: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        check(name, given)
    assert says in str(caught.value)


@pytest.mark.parametrize(("name", "given", "_"), WRONG)
def test_execute_sends_nothing_when_a_parameter_is_invalid(name: str, given: Any, _: str) -> None:
    script = ScriptedServer([{}])
    with pytest.raises(RequestValidationError):
        script.connector(allow_writes=True).sync.execute(*name.split("."), given)
    assert script.requests == []


@pytest.mark.parametrize(
    ("given", "on_the_wire"),
    [
        ("a/b", b"a%2Fb"),
        ("../admins", b"..%2Fadmins"),
        ("..\\admins", b"..%5Cadmins"),
        ("%2e%2e", b"%252e%252e"),
        ("a?b=c#d", b"a%3Fb%3Dc%23d"),
        ("日本 🎉", b"%E6%97%A5%E6%9C%AC%20%F0%9F%8E%89"),
        ("a\r\nHost: x", b"a%0D%0AHost%3A%20x"),
        ("{contact_id}", b"%7Bcontact_id%7D"),
        ("a@b.example", b"a%40b.example"),
    ],
)
def test_get_encodes_the_id_as_one_path_segment_when_it_has_special_characters(
    given: str, on_the_wire: bytes
) -> None:
    script = ScriptedServer([{"type": "contact", "id": "1"}])
    script.connector().sync.contacts.get(given)
    assert script.requests[0].url.raw_path == b"/contacts/" + on_the_wire
    assert script.requests[0].url.host == "intercom.test"


def test_update_sends_null_when_a_nullable_field_is_none() -> None:
    script = ScriptedServer([{"type": "contact", "id": "1"}])
    c = script.connector(allow_writes=True)
    c.sync.contacts.update("1", phone=None, name="Ada", role=None)
    assert script.bodies == [{"phone": None, "name": "Ada"}]
