"""``%intercom``: what it asks, what it says, what it refuses."""

from __future__ import annotations

import datetime as dt
import sys

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import intercom_nb as inb
from intercom_nb import catalog
from intercom_nb.errors import InvalidParameterError, UnknownNameError
from intercom_nb.magics.parser import arguments
from intercom_nb.magics.query_body import read_body
from intercom_nb.magics.tokenizer import split

from .conftest import Shell

pytestmark = pytest.mark.slow


def read(entity: str, action: str, line: str, **variables: object) -> dict[str, object]:
    return arguments(catalog.operation(entity, action), split(line), variables)


def test_magic_returns_the_frame_when_an_action_is_given(shell: Shell) -> None:
    found = shell.run("%intercom contacts list --limit 7 --per-page 3")
    c = shell.ip.user_ns["c"]
    assert_frame_equal(found, c.sync.contacts.list(limit=7))
    assert found.attrs["intercom"]["requests"] == 3
    assert "Using c (the default): <IntercomConnector: direct" in shell.printed()
    assert len(shell.run("x = %intercom contacts list --limit 2\nx")) == 2
    assert "Using" not in shell.printed()  # the same as before


def test_search_equals_that_of_python_when_filters_are_on_the_line(shell: Shell) -> None:
    found = shell.run(
        "%intercom conversations search --state open --created_at__gt 2026-10-01 --limit all"
    )
    c = shell.ip.user_ns["c"]
    same = c.sync.conversations.search(state="open", created_at__gt="2026-10-01", limit=None)
    assert len(found) > 10
    assert_frame_equal(found, same)


CONDITIONS = """
# what waits
state = open
created_at > $since
source.type in email, conversation
or
priority == "priority"
"""


def test_search_applies_every_condition_when_they_are_lines_of_the_cell(shell: Shell) -> None:
    shell.ip.user_ns["since"] = pd.Timestamp("2026-10-01", tz="UTC")
    shell.run(f"%%intercom df << conversations search --limit all\n{CONDITIONS}")
    assert "df: " in shell.printed()
    found = shell.ip.user_ns["df"]
    first = (found["state"] == "open") & (found["created_at"] > "2026-10-01")
    assert (
        (first & found["source.type"].isin(["email", "conversation"]))
        | (found["priority"] == "priority")
    ).all()
    c = shell.ip.user_ns["c"]
    asked = (
        (inb.F("state") == "open")
        & (inb.F("created_at") > "2026-10-01T00:00:00Z")
        & inb.F("source.type").isin(["email", "conversation"])
    ) | (inb.F("priority") == "priority")
    assert_frame_equal(found, c.sync.conversations.search(asked, limit=None))


@pytest.mark.parametrize(
    "body",
    [
        '{"field": "state", "operator": "=", "value": "open"}',
        '{"state": "$which"}',
        '{"query": {"field": "state", "operator": "=", "value": "open"},\n'
        ' "pagination": {"per_page": 20}}',
    ],
    ids=["the API's language", "filters", "a whole body"],
)
def test_search_uses_the_query_when_the_cell_is_json(shell: Shell, body: str) -> None:
    shell.ip.user_ns["which"] = "open"
    found = shell.run(f"%%intercom conversations search --limit 20\n{body}")
    assert found.attrs["intercom"]["params"]["query"]["value"] == "open"
    assert set(found["state"]) == {"open"}


def test_create_sends_the_parameters_when_the_cell_is_json(shell: Shell) -> None:
    shell.run('c = __import__("intercom_nb").connect("demo", allow_writes=True)')
    made = shell.run(
        '%%intercom contacts create\n{"role": "user", "email": "ada@example.com",\n'
        ' "custom_attributes": {"plan": "pro"}}'
    )
    assert made["email"].tolist() == ["ada@example.com"]
    assert made["custom_attributes.plan"].tolist() == ["pro"]
    assert "not a search" in shell.fail("%%intercom contacts create\nrole = user")


