"""What IPython shows of an error of ours: one line, and where it happened."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import intercom_nb as inb
from intercom_nb.errors import NotFoundError, UnknownAttributeError
from intercom_nb.shell import tracebacks


def fake_shell(mode: str = "Context", kernel: object = None) -> Any:
    """What a shell has that the tracebacks look at; `published` are its outputs."""
    published: list[dict[str, str]] = []
    return SimpleNamespace(
        InteractiveTB=SimpleNamespace(mode=mode, structured_traceback=lambda *_: ["IPython's"]),
        compile=SimpleNamespace(format_code_name=lambda _: None),
        display_pub=SimpleNamespace(publish=published.append),
        kernel=kernel,
        published=published,
        user_ns={"In": [""]},
    )


def lines_of(error: BaseException, shell: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(tracebacks, "running_shell", lambda: shell)
    return error._render_traceback_()  # type: ignore[attr-defined,no-any-return]


def caught(action: Any) -> Exception:
    with pytest.raises(inb.IntercomError) as found:
        action()
    return found.value


@pytest.mark.parametrize("shell", [None, fake_shell()], ids=["none", "terminal"])
def test_traceback_is_a_line_and_a_position_when_a_terminal_shows_it(
    shell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = caught(lambda: inb.connect("demo").sync.contacts.get("nobody"))
    line, place = lines_of(error, shell, monkeypatch)
    assert line == f"NotFoundError: {error}"
    assert "test_tracebacks.py, line" in place
    assert "%xmode Verbose" in place


@pytest.mark.parametrize("mode", ["Plain", "Verbose", "Minimal", "Docs"])
def test_traceback_is_the_one_of_ipython_when_a_mode_is_chosen(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = caught(lambda: inb.connect("demo").contcats)
    assert lines_of(error, fake_shell(mode), monkeypatch) == ["IPython's"]


def test_traceback_publishes_escaped_details_when_a_notebook_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = fake_shell(kernel=object())
    error = NotFoundError("nothing <b>there</b>", status=404, request_id="<img src=x>")
    error.add_note("<script>note</script>")
    for _ in range(2):  # IPython asks twice
        assert lines_of(error, shell, monkeypatch) == ["NotFoundError: nothing <b>there</b>"]
    (shown,) = shell.published
    html = shown["text/html"]
    assert html.startswith("<details")
    assert "status: 404" in html
    assert "&lt;img src=x&gt;" in html
    assert "<script>" not in html


def test_traceback_details_have_no_internal_frames_when_a_request_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = fake_shell(kernel=object())
    lines_of(caught(lambda: inb.connect("demo").sync.contacts.get("no")), shell, monkeypatch)
    html = shell.published[0]["text/html"]
    assert "test_tracebacks.py" in html
    assert "portal.py" not in html
    assert "concurrent" not in html


@pytest.mark.parametrize(
    ("take", "near"),
    [
        (lambda: inb.connect("demo").contcats, "contacts"),
        (lambda: inb.connect("demo").sync.tagz, "tags"),
        (lambda: inb.connect("demo").contacts.lits, "list"),
        (lambda: inb.conect, "connect"),
    ],
)
def test_attribute_error_suggests_the_nearest_name_when_one_is_misspelled(
    take: Any, near: str
) -> None:
    error = caught(take)
    assert isinstance(error, UnknownAttributeError)
    assert isinstance(error, AttributeError)
    assert near in str(error)


def test_connector_has_no_attribute_when_its_name_is_misspelled() -> None:
    assert not hasattr(inb.connect("demo"), "contcats")
    assert not hasattr(inb, "conect")
