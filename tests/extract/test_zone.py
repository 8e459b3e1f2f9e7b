"""A workspace that could not be asked who and where it is loses nothing and stays itself."""

from __future__ import annotations

import pytest

from intercom_nb.errors import DatasetError
from tests.extract.harness import held

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("told", ["Eastern Time (US & Canada)", None])
@pytest.mark.parametrize("true", ["America/New_York", "Pacific/Kiritimati"])
def test_contacts_are_complete_when_the_zone_is_unknown(bench, monkeypatch, told, true):
    b = bench(contacts=150, conversations=0, zone=true)
    answer = b.workspace.answer

    def with_other_name(method, path, query, body):
        status, headers, said = answer(method, path, query, body)
        if path == "/me":
            said["app"]["timezone"] = told
        return status, headers, said

    monkeypatch.setattr(b.workspace, "answer", with_other_name)
    ds = b.extract("contacts")
    assert held(ds, "contacts") == b.workspace.truth("contacts")
    assert set(ds.audit["state"]) == {"complete"}


def test_extract_is_refused_when_the_workspace_differs_after_an_unknown_name(bench, monkeypatch):
    b = bench(conversations=10)
    b.extract()
    answer = b.workspace.answer
    with monkeypatch.context() as patch:
        patch.setattr(
            b.workspace,
            "answer",
            lambda m, path, *a: (403, {}, {}) if path == "/me" else answer(m, path, *a),
        )
        b.extract()
    b.workspace.name = "w2"
    with pytest.raises(DatasetError, match="w1, not w2"):
        b.extract()