def test_arguments_have_the_types_of_the_catalog_when_they_are_text() -> None:
    line = '--email ada@example.com --custom_attributes {"n": 5, "who": "$name"} --owner_id 007'
    assert read("contacts", "create", line, name="Ada L.") == {
        "email": "ada@example.com",
        "custom_attributes": {"n": 5, "who": "Ada L."},
        "owner_id": "007",
    }
    assert read("contacts", "create", "--unsubscribed_from_emails --name=x") == {
        "unsubscribed_from_emails": True,
        "name": "x",
    }
    assert read("contacts", "create", "--unsubscribed_from_emails false") == {
        "unsubscribed_from_emails": False
    }
    assert read("contacts", "get", "007") == {"id": "007"}
    found = read("conversations", "search", "--team_assignee_id__in 1,2 --open true --sort -id")
    assert found == {"team_assignee_id__in": [1, 2], "open": True, "sort": "-id"}
    assert read("contacts", "search", '--custom_attributes.n 5 --custom_attributes.t "5"') == {
        "custom_attributes.n": 5,
        "custom_attributes.t": "5",
    }
    assert read("contacts", "search", "--custom_attributes.t $t --name $n", t="5", n="null") == {
        "custom_attributes.t": "5",  # text in a variable is text
        "name": "null",
    }


def test_list_argument_is_equal_when_it_is_written_in_any_form() -> None:
    for line in ("--topics a,b", '--topics ["a", "b"]', "--topics a --topics b", "--topics $l"):
        operation = next(
            op
            for op in catalog.operations()
            if any(p.type == "array<string>" and not p.enum for p in op.params)
        )
        name = next(p.name for p in operation.params if p.type == "array<string>")
        found = arguments(operation, split(line.replace("topics", name)), {"l": ["a", "b"]})
        assert found == {name: ["a", "b"]}


def test_magic_reads_a_variable_as_one_value_when_it_holds_options_and_quotes() -> None:
    hostile = 'x --email evil@example.com "{'
    found = read(
        "contacts", "create", "--name $who --email {box.lower()}", who=hostile, box="A@B.C"
    )
    assert found == {"name": hostile, "email": "a@b.c"}
    when = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    assert read("contacts", "create", "--signed_up_at $when", when=when) == {"signed_up_at": when}
    assert read("contacts", "create", "--name x-$n-{n+1} --email $$n", n=1) == {
        "name": "x-1-2",
        "email": "$n",
    }
    with pytest.raises(
        InvalidParameterError, match=r"No variable named 'sinse'\. Did you mean since"
    ):
        read("contacts", "create", "--name $sinse", since="7d")
    # Not the names of all variables of the notebook.
    with pytest.raises(InvalidParameterError, match=r"No variable named 'xyz'\. For a dollar"):
        read("contacts", "create", "--name $xyz", since="7d")
    with pytest.raises(InvalidParameterError, match="ZeroDivisionError"):
        read("contacts", "create", "--name {1/0}")


def test_magic_returns_frames_when_it_runs_in_a_loop_or_a_function(shell: Shell) -> None:
    shell.run("sizes = {}\nfor e in ['teams', 'admins']:\n    sizes[e] = %intercom {e} list\n")
    assert {name: len(frame) for name, frame in shell.ip.user_ns["sizes"].items()} == {
        "teams": 6,
        "admins": len(shell.ip.user_ns["c"].sync.admins.list()),
    }
    shell.run(
        "def first(n):\n    return get_ipython().run_line_magic('intercom', "
        "'contacts list --limit $n')\nfound = first(4)"
    )
    assert len(shell.ip.user_ns["found"]) == 4


def test_condition_is_refused_when_its_operator_is_missing_or_unknown() -> None:
    search = catalog.operation("conversations", "search")
    for body, said in {
        "state open": "unknown operator 'open'|not a valid condition",
        "state like open": "unknown operator 'like'",
        "or": "must be between",
        "{": "not valid JSON",
    }.items():
        with pytest.raises(InvalidParameterError, match=said):
            read_body(search, body, {})
    assert read_body(search, "# nothing\n\n", {}) == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("contcts list", "UnknownNameError: Unknown entity 'contcts'. Did you mean contacts"),
        ("contacts lst", "UnknownNameError: contacts has no action 'lst'. Did you mean list?"),
        ("contacts list --perpage 3", "no parameter 'perpage'. Did you mean per_page?"),
        ("contacts search --emial x", "no parameter or field 'emial'. Did you mean email?"),
        ("contacts list --per_page 999", "per_page must be a whole number from 1 to 150"),
        ("contacts list --limit some", "--limit must be a whole number from 1, or all"),
        ("contacts list 3", "'3' has no parameter name"),
        ("contacts list limit=3", "has no parameter name. Write: --limit 3."),
        ("contacts", "Add an action after contacts. Valid actions: list, search"),
        ("contacts get", "contacts.get requires id"),
        ('contacts get "x', "Unclosed"),
        ("contacts create --role user", "WritesNotAllowedError: contacts.create changes"),
        ("contacts update_many", "Use c.sync.contacts.update_many"),
        ("contacts get nobody", "NotFoundError: contacts.get: the server responded with 404"),
        ("1x << contacts list", "'1x' is not a valid variable name"),
        ("use nothing", "No variable named 'nothing'. Connectors: c"),
        ("-c x contacts list", "No variable named 'x'"),
    ],
)
def test_magic_error_is_one_message_when_the_line_is_wrong(
    shell: Shell, line: str, said: str
) -> None:
    shell.run("%intercom use")
    shown = shell.fail(f"%intercom {line}")
    message, where = shown.strip().splitlines()
    assert said in message
    assert where.endswith("line 1. All frames: %xmode Verbose")
    assert "Traceback" not in shown


