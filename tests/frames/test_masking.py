"""Masking by columns: child tables, datasets, SQL, merges, concats, and attributes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError
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


PEOPLE = pd.DataFrame(
    {"id": ["1", "2"], "name": ["Mara Lind", "Mara Lund"], "email": ["mara@lind.example", "m@x.io"]}
)
SHAPES: dict[str, Any] = {
    "index": lambda f: f.set_index("email"),
    "unnamed index": lambda f: f.set_index("email").rename_axis(None),
    "levels": lambda f: f.set_index(["id", "name", "email"]),
    "no columns": lambda f: f.set_index("name")[[]],
    "groupby": lambda f: f.groupby("name").size().to_frame("n"),
    "lists": lambda f: f.groupby("email")[["name"]].agg(list),
    "aggregation": lambda f: f.groupby("id").agg({"email": ["first"], "name": ["max", "count"]}),
    "pivot": lambda f: f.assign(n=1).pivot_table(columns="name", values="n"),
    "pivot of lists": lambda f: f.assign(n=1).pivot_table(columns=["email", "name"], values=["n"]),
    "transposed": lambda f: f[["id", "name"]].set_index("name").T,
    "category": lambda f: f.astype("category"),
    "unused category": lambda f: f.astype("category").tail(1),
    "category index": lambda f: f.astype("category").set_index("name"),
    "pyarrow": lambda f: f.convert_dtypes(dtype_backend="pyarrow"),
    "twice": lambda f: pd.concat([f, f], axis=1),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_mask_hides_persons_when_they_are_in_labels_levels_or_categories(shape: str) -> None:
    plain = SHAPES[shape](PEOPLE)
    masked = plain.intercom.mask("key")
    kinds = [dtype.categories for dtype in masked.dtypes if hasattr(dtype, "categories")]
    assert_hidden(masked.assign(kinds=str(kinds)) if kinds else masked)
    assert "Lund" not in masked.to_csv()
    assert masked.shape == plain.shape
    assert masked.index.names == plain.index.names
    assert not {"name", "email"} & set(masked.intercom.info["not_masked"])


def test_mask_returns_the_same_pseudonym_when_a_column_becomes_the_index() -> None:
    masked = PEOPLE.intercom.mask("key")
    assert PEOPLE.set_index("name").intercom.mask("key").index.tolist() == masked["name"].tolist()
    assert isinstance(masked.index, pd.RangeIndex)


# Lists whose records no operation returns on their own, with the names that their rows have.
LISTS = [
    ("conversation", "topics", {"topics": [{"type": "topic", "id": "1", "name": "Outage"}]}),
    ("conversation", "source.attachments", [{"type": "upload", "name": "Outage"}]),
    ("contact", "social_profiles", [{"type": "social_profile", "name": "Outage"}]),
    ("subscription_type", "translations", [{"name": "Outage", "locale": "en"}]),
]


@pytest.mark.parametrize(("record", "name", "items"), LISTS, ids=[name for _, name, _ in LISTS])
def test_mask_keeps_the_names_of_things_when_their_list_is_a_child_table(
    record: str, name: str, items: Any
) -> None:
    path = name.split(".")
    data = {"data": items} if name == "social_profiles" else items
    row = {"id": "1", path[0]: {path[1]: data} if len(path) > 1 else data}
    frame = build_frame([row], record_columns(record), record)
    table = frame.intercom.mask("key").intercom.children(name)
    assert table["name"].tolist() == ["Outage"]
    assert table.intercom.info["masked"]
    assert "name" in table.intercom.info["not_masked"]


def test_mask_hides_persons_when_an_email_names_its_recipients() -> None:
    headers = [{"type": "to", "email_address": WHO["email"], "name": WHO["name"]}]
    part = {"id": "2", "email_message_metadata": {"email_address_headers": headers}}
    row = {"id": "1", "conversation_parts": {"conversation_parts": [part]}}
    frame = build_frame([row], record_columns("conversation"), "conversation")
    parts = frame.intercom.mask("key").intercom.children("conversation_parts")
    table = parts.intercom.children("email_message_metadata.email_address_headers")
    assert len(table) == 1
    assert_hidden(table)


@pytest.mark.parametrize("number", [4912345678, 4912345678.0, Decimal(4912345678), [4912345678]])
@pytest.mark.parametrize("name", ["phone", "custom_attributes.mobile", "Mobile number", "zip"])
def test_mask_drops_numbers_when_the_column_is_personal(name: str, number: Any) -> None:
    rows = pd.DataFrame({name: [number, number], "count": [1, 2], "phone_calls": [3, 4]})
    for frame in (rows, rows.assign(**{name: [number, "+49 12345678"]}), rows.set_index(name)):
        masked = frame.intercom.mask("key")
        assert "12345678" not in masked.to_csv()
        assert masked["phone_calls"].tolist() == [3, 4]
    inside = pd.DataFrame({"people": [{name: number, "seats": 5}]}).intercom.mask("key")
    assert "12345678" not in inside.to_csv()
    assert inside["people"][0]["seats"] == 5


def test_mask_keeps_counts_when_a_label_of_a_pivot_is_a_channel() -> None:
    rows = pd.DataFrame({"channel": ["whatsapp", "email"], "mobile": [4912345678] * 2, "n": 1})
    for values in ("n", ["n"]):
        counts = rows.pivot_table(index="mobile", columns="channel", values=values)
        assert counts.intercom.mask("key").sum().tolist() == [1, 1]
        assert "4912345678" not in counts.intercom.mask("key").to_csv()
    numbers = rows.pivot_table(index="n", columns="channel", values=["mobile"])
    assert "4912345678" not in numbers.intercom.mask("key").to_csv()


def test_mask_drops_dates_when_a_column_of_birthdays_has_objects() -> None:
    frame = pd.DataFrame(
        {"birthday": [dt.date(1990, 5, 17), None], "day": [dt.date(2026, 5, 17)] * 2}
    )
    masked = frame.intercom.mask("key")
    assert masked["birthday"].isna().all()
    assert masked["day"].equals(frame["day"])


@pytest.mark.parametrize(
    "values",
    [
        ["Anna Smith, diabetic", "a@b.example"],
        [["Anna Smith", "a@b.example"], []],
        [{"remark": "Anna Smith", "email": "a@b.example"}, None],
        pd.Categorical(["Anna Smith", "a@b.example"]),
    ],
)
def test_not_masked_lists_a_column_when_one_of_its_texts_stayed(values: Any) -> None:
    frame = pd.DataFrame({"note": values, "address": ["a@b.example", "c@d.example"]})
    assert frame.intercom.mask("key").intercom.info["not_masked"] == ["note"]


def test_not_masked_lists_levels_when_their_texts_stayed() -> None:
    frame = pd.DataFrame({"plan": ["pro"], "note": ["x"], "n": [1]})
    assert _left(frame.set_index("note")) == ["plan", "note"]
    assert _left(frame.set_index("note").rename_axis(None)) == ["plan", "index"]
    assert _left(frame.pivot_table(columns="plan", index="note", values="n")) == ["note", "plan"]
    names = frame.assign(email="a@b.example").pivot(columns="email", index="note", values="n")
    assert "a@b.example" not in str(names.intercom.mask("key").intercom.info)


def _left(frame: pd.DataFrame) -> Any:
    return frame.intercom.mask("key").intercom.info["not_masked"]


def test_mask_raises_when_the_key_is_not_text() -> None:
    with pytest.raises(InvalidParameterError, match=r"must be text, such as .* not int"):
        PEOPLE.intercom.mask(5)
