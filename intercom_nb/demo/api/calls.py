"""Phone calls: search, transcript, recording."""

from __future__ import annotations

import io
import wave

from intercom_nb.demo.api.api_call import ApiCall, FileResponse
from intercom_nb.demo.api.crud import CALLS
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.settings import APP_ID

FILES = "/demo-files"
"""Folder of recordings: signed URLs, which need no token."""


def search(call: ApiCall) -> Record:
    """Handle `POST /calls/search`: calls of conversations, with their transcripts."""
    wanted = call.json().get("conversation_ids")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 20:
        raise invalid("conversation_ids must be a list of 1 to 20 ids", "conversation_ids")
    names = {str(value) for value in wanted}
    found = [r for r in CALLS.records(call).values() if r["conversation_id"] in names]
    return {"type": "list", "data": [_with_transcript(record) for record in found]}


def _with_transcript(record: Record) -> Record:
    lines = [] if record["transcription_url"] is None else _transcript_lines(record)
    turns = [{"speaker": speaker, "text": text} for speaker, text in lines]
    return {**record, "transcript": turns, "transcript_status": "completed" if turns else None}


def _transcript_lines(record: Record) -> list[tuple[str, str]]:
    return [
        ("Caller", "Hello, it is about my last invoice."),
        ("Teammate", f"Thanks for calling, I have it here: number {record['id']}."),
    ]


def get_transcript(call: ApiCall) -> FileResponse:
    """Handle `GET /calls/{id}/transcript`, as plain text."""
    record = CALLS.find(call)
    if record["transcription_url"] is None:
        raise not_found()
    text = "".join(f"{speaker}: {line}\n" for speaker, line in _transcript_lines(record))
    return FileResponse(text.encode(), "text/plain; charset=utf-8", f"call-{record['id']}.txt")


def get_recording(call: ApiCall) -> FileResponse:
    """Handle `GET /calls/{id}/recording` by leading to a signed URL."""
    record = CALLS.find(call)
    if record["recording_url"] is None:
        raise not_found()
    url = f"{call.request.base_url}{FILES}/{record['id']}.wav?signature={APP_ID}{record['id']}"
    return FileResponse(b"", "text/html", location=url)


def download_file(call: ApiCall) -> FileResponse:
    """Return the recording at a signed URL: 0.1 s of silence."""
    number = call.path["name"].removesuffix(".wav")
    if call.text("signature") != f"{APP_ID}{number}":
        raise not_found()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8_000)
        writer.writeframes(bytes(1_600))
    return FileResponse(sound.getvalue(), "audio/wav", f"call-{number}.wav")