def test_magic_raises_when_an_argument_is_given_twice(shell: Shell) -> None:
    assert "is given twice" in shell.fail("%intercom contacts list --per_page 3 --per_page 4")
    cell = '%%intercom conversations search --query {"state": "open"}\nstate = closed'
    assert "on the line and in the cell" in shell.fail(cell)


def test_magic_names_the_connector_when_another_one_is_used(shell: Shell) -> None:
    shell.run("other = __import__('intercom_nb').connect('demo', mode='hosted')")
    shell.run("%intercom teams list")
    assert "Using c (the default): <IntercomConnector: direct" in shell.printed()
    shell.run("%intercom -c other teams list")
    assert "Using other (-c on this line): <IntercomConnector: hosted" in shell.printed()
    shell.run("%intercom use other")
    assert "Using other (%intercom use): <IntercomConnector: hosted" in shell.printed()
    assert shell.run("%intercom teams list").attrs["intercom"]["mode"] == "hosted"
    shell.run("%intercom use")
    assert "Using other" in shell.printed()
    shell.run("del other, c")
    assert "No variable named 'other'" in shell.fail("%intercom teams list")


def test_magic_error_names_the_login_command_when_there_is_no_connector(shell: Shell) -> None:
    shell.run("c = 5")
    shown = shell.fail("%intercom teams list")
    assert "c is not a connector." in shown
    assert "%intercom login" in shown


