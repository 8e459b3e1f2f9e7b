"""Masking from a shell and of whole datasets: nothing personal stays, and what stayed is listed."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import intercom_nb as inb
from intercom_nb.cli import job, main
from intercom_nb.dataset import open_dataset
from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames.masking import Masker
from tests.analysis.frames import conversation, frame
from tests.dataset.harness import write_dataset

PEOPLE = ("Mara Lind", "mara@lind.example", "https://lind.example/me", "+46 70 123 45 67")
NAME, EMAIL, URL, PHONE = PEOPLE
TALK = {
    **conversation("2026-10-01"),
    "id": "1",
    "title": "Invoice",
    "source": {
        "type": "email",
        "body": f"I am {NAME}",
        "url": URL,
        "author": {"type": "user", "id": "u", "name": NAME, "email": EMAIL},
    },
    "tags": {"tags": [{"type": "tag", "id": "t", "name": "billing"}]},
    "conversation_parts": {
        "conversation_parts": [
            {
                "id": "p",
                "part_type": "comment",
                "body": PHONE,
                "created_at": 1_790_000_000,
                "author": {"type": "user", "id": "u", "name": NAME, "email": EMAIL},
            }
        ]
    },
    "custom_attributes": {"phone": PHONE, "plan": "pro"},
}


def text_of(folder: Path) -> str:
    return "".join(str(pq.read_table(file).to_pylist()) for file in sorted(folder.iterdir()))


def test_mask_writes_a_copy_without_personal_data_when_texts_is_on(tmp_path: Path) -> None:
    ds = write_dataset(tmp_path / "ds", [[TALK]])
    left = ds.mask(tmp_path / "copy", "key", texts=True)
    text = text_of(tmp_path / "copy")
    assert not [secret for secret in PEOPLE if secret in text]
    assert "billing" in text
    assert {f.stem for f in (tmp_path / "copy").iterdir()} == set(ds.tables)
    pairs = set(left.itertuples(index=False, name=None))
    assert ("conversations", "custom_attributes.plan") in pairs
    assert ("conversations", "source.author.email") not in pairs
    for table in ds.tables:
        copy = pq.read_table(tmp_path / "copy" / f"{table}.parquet")
        assert copy.schema.equals(ds.arrow(table).schema.remove_metadata())
    # The same key gives the same pseudonyms, as for a frame.
    masked = ds.pandas("conversations").intercom.mask("key")["source.author.email"].tolist()
    assert pq.read_table(tmp_path / "copy" / "conversations.parquet")[
        "source.author.email"
    ].to_pylist() == (masked)


def test_mask_raises_when_the_folder_is_inside_the_dataset(tmp_path: Path) -> None:
    ds = write_dataset(tmp_path / "ds", [[TALK]])
    with pytest.raises(InvalidParameterError, match="inside the dataset"):
        ds.mask(tmp_path / "ds" / "copy")
    assert not (tmp_path / "ds" / "copy").exists()


@pytest.mark.slow
def test_execute_prints_pseudonyms_when_mask_is_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = []
    monkeypatch.setenv(job.MASK_KEY, "a key")
    for options in ([], ["--mask"], ["--mask"]):
        arguments = ["execute", "contacts", "list", '{"per_page": 5}', "--demo", "--format", "csv"]
        assert main.main([*arguments, *options]) == job.DONE
        outputs.append(capsys.readouterr())
    plain, masked, again = outputs
    assert masked == again
    emails = pd.read_csv(io.StringIO(plain.out))["email"].dropna()
    assert not [email for email in emails if email in masked.out]
    assert "masked.invalid" in masked.out
    assert masked.err.startswith("Not masked: type, id,")


def test_extract_writes_a_masked_copy_when_mask_is_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, copy = tmp_path / "ds", tmp_path / "copy"
    arguments = ["extract", "admins", "--demo", "--to", str(folder), "--mask", str(copy)]
    assert main.main([*arguments]) == job.DONE
    assert "Not masked:\n  admins: type, id, job_title" in capsys.readouterr().out
    names = open_dataset(folder).pandas("admins")["name"].tolist()
    assert names
    assert not [name for name in names if name in text_of(copy)]


@pytest.mark.parametrize("kind", ["topic", "event", "sla", "workflow"])
def test_mask_keeps_the_names_of_records_when_their_type_is_in_no_catalog(kind: str) -> None:
    rows = pd.DataFrame({"type": [kind], "name": ["Outage"], "contact_name": [NAME]})
    masked = rows.intercom.mask("key")
    assert masked["name"].tolist() == ["Outage"]
    assert NAME not in masked.to_csv()


@pytest.mark.slow
def test_extract_masks_every_table_of_the_demo_when_all_is_given(tmp_path: Path) -> None:
    folder, copy = tmp_path / "ds", tmp_path / "copy"
    arguments = ["extract", "all", "--demo", "--to", str(folder), "--with-parts", "--quiet"]
    assert main.main([*arguments, "--mask", str(copy)]) == job.DONE
    ds = open_dataset(folder)
    assert {file.stem for file in copy.iterdir()} == set(ds.tables)
    topics = pq.read_table(copy / "conversation_topics.parquet")["name"].to_pylist()
    assert topics == ds.pandas("conversation_topics")["name"].tolist()
    emails = [e for e in ds.pandas("contacts")["email"].dropna() if e]
    text = text_of(copy)
    assert emails
    assert not [email for email in emails if email in text]


@pytest.mark.slow
def test_report_shows_pseudonyms_when_mask_is_given() -> None:
    df = frame(*(conversation(f"2026-10-{i:02}", admin_assignee_id=7) for i in range(1, 29)))
    names = {"teammate": {"7": NAME}, "team": {"1": "Billing"}}
    made = inb.report(df, "2026-10", zone="UTC", names=names, mask="key")
    shown = made.results["time_to_close_teammates"]["teammate"].tolist()
    assert shown == [Masker.of("key", texts=True).name(NAME)]
    assert any("pseudonyms" in note for note in made.notes)
    assert NAME not in "".join(frame.to_csv() for frame in made.results.values())
