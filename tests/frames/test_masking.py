"""Masking by columns: child tables, datasets, SQL, merges, concats, and attributes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from intercom_nb.catalog import record_columns
from intercom_nb.frames import build_frame

WHO = {"name": "Mara Lind", "email": "mara@lind.example", "phone": "+46701234567"}
CONTACT = {
    "type": "contact",
    "id": "1",
    "role": "user",
    **WHO,
    "custom_attributes": {
        "First name": "Mara",
        "homePage": "https://lind.example",
        "street_address": "Storgatan 1",
        "birthday": 643_000_000,
        "plan_name": "pro",
        "note": "www.lind.example/about",
    },
}
TALK = {
    "type": "conversation",
    "id": "7",
    "title": "Invoice",
    "source": {
        "type": "email",
        "author": {"type": "user", "id": "1", "name": WHO["name"], "email": WHO["email"]},
        "url": "https://app.lind.example/mara",
    },
    "contacts": {"contacts": [{"type": "contact", "id": "1", "external_id": WHO["email"]}]},
    "tags": {"tags": [{"type": "tag", "id": "3", "name": "billing"}]},
}
SECRETS = [*WHO.values(), "Mara", "lind.example", "Storgatan", "643000000"]


def contacts() -> pd.DataFrame:
    return build_frame([CONTACT], record_columns("contact"), "contact", {"entity": "contacts"})


def talks() -> pd.DataFrame:
    columns = record_columns("conversation_list_item")
    return build_frame([TALK], columns, "conversation", {"entity": "conversations"})


def assert_hidden(masked: pd.DataFrame) -> None:
    text = masked.to_csv() + str(masked.attrs["intercom"])
    assert [secret for secret in SECRETS if secret in text] == []


def without_attrs(frame: pd.DataFrame) -> pd.DataFrame:
    frame.attrs = {}  # as a dataset, SQL, a groupby or a concat return it
    return frame


@pytest.mark.parametrize("step", [lambda frame: frame, without_attrs], ids=["result", "plain"])
@pytest.mark.parametrize("made", [contacts, talks])
def test_mask_hides_persons_when_attrs_are_lost(made: Any, step: Any) -> None:
    assert_hidden(step(made()).intercom.mask())


@pytest.mark.slow
def test_mask_hides_persons_when_frames_are_merged_and_concatenated() -> None:
    merged = talks().merge(contacts(), left_on="source.author.id", right_on="id")
    assert_hidden(merged.intercom.mask())
    tags = pd.DataFrame({"id": ["1"], "name": ["billing"], "type": ["tag"]})
    assert_hidden(tags.merge(contacts(), on="id").intercom.mask())
    assert_hidden(pd.concat([talks(), contacts()]).intercom.mask())


def test_mask_hides_persons_when_columns_are_renamed_in_sql() -> None:
    frame = pd.DataFrame({"contact_name": ["Mara Lind"], "email_address": [WHO["email"]], "n": [1]})
    masked = frame.intercom.mask("key")
    assert_hidden(masked)
    pseudonym = contacts().intercom.mask("key")["email"][0]
    assert masked["email_address"][0] == pseudonym
    assert masked["n"].tolist() == [1]


def test_mask_hides_persons_and_keeps_tags_when_child_tables_are_masked() -> None:
    people = talks().intercom.children("contacts")
    assert_hidden(people.intercom.mask())
    tags = talks().intercom.children("tags")
    assert tags.intercom.mask()["name"].tolist() == ["billing"]


def test_mask_info_lists_the_columns_when_text_is_not_masked() -> None:
    left = talks().intercom.mask().intercom.info["not_masked"]
    assert "title" in left
    assert "source.author.name" not in left
    left = contacts().intercom.mask().intercom.info["not_masked"]
    assert "custom_attributes.plan_name" in left
    assert "custom_attributes.street_address" not in left


def test_mask_hides_persons_when_cells_hold_objects() -> None:
    frame = pd.DataFrame({"people": [[{"name": "Mara Lind", "email": WHO["email"], "id": "1"}]]})
    masked = frame.intercom.mask()
    assert_hidden(masked)
    assert masked["people"][0][0]["id"] == "1"
