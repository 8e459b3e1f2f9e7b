"""Arguments of an extraction: refused before the first request, or stored in a readable form."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.dataset import open_dataset
from intercom_nb.dataset.state import EntityState, ExtractOptions
from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.errors import DatasetError, InvalidParameterError, UnknownNameError

BAD_OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"with_parts": 1}, "with_parts must be True or False, not 1"),
    ({"with_parts": "no"}, "with_parts must be True or False, not 'no'"),
    ({"with_parts": None}, "with_parts must be True or False, not None"),
    ({"complete": "yes"}, "complete must be True or False, not 'yes'"),
    ({"complete": 0}, "complete must be True or False, not 0"),
    ({"concurrency": 0}, "concurrency must be a whole number from 1"),
    ({"concurrency": -3}, "concurrency must be a whole number from 1"),
    ({"concurrency": True}, "concurrency must be a whole number from 1"),
    ({"concurrency": 2.5}, "concurrency must be a whole number from 1"),
    ({"concurrency": "4"}, "concurrency must be a whole number from 1"),
    ({"progress": "no"}, "progress must be True, False, None or a function"),
    ({"since": "soon"}, "since: 'soon' is not a valid time"),
    ({"until": ["2026-01-01"]}, "until: .* is not a valid time"),
    ({"since": "2025-11-20", "until": "2025-11-10"}, "must be later than since"),
    ({"since": "2025-11-20", "until": "2025-11-20"}, "must be later than since"),
    ({"until": -5}, "must be later than since"),
    ({"since": "2030-01-01"}, "is in the future"),
    ({"where": "state=open"}, "where must be a dict of filters.*not 'state=open'"),
    ({"where": ["state"]}, "where must be a dict of filters"),
    ({"where": inb.F("state") == "open"}, "where must be a dict of filters.*'state'"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), BAD_OPTIONS, ids=str)
def test_extract_sends_and_writes_nothing_when_an_option_is_invalid(bench, options, message):
    b = bench(conversations=5, contacts=0)
    with pytest.raises(InvalidParameterError, match=message):
        b.extract(**options)
    assert b.transport.requests == 0
    assert not b.folder.exists()


@pytest.mark.parametrize(("options", "message"), BAD_OPTIONS, ids=str)
def test_extract_all_writes_nothing_when_an_option_is_invalid(tmp_path, options, message):
    with pytest.raises(InvalidParameterError, match=message):
        inb.connect("demo").sync.extract_all(tmp_path / "acme", **options)
    assert not (tmp_path / "acme").exists()


def test_extract_all_refuses_a_filter_when_it_selects_records_of_one_entity(tmp_path):
    with pytest.raises(InvalidParameterError, match=r"use it with extract\(\)"):
        inb.connect("demo").sync.extract_all(tmp_path / "acme", where={"state": "open"})
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("call", ["extract", "extract_all"])
def test_extract_suggests_a_name_when_an_option_is_unknown(tmp_path, call):
    entity = ["conversations"] if call == "extract" else []
    with pytest.raises(UnknownNameError, match=r"'untill' is not an option.*mean until\?"):
        getattr(inb.connect("demo").sync, call)(*entity, to=tmp_path / "acme", untill="2026-01-01")


@pytest.mark.parametrize("name", ["workspace", "clock", "latest", "sleep"])
def test_extract_refuses_a_name_when_it_is_not_an_option_of_users(tmp_path, name):
    with pytest.raises(UnknownNameError, match=f"'{name}' is not an option"):
        inb.connect("demo").sync.extract("teams", tmp_path / "acme", **{name: 5})


@pytest.mark.parametrize("entity", [None, 5, ["conversations"]], ids=str)
def test_extract_writes_nothing_when_the_entity_is_not_a_name(tmp_path, entity):
    with pytest.raises(InvalidParameterError, match=r"use extract_all\(\)"):
        inb.connect("demo").sync.extract(entity, to=tmp_path / "acme")
    assert not (tmp_path / "acme").exists()


@pytest.mark.parametrize("folder", [None, 5, b"acme"], ids=str)
def test_dataset_folder_refuses_a_path_when_it_is_not_text(folder):
    with pytest.raises(InvalidParameterError, match="A dataset is a folder, such as 'acme/'"):
        inb.connect("demo").sync.extract("teams", to=folder)
    with pytest.raises(InvalidParameterError, match="A dataset is a folder, such as 'acme/'"):
        open_dataset(folder)


FILTERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"created_at__gt": pd.Timestamp("2026-03-01")}, {"created_at__gt": "2026-03-01T00:00:00"}),
    ({"created_at__gt": np.datetime64("2026-03-01")}, {"created_at__gt": "2026-03-01"}),
    ({"statistics__count_reopens__gt": np.int64(5)}, {"statistics__count_reopens__gt": 5}),
    ({"read": np.bool_(True)}, {"read": True}),
    ({"state__in": np.array(["open"])}, {"state__in": ["open"]}),
    ({"state__in": pd.Series(["open"])}, {"state__in": ["open"]}),
    ({"state__in": iter(["open"])}, {"state__in": ["open"]}),
    ({"state": np.str_("open")}, {"state": "open"}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("where", "stored"), FILTERS, ids=range(len(FILTERS)))
def test_extract_stores_a_filter_when_its_value_is_of_pandas_or_numpy(tmp_path, where, stored):
    extract, only = inb.connect("demo").sync.extract, {"since": "2026-10-30", "progress": False}
    ds = extract("conversations", tmp_path / "acme", where=where, **only)
    assert json.loads(ds.coverage["where"].iloc[0]) == stored
    extract("conversations", tmp_path / "acme", where=stored, **only)  # the same options


def test_extract_reads_its_state_again_when_options_are_of_numpy(bench):
    b = bench(conversations=20, contacts=0)
    ds = b.extract(with_parts=np.bool_(True), concurrency=np.int64(2), since=np.int64(0))
    assert ds.coverage["with_parts"].tolist() == [True]


def test_store_writes_nothing_when_a_state_could_not_be_read_again(tmp_path):
    from intercom_nb.dataset.store import EntityStore

    folder = DatasetFolder(tmp_path / "acme")
    with folder.writer():
        folder.bind_workspace("w")
        store = EntityStore(folder, "teams")
        for options in (ExtractOptions(with_parts=1), ExtractOptions(where="\ud800")):
            with pytest.raises(DatasetError, match="was not written"):
                store.update(options=options)
    assert folder.state("teams") == EntityState()
