"""Answers that are no records: recordings, transcripts, exports."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from scripted_server import ScriptedServer

from intercom_nb.calls.files import FileBytes, parse_filename
from intercom_nb.errors import InvalidResponseError, PermissionDeniedError


def test_get_recording_omits_the_token_when_the_file_is_on_another_host(tmp_path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "intercom.test":
            assert request.headers["authorization"].startswith("Bearer ")
            where = "https://files.test/44?signature=a%2Fb"
            return httpx.Response(302, headers={"location": where})
        assert "authorization" not in request.headers
        assert request.url.query == b"signature=a%2Fb"
        headers = {
            "content-type": "audio/wav",
            "content-disposition": 'attachment; filename="44.wav"',
        }
        return httpx.Response(200, content=b"RIFF\x00", headers=headers)

    recording = ScriptedServer(answer).connector().sync.calls.get_recording("44")
    assert recording == b"RIFF\x00"
    assert (recording.content_type, recording.filename) == ("audio/wav", "44.wav")
    saved = recording.save(tmp_path)
    assert saved == tmp_path / "44.wav"
    assert saved.read_bytes() == b"RIFF\x00"
    with pytest.raises(FileExistsError):
        recording.save(tmp_path)
    assert recording.save(saved, overwrite=True) == saved


@pytest.mark.parametrize("where", ["http://files.test/44", "ftp://files.test/44", "", "/relative"])
def test_get_recording_raises_when_the_redirect_is_not_https(where: str) -> None:
    script = ScriptedServer([httpx.Response(302, headers={"location": where})])
    with pytest.raises(InvalidResponseError, match="not followed"):
        script.connector().sync.calls.get_recording("44")
    assert len(script.requests) == 1


def test_get_recording_raises_permission_denied_error_when_the_url_has_expired() -> None:
    found = httpx.Response(302, headers={"location": "https://files.test/44"})
    with pytest.raises(PermissionDeniedError):
        ScriptedServer(
            [found, httpx.Response(403, text="expired")]
        ).connector().sync.calls.get_recording("4")


def test_get_transcript_returns_text_that_can_be_saved(tmp_path: Path) -> None:
    script = ScriptedServer(
        [httpx.Response(200, text="Ada: Grüße\r\n", headers={"content-type": "text/plain"})]
    )
    transcript = script.connector().sync.calls.get_transcript("44")
    assert transcript == "Ada: Grüße\r\n"
    assert script.requests[0].headers["accept"] == "text/plain"
    saved = transcript.save(tmp_path / "44.txt")
    assert saved.read_bytes() == "Ada: Grüße\r\n".encode()


def test_get_raises_when_the_response_is_a_redirect() -> None:
    script = ScriptedServer([httpx.Response(302, headers={"location": "https://files.test/44"})])
    with pytest.raises(InvalidResponseError):
        script.connector().sync.calls.get("44")
    assert len(script.requests) == 1


def test_execute_returns_a_frame_when_the_response_is_a_file() -> None:
    script = ScriptedServer([httpx.Response(200, text="hello")])
    frame = script.connector().sync.execute("calls", "get_transcript", {"call_id": "44"})
    assert frame["content"].tolist() == ["hello"]
    submitted = script.connector().submit("calls", "get_transcript", call_id="44").result()
    assert submitted["content"].tolist() == ["hello"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="a b.csv"', "a b.csv"),
        ("attachment; filename=a.csv", "a.csv"),
        ("attachment; filename*=UTF-8''a%20b.csv", "a b.csv"),
        ('attachment; filename="..\\\\..\\\\x.csv"', "x.csv"),
        ('attachment; filename=".."', None),
        ("inline", None),
        (None, None),
    ],
)
def test_parse_filename_returns_only_the_base_name(header: str | None, name: str | None) -> None:
    assert parse_filename(header) == name


@pytest.mark.parametrize(
    "name",
    [
        "C:export.csv",
        "C:\\\\tmp\\\\export.csv",
        "x" * 300 + ".csv",
        "é" * 200 + ".csv",
        "NUL",
        "com1.csv",
        "export.csv. .",
        "a\tb|c?.csv",
        "/etc/passwd",
    ],
)
def test_parse_filename_returns_a_portable_name_when_the_sent_one_is_not(name: str) -> None:
    found = parse_filename(f'attachment; filename="{name}"')
    assert found
    assert len(found.encode()) <= 255
    assert not re.search(r'[\\/:<>"|?*\x00-\x1f]', found)
    assert not found.endswith((".", " "))
    assert found.partition(".")[0].upper() not in {"NUL", "COM1"}


@pytest.mark.parametrize("disposition", ["attachment; filename=C:export.csv", "filename=\r\nx"])
def test_save_writes_inside_the_folder_when_the_file_name_is_hostile(
    disposition: str, tmp_path: Path
) -> None:
    content = FileBytes.of(b"id\n1\n", "text/csv", parse_filename(disposition))
    assert content.save(tmp_path).parent == tmp_path
