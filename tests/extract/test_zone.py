"""Contacts of a workspace whose time zone is not known here are extracted without a loss."""

from __future__ import annotations

import pytest

from tests.extract.harness import held


@pytest.mark.parametrize("told", ["Eastern Time (US & Canada)", None])
@pytest.mark.parametrize("true", ["America/New_York", "Pacific/Kiritimati"])
def test_a_zone_that_is_not_known_loses_no_contact(bench, monkeypatch, told, true):
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