def test_magic_uses_the_connector_of_the_form_when_login_was_shown(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cannot show a form" in repr(shell.run("%intercom login"))
    shell.run("%intercom teams list")
    assert "Using c" in shell.printed()
    monkeypatch.setattr(
        sys.modules["intercom_nb.widgets.login.login_form"], "_is_interactive", lambda: True
    )
    form = shell.run("%intercom login")
    assert "not connected yet" in shell.fail("%intercom teams list")
    form.connector = inb.connect("demo")
    shell.run("%intercom teams list")
    assert "Using the form of %intercom login" in shell.printed()
    assert "fill in the form" in shell.fail("%intercom login now")


@pytest.mark.parametrize(
    ("line", "token"),
    [
        ("intercom login {token}", "dG9rOmEyNGZmYzYw"),
        ("intercom login Bearer {token}", "s3cr3t-w0rds"),
        ("intercom contacts list --access_token {token}", "s3cr3t-w0rds"),
        ("intercom contacts list --token={token}", "s3cr3t-w0rds"),
        ("intercom login airbyte_client_secret = {token}", "s3cr3t-w0rds"),
        ("%intercom_sql acme\nselect '{token}'", "dG9rOmEyNGZmYzYw"),
    ],
)
def test_credential_is_removed_from_the_history_when_it_is_on_the_line(
    shell: Shell, line: str, token: str
) -> None:
    shown = shell.fail(f"%{line.format(token=token)}")
    assert "CredentialError: Credentials must not be typed into a cell" in shown
    assert token not in shown
    shell.run("1 + 1")
    shell.run("2 + 2")
    inputs = {n: v for n, v in shell.ip.user_ns.items() if n.startswith("_i") or n == "In"}
    kept = {name for name, value in inputs.items() if token in repr(value)}
    assert kept == set()
    assert "2 + 2" in inputs["In"]
    assert token not in repr(list(shell.ip.history_manager.get_range(raw=True)))
    assert token.encode() not in shell.written_history()
    assert b"2 + 2" in shell.written_history()


def test_magic_suggests_limit_all_when_the_result_is_cut(shell: Shell) -> None:
    shell.run("%intercom df << conversations list")
    assert "Showing the first 1,000 of " in (said := shell.printed())
    assert "--limit all" in said
    shell.run("%intercom df << conversations list --limit 5")
    assert "--limit all" not in shell.printed()


def test_help_lists_entities_actions_and_fields_when_it_is_requested(shell: Shell) -> None:
    shell.run("%intercom --help")
    overview, entities = shell.printed(), set(shell.ip.user_ns["c"].entities["entity"])
    assert [n for n in entities if f"  {n} " not in overview] == []
    shell.run("%intercom contacts --help")
    actions = shell.printed()
    assert all(f"  {a} " in actions for a in catalog.actions("contacts") if a[:7] != "context")
    shell.run("%intercom conversations search --help")
    search = shell.printed()
    fields = catalog.search_fields("conversations")
    assert fields is not None
    for name in [*fields.fields, "--per_page", "--limit", "snoozed"]:
        assert name in search
    shell.run("%intercom -h contacts get")
    assert "%intercom contacts get ID" in shell.printed()


def test_help_names_the_parameters_of_every_operation(shell: Shell) -> None:
    from intercom_nb.magics.help import manual
    from intercom_nb.magics.parser import Line

    for operation in catalog.operations():
        told = manual(Line(split(f"{operation.entity} {operation.action}")), [operation])
        assert all(f"--{p.name}" in told for p in operation.params if p.name != "query")
        assert max(map(len, told.splitlines()[1:])) <= 100


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("%intercom cont", "%intercom contacts"),
        ("df = %intercom cont", "df = %intercom contacts"),
        ("%intercom df << conv", "%intercom df << conversations"),
        ("x = 1\n%intercom contacts se", "x = 1\n%intercom contacts search"),
        ("%intercom contacts list --pe", "%intercom contacts list --per_page"),
        ("%intercom contacts list --per-", "%intercom contacts list --per_page"),
        ("%intercom contacts create --role ", "%intercom contacts create --role lead"),
        ("%intercom conversations search --state=o", "%intercom conversations search --state=open"),
        (
            "%intercom conversations search --created_at__g",
            "%intercom conversations search --created_at__gte",
        ),
        ("%intercom contacts list --limit ", "%intercom contacts list --limit all"),
        ("%intercom -c ", "%intercom -c c"),
        ("%intercom contacts get $ne", "%intercom contacts get $needle"),
        ("%%intercom conversations search\nst", "%%intercom conversations search\nstate"),
        ("%%intercom conversations search\nstate ", "%%intercom conversations search\nstate ="),
        (
            "%%intercom conversations search\nstate = o",
            "%%intercom conversations search\nstate = open",
        ),
        (
            "%%intercom conversations search\nstate in open, cl",
            "%%intercom conversations search\nstate in open, closed",
        ),
    ],
)
def test_completion_offers_a_continuation_when_tab_is_pressed(
    shell: Shell, text: str, offered: str
) -> None:
    shell.ip.user_ns["needle"] = "1"
    found = shell.offers(text)
    assert offered in found
    assert [
        one for one in found if not one.replace("_", "-").startswith(text.replace("_", "-"))
    ] == []


def test_completion_omits_an_option_when_it_is_already_on_the_line(shell: Shell) -> None:
    offers = shell.offers("%intercom contacts list --per_page 3 --")
    assert "%intercom contacts list --per_page 3 --per_page" not in offers
    assert any(one.endswith("--limit") for one in offers)
    assert not any("contacts" in one for one in shell.offers("cont"))


def test_arguments_are_refused_when_a_parameter_is_unknown() -> None:
    with pytest.raises(UnknownNameError, match=r"teams\.list has no parameter 'size'"):
        read("teams", "list", "--size 3")


def test_magics_are_gone_when_the_extension_is_unloaded(shell: Shell) -> None:
    shell.run("%reload_ext intercom_nb")
    assert shell.offers("%intercom cont").count("%intercom contacts") == 1
    shell.run("%unload_ext intercom_nb")
    assert "%intercom contacts" not in shell.offers("%intercom cont")
    assert "intercom" not in shell.ip.magics_manager.magics["line"]
    assert "intercom_sql" not in shell.ip.magics_manager.magics["cell"]
