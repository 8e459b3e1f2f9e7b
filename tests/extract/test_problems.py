"""Records that cannot be fetched: noted by id, requested once a run, and the others go on."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from intercom_nb.errors import APIError
from intercom_nb.extract.api import NotExtractedWarning
from tests.extract.harness import Bench, held_parts


def refuse(b: Bench, answers: dict[str, tuple[int, dict[str, str], Any]]) -> Counter[str]:
    """Answer GETs of some conversations by an error, and count all GETs by id."""
    answer, counts = b.workspace.answer, Counter[str]()

    def refusing(method: str, path: str, query: str, body: bytes) -> Any:
        name = path.rpartition("/")[2]
        if method == "GET" and name.isdecimal():
            counts[name] += 1
            if name in answers:
                return answers[name]
        return answer(method, path, query, body)

    b.workspace.answer = refusing
    return counts


def error(status: int, code: str) -> tuple[int, dict[str, str], Any]:
    return status, {}, {"type": "error.list", "errors": [{"code": code, "message": code}]}


@pytest.mark.slow
@pytest.mark.parametrize("status", [403, 422, 400])
@pytest.mark.filterwarnings("ignore::intercom_nb.extract.api.NotExtractedWarning")
def test_extract_writes_the_other_records_when_one_is_refused(bench, status: int) -> None:
    b = bench(conversations=60, contacts=0)
    bad = sorted(b.workspace.data["conversations"])[7]
    counts = refuse(b, {bad: error(status, "refused")})
    ds = b.extract(with_parts=True)
    assert set(ds.pandas("conversations")["id"]) == set(b.workspace.data["conversations"])
    assert counts[bad] == 1
    assert ds.problems.values.tolist() == [["conversations", bad, f"{status} refused"]]
    assert [p for p in ds.audit["problems"] if p] == [{bad: f"{status} refused"}]
    assert set(ds.audit["state"]) == {"complete"}


def test_extract_warns_with_the_id_when_a_record_is_refused(bench) -> None:
    b = bench(conversations=10, contacts=0)
    bad = sorted(b.workspace.data["conversations"])[3]
    refuse(b, {bad: error(500, "server_error")})
    with pytest.warns(NotExtractedWarning, match=f"{bad} \\(500 server_error\\)"):
        b.extract(with_parts=True)


@pytest.mark.slow
@pytest.mark.parametrize("status", [404, 410])
def test_extract_requests_only_one_id_again_when_its_record_is_gone(bench, status: int) -> None:
    b = bench(conversations=60, contacts=0)
    ghost = sorted(b.workspace.data["conversations"])[7]
    answers = {ghost: error(status, "not_found")}
    counts = refuse(b, answers)
    ds = b.extract(with_parts=True)
    assert ghost not in set(ds.pandas("conversations")["id"])
    assert ds.audit["gone"].sum() == counts[ghost] == 1
    assert set(ds.audit["state"]) == {"complete"}
    for _ in range(2):
        counts.clear()
        b.time += 86_400
        ds = b.extract(with_parts=True)
        assert counts[ghost] == 1
        assert len(counts) <= 2  # and the newest, which may have changed in its last second
    answers.clear()
    ds = b.extract(with_parts=True)
    assert set(ds.pandas("conversations")["id"]) == set(b.workspace.data["conversations"])
    assert ds.problems.empty


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::intercom_nb.extract.api.NotExtractedWarning")
def test_extract_keeps_earlier_parts_when_a_changed_record_is_refused(bench) -> None:
    b = bench(conversations=30, contacts=0)
    ds = b.extract(with_parts=True)
    parts = ds.pandas("conversation_parts")
    changed = parts["conversation_id"].iloc[0]
    b.time += 86_400
    record = b.workspace.data["conversations"][changed]
    b.workspace.data["conversations"][changed] = {**record, "updated_at": int(b.time) - 5}
    answers = {changed: error(403, "refused")}
    refuse(b, answers)
    ds = b.extract(with_parts=True)
    assert len(ds.pandas("conversation_parts")) == len(parts)
    assert ds.problems["id"].tolist() == [changed]
    answers.clear()
    ds = b.extract(with_parts=True)
    assert ds.problems.empty
    times = ds.pandas("conversations", ["id", "updated_at"]).set_index("id")["updated_at"]
    assert (
        int(times[changed].timestamp()) == b.workspace.data["conversations"][changed]["updated_at"]
    )


def test_extract_raises_when_every_record_is_refused(bench) -> None:
    b = bench(conversations=60, contacts=0)
    refuse(b, {key: error(403, "refused") for key in b.workspace.data["conversations"]})
    with pytest.raises(APIError, match="refused"):
        b.extract(with_parts=True)


@pytest.mark.slow
def test_extract_keeps_the_other_parts_when_one_entry_of_a_list_is_null(bench) -> None:
    b = bench(conversations=60, contacts=0)
    parts, records = b.workspace.parts, b.workspace.data["conversations"]
    true = b.workspace.true_parts()
    listed, tagged, timed = [key for key in sorted(records) if len(parts[key]) > 2][:3]
    parts[listed].insert(1, None)
    parts[listed][2]["attachments"] = [{}, {"type": "upload", "name": "b"}, 7]
    records[tagged]["tags"] = {"type": "tag.list", "tags": [None, {"type": "tag", "id": "9"}]}
    records[timed]["waiting_since"] = "soon"
    ds = b.extract(with_parts=True)
    assert held_parts(ds) == true
    files = ds.pandas("conversation_part_attachments")
    assert set(files["name"]) == {"a.png", "b"}
    tags = ds.pandas("conversations", ["id", "tags"]).set_index("id")["tags"]
    assert list(tags[tagged]) == ["9"]
    assert set(ds.audit["state"]) == {"complete"}
    assert sum((Counter(odd) for odd in ds.audit["odd_values"]), Counter()) == {
        "conversations.conversation_parts": 1,
        "conversation_parts.attachments": 2,
        "conversations.tags": 1,
        "conversations.waiting_since": 1,
    }
