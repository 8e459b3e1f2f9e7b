"""One tree of errors, each of which can be caught, pickled, and read."""

from __future__ import annotations

import pickle
import re

import pytest
from scripted_server import ScriptedServer, contact_page

from intercom_nb import errors
from intercom_nb.errors import APIError, IntercomError, did_you_mean


def tree() -> list[type[IntercomError]]:
    """Every error class that the package makes public in ``errors``."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, Exception)]
    return [k for k in kinds if k.__module__ == errors.__name__]


def test_error_classes_derive_from_intercom_error() -> None:
    assert len(tree()) > 10
    assert all(issubclass(kind, IntercomError) for kind in tree())


def test_errors_docstring_draws_the_class_tree() -> None:
    drawn = re.findall(r"^([│ ├└─]*)(\w+Error)\b", errors.__doc__ or "", re.M)
    assert {name for _, name in drawn} == {kind.__name__ for kind in tree()}
    parents: list[str] = []
    for indent, name in drawn:
        depth = len(indent) // 4
        del parents[depth:]
        if parents:
            assert getattr(errors, name).__bases__[0].__name__ == parents[-1], name
        parents.append(name)


@pytest.mark.parametrize("kind", tree(), ids=lambda k: k.__name__)
def test_error_keeps_its_attributes_when_it_is_pickled(kind: type[IntercomError]) -> None:
    error = (
        kind("what happened", status=404, code="not_found", request_id="r")
        if issubclass(kind, APIError)
        else kind("what happened")
    )
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == "what happened"
    assert vars(again) == vars(error)


def test_paging_error_keeps_its_partial_rows_when_it_is_pickled() -> None:
    script = ScriptedServer([contact_page(["1"], "b"), contact_page(["1"], "b")])
    with pytest.raises(errors.PagingError) as caught:
        script.connector().sync.contacts.list(limit=None)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.partial["id"].tolist() == ["1"]


@pytest.mark.parametrize("kind", tree(), ids=lambda k: k.__name__)
def test_error_class_has_a_docstring_and_no_name_of_a_builtin(kind: type[IntercomError]) -> None:
    import builtins

    assert not hasattr(builtins, kind.__name__)
    assert kind.__doc__


@pytest.mark.parametrize(
    ("name", "known", "says"),
    [
        ("contcats", ["contacts", "tags"], " Did you mean contacts?"),
        ("tag", ["tags", "tage"], " Did you mean tags or tage?"),
        ("zzz", ["a", "b"], " Available: a, b."),
        ("zzz", [str(i) for i in range(41)], ""),
        ("zzz", [], ""),
        (None, ["a"], " Available: a."),
        (5, ["5"], " Did you mean 5?"),
    ],
)
def test_did_you_mean_returns_the_nearest_names_or_all_when_they_are_few(
    name: str, known: list[str], says: str
) -> None:
    assert did_you_mean(name, known) == says
