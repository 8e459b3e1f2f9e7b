"""``df.intercom``: text, links, pseudonyms, joins, and Parquet files that lose nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scripted_server import ScriptedServer, demo_connector

from intercom_nb import catalog
from intercom_nb.errors import InvalidParameterError, UnknownNameError
from intercom_nb.frames import read_parquet
from intercom_nb.frames.plaintext import text_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def contacts() -> pd.DataFrame:
    return demo_connector().sync.contacts.list(limit=None)


@pytest.fixture(scope="module")
def talks() -> pd.DataFrame:
    return demo_connector().sync.conversations.list(limit=200)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hi &amp; hello</p><p>there</p>", "Hi & hello\nthere"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<style>p{}</style><script>alert(1)</script>x", "x"),
        ('<img src="a.png"> see', "[image] see"),
        ("a\n  b&nbsp; c", "a b c"),
        ("1 < 2 and <b>bold", "1 < 2 and bold"),
        ("plain\n text", "plain text"),
        ("", ""),
    ],
)
def test_text_of_returns_plain_text_when_it_has_markup(html: str, text: str) -> None:
    assert text_of(html) == text


def test_plaintext_returns_a_column_without_markup_when_it_holds_html(talks: pd.DataFrame) -> None:
    texts = talks.intercom.plaintext("source.body")
    assert texts.index.equals(talks.index)
    assert texts.isna().equals(talks["source.body"].isna())
    assert not texts.str.contains("<p>", na=False).any()
    with pytest.raises(UnknownNameError, match=r"source\.body"):
        talks.intercom.plaintext("source.bdy")


def test_link_returns_the_web_address_of_each_row_when_the_entity_has_pages(
    contacts: pd.DataFrame, talks: pd.DataFrame
) -> None:
    first = contacts.iloc[0]
    assert contacts.intercom.link()[0] == (
        f"https://app.intercom.com/a/apps/{first['workspace_id']}"
        f"/users/{first['id']}/all-conversations"
    )
    key = talks["id"][0]
    assert (
        talks.intercom.link()[0] == f"https://app.intercom.com/a/inbox/_/inbox/conversation/{key}"
    )
    assert "/a/inbox/abc/" in talks.intercom.link("abc")[0]
    people = demo_connector().sync.companies.list_contacts(_company(), limit=1)
    assert "/users/" in people.intercom.link()[0]
    with pytest.raises(UnknownNameError, match="have no page in Intercom"):
        demo_connector().sync.tags.list().intercom.link()


def _company() -> str:
    return str(demo_connector().sync.companies.list(limit=1)["id"][0])


@pytest.mark.parametrize(("region", "host"), [("eu", "app.eu."), ("au", "app.au."), ("us", "app.")])
def test_links_have_the_host_of_the_region_when_the_base_url_names_one(
    region: str, host: str
) -> None:
    from intercom_nb.frames.links import links

    base = f"https://api.{'' if region == 'us' else region + '.'}intercom.io"
    frame = pd.DataFrame({"id": ["1"]})
    assert links(frame, "companies", base, "x")[0].startswith(
        f"https://{host}intercom.com/a/apps/x/"
    )


PERSONAL = ["name", "email", "phone", "location.city", "location.country", "email_domain"]


def test_mask_replaces_names_addresses_and_numbers_when_contacts_are_masked(
    contacts: pd.DataFrame,
) -> None:
    masked = contacts.intercom.mask()
    for name in PERSONAL:
        had = contacts[name].notna() & (contacts[name] != "")
        assert had.any()
        assert masked[name].notna().equals(contacts[name].notna())
        assert not set(contacts[name][had]) & set(masked[name][had])
        pairs = set(zip(contacts[name][had].str.casefold(), masked[name][had], strict=True))
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert masked["id"].equals(contacts["id"])
    assert masked.dtypes.equals(contacts.dtypes)
    text = masked.to_csv() + json.dumps(masked.intercom.info)
    emails = [e for e in contacts["email"].dropna() if e]
    assert emails
    assert not [e for e in emails if e in text]
    assert masked.intercom.info["masked"] is True


def test_masked_frames_join_like_the_originals_when_no_key_is_given(
    contacts: pd.DataFrame, talks: pd.DataFrame
) -> None:
    people = contacts[["id", "email"]].rename(columns={"email": "source.author.email"})
    plain = talks.merge(people, on="source.author.email")
    hidden = talks.intercom.mask().merge(
        contacts.intercom.mask()[["id", "email"]].rename(columns={"email": "source.author.email"}),
        on="source.author.email",
    )
    assert len(plain) > 50
    assert hidden["id_x"].tolist() == plain["id_x"].tolist()
    assert hidden["id_y"].tolist() == plain["id_y"].tolist()


def test_mask_returns_the_same_pseudonyms_when_the_key_is_the_same(contacts: pd.DataFrame) -> None:
    few = contacts.head(20)
    one, two = few.intercom.mask("key"), few.intercom.mask("key")
    assert one["email"].equals(two["email"])
    assert not one["email"].equals(few.intercom.mask("other key")["email"])
    assert not one["email"].equals(few.intercom.mask()["email"])


def test_mask_hides_persons_in_child_tables_when_the_parent_is_masked(talks: pd.DataFrame) -> None:
    frame = demo_connector().sync.conversations.get(talks["id"][0])
    parts = frame.intercom.children("conversation_parts")
    hidden = frame.intercom.mask(texts=True).intercom.children("conversation_parts")
    assert hidden["id"].equals(parts["id"])
    assert not set(parts["author.email"].dropna()) & set(hidden["author.email"].dropna())
    said = parts["body"].notna()
    assert hidden["body"][said].str.fullmatch(r"\[\d+ characters\]").all()
    c = demo_connector().sync
    for public in (c.tags.list(), c.teams.list(), c.help_center_collections.list()):
        assert public.intercom.mask()["name"].equals(public["name"])
    for private in (c.admins.list(), c.companies.list(limit=20)):
        assert not set(private["name"]) & set(private.intercom.mask()["name"])


def test_mask_replaces_addresses_when_they_are_in_other_columns() -> None:
    row = {"type": "contact", "id": "1", "external_id": "a@b.example", "role": "user"}
    row |= {"custom_attributes": {"second": "c@d.example", "plan": "pro"}}
    script = ScriptedServer([{"data": [row], "pages": None}])
    masked = script.connector().sync.contacts.list().intercom.mask()
    assert masked["external_id"][0].endswith("@masked.invalid")
    assert masked["custom_attributes.second"][0].endswith("@masked.invalid")
    assert masked["custom_attributes.plan"][0] == "pro"


def test_join_returns_one_row_per_id_when_the_key_is_a_list(
    contacts: pd.DataFrame, talks: pd.DataFrame
) -> None:
    joined = talks.intercom.join("contacts", contacts[["id", "email", "role"]])
    assert len(joined) == talks["contacts"].map(len).sum()
    by_id = contacts.set_index("id")["email"]
    for row in joined.head(50).itertuples():
        record = joined.loc[row.Index]
        assert record["contact.id"] in record["contacts"]
        assert record["contact.email"] == by_id[record["contact.id"]]
    assert joined.intercom.info == talks.intercom.info


def test_join_keeps_the_number_of_rows_when_the_key_is_one_id(talks: pd.DataFrame) -> None:
    c = demo_connector().sync
    admins, teams = c.admins.list(), c.teams.list()
    joined = talks.intercom.join("admins", admins).intercom.join("teams", teams)
    assert len(joined) == len(talks)
    names = admins.set_index("id")["name"]
    expected = talks["admin_assignee_id"].map(names)
    assert joined["admin.name"].fillna("").tolist() == expected.fillna("").tolist()
    contact = talks.intercom.join("contacts", c.contacts.list(limit=5), on="source.author.id")
    assert len(contact) == len(talks)
    with pytest.raises(UnknownNameError, match="Pass it as on="):
        talks.intercom.join("newsfeeds", c.newsfeeds.list())
    with pytest.raises(InvalidParameterError, match="prefix"):
        talks.intercom.join("admins", admins, prefix="")


@pytest.mark.parametrize(
    "name",
    ["contacts", "conversations", "companies", "articles", "calls", "admins", "news_items"],
)
def test_parquet_returns_the_same_frame_when_it_is_read_back(name: str, tmp_path: Path) -> None:
    frame = getattr(demo_connector().sync, name).list(
        **({"limit": 200} if catalog.operation(name, "list").paging.style != "none" else {})
    )
    back = read_parquet(frame.intercom.to_parquet(tmp_path / "a.parquet"))
    assert_frame_equal(back, frame, check_exact=True)
    for column in frame.columns[[str(dtype) == "object" for dtype in frame.dtypes]]:
        assert back[column].tolist() == frame[column].tolist()
    assert back.attrs == frame.attrs
    assert back.intercom.info == frame.intercom.info
    with pytest.raises(UnknownNameError, match="not stored in files"):
        back.intercom.children("tags")


def test_parquet_returns_the_same_values_when_their_types_are_mixed(tmp_path: Path) -> None:
    rows = [{"id": str(i), "custom_attributes": {"odd": v}} for i, v in enumerate(MIXED)]
    script = ScriptedServer([{"data": rows, "pages": None}])
    frame = script.connector().sync.contacts.list()
    back = read_parquet(frame.intercom.to_parquet(tmp_path / "a.parquet"))
    assert_frame_equal(back, frame, check_exact=True)
    kinds = [type(v) for v in back["custom_attributes.odd"]]
    assert kinds == [type(v) for v in frame["custom_attributes.odd"]]


MIXED = [1, "two", 3.5, None, True, [1, "a"], 2**60]


def test_parquet_keeps_ids_and_attrs_when_pandas_reads_it(
    talks: pd.DataFrame, tmp_path: Path
) -> None:
    back = pd.read_parquet(talks.intercom.to_parquet(tmp_path / "a.parquet"))
    assert back["id"].tolist() == talks["id"].tolist()
    assert back.attrs["intercom"]["entity"] == "conversations"
    with pytest.raises(UnknownNameError, match="not stored in files"):
        back.intercom.children("tags")


def test_children_follow_the_index_when_it_is_named_id(talks: pd.DataFrame) -> None:
    few = talks[talks["tags"].map(bool)].head(3)
    expected = few.intercom.children("tags")
    assert len(expected) >= 3
    assert_frame_equal(few.set_index("id").intercom.children("tags"), expected)
    assert_frame_equal(few.set_index(["state", "id"]).intercom.children("tags"), expected)


@pytest.mark.parametrize(
    "step",
    [lambda f: f[["state"]], lambda f: f.rename(columns={"id": "key"})],
    ids=["cut", "named"],
)
def test_children_raise_when_the_frame_has_no_ids(talks: pd.DataFrame, step: Any) -> None:
    with pytest.raises(UnknownNameError, match="Keep the column 'id'"):
        step(talks.head(2)).intercom.children("tags")
    with pytest.raises(UnknownNameError, match="Keep the column 'id'"):
        step(talks.head(2)).intercom.mask().intercom.children("tags")


def test_to_excel_and_to_csv_write_every_row_when_a_result_is_exported(
    talks: pd.DataFrame, tmp_path: Path
) -> None:
    pytest.importorskip("openpyxl")
    back = pd.read_excel(talks.intercom.to_excel(tmp_path / "a.xlsx"), dtype={"id": str})
    assert back["id"].tolist() == talks["id"].tolist()
    assert back["created_at (UTC)"].tolist() == talks["created_at"].dt.tz_localize(None).tolist()
    back = pd.read_csv(talks.intercom.to_csv(tmp_path / "a.csv"), dtype={"id": str})
    assert back["id"].tolist() == talks["id"].tolist()


@pytest.mark.parametrize("name", ["h2.html", "a.csv", "a.xls", "v1.2"])
def test_to_excel_raises_before_it_writes_when_the_suffix_is_of_another_format(
    name: str, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"id": ["1"]})
    wanted = str(Path(name).with_suffix(".xlsx"))
    with pytest.raises(InvalidParameterError, match=rf"not the name of a \.xlsx file.*'{wanted}'"):
        frame.intercom.to_excel(tmp_path / name)
    if not name.endswith(".csv"):
        with pytest.raises(InvalidParameterError, match=r"not the name of a \.csv file"):
            frame.intercom.to_csv(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.txt", "a"])
def test_to_csv_writes_a_file_when_its_suffix_fits(name: str, tmp_path: Path) -> None:
    assert pd.DataFrame({"id": ["1"]}).intercom.to_csv(tmp_path / name).read_text() == "id\n1\n"


def test_to_excel_raises_when_the_zone_is_not_text(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    times = pd.DataFrame({"at": [pd.Timestamp("2026-10-01", tz="UTC")]})
    with pytest.raises(InvalidParameterError, match="None is not a valid time zone"):
        times.intercom.to_excel(tmp_path / "a.xlsx", zone=None)


def test_accessor_raises_when_several_columns_have_the_name(talks: pd.DataFrame) -> None:
    twice = pd.concat([talks, talks], axis=1)
    twice.attrs = talks.attrs
    steps: list[Any] = [
        lambda: twice.intercom.plaintext("title"),
        lambda: twice.intercom.children("tags"),
        lambda: twice.intercom.link(),
    ]
    for step in steps:
        with pytest.raises(InvalidParameterError, match="2 columns have the name"):
            step()
