"""File responses: recordings, transcripts, exports."""

from __future__ import annotations

import re
from email.message import Message
from pathlib import Path
from typing import Self
from urllib.parse import unquote

import pandas as pd

from ..errors import InvalidResponseError
from ..executors.base import Executor
from ..frames import KEY, ResultInfo
from .plan import CallPlan

# Windows refuses these as file names, with any extension (learn.microsoft.com, "Naming Files").
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_LONGEST_NAME = 200  # bytes; file systems take 255, and programs add endings such as .part


class FileBytes(bytes):
    """The bytes of a file response.

    Attributes: ``content_type`` and ``filename`` as the server sent them, or None.

    >>> FileBytes.of(b"RIFF", "audio/wav", "call-44.wav").filename
    'call-44.wav'
    """

    content_type: str | None
    filename: str | None

    @classmethod
    def of(cls, content: bytes, content_type: str | None, filename: str | None) -> Self:
        """Build from content, media type and file name."""
        made = cls(content)
        made.content_type = content_type
        made.filename = filename
        return made

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write the bytes to a file; in a folder, the file gets the server's name.

        Raises FileExistsError if the file exists, unless ``overwrite=True``.
        """
        target = _target(path, self.filename, "download.bin")
        with target.open("wb" if overwrite else "xb") as file:
            file.write(self)
        return target


class FileText(str):
    """The text of a file response; ``filename`` is the server's name for it, or None."""

    __slots__ = ("filename",)
    filename: str | None

    @classmethod
    def of(cls, text: str, filename: str | None) -> Self:
        """Build from text and file name."""
        made = cls(text)
        made.filename = filename
        return made

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write the text to a file (UTF-8); in a folder, the file gets the server's name.

        Raises FileExistsError if the file exists, unless ``overwrite=True``.
        """
        target = _target(path, self.filename, "download.txt")
        with target.open("w" if overwrite else "x", encoding="utf-8", newline="") as file:
            file.write(self)
        return target


def parse_filename(disposition: str | None) -> str | None:
    """Parse the file name of a ``Content-Disposition`` header into one that is safe everywhere.

    Folders, drives, control characters and trailing dots are removed, long names shortened.
    Returns None if nothing is left.

    >>> parse_filename('attachment; filename="../calls/44.wav"')
    '44.wav'
    """
    message = Message()
    message["Content-Disposition"] = re.sub(r"[\r\n]", " ", disposition or "")
    return _safe_name(unquote(message.get_filename() or ""))


def _safe_name(name: str) -> str | None:
    """Return the last part of a path as a name that Linux, macOS and Windows accept, or None."""
    name = re.split(r"[\\/:]", name)[-1]
    name = re.sub(r'[\x00-\x1f\x7f<>"|?*]', "", name).strip().rstrip(". ")
    if not name.strip("."):
        return None
    if _RESERVED.match(name):
        name = f"_{name}"
    stem, suffix = Path(name).stem, Path(name).suffix[:20]
    room = _LONGEST_NAME - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix


def _target(path: str | Path, filename: str | None, default: str) -> Path:
    target = Path(path)
    return target / (filename or default) if target.is_dir() else target


async def fetch_file(executor: Executor, call: CallPlan) -> FileBytes | FileText:
    """Fetch a file response: text as FileText, anything else as FileBytes."""
    response = await executor.file(call.operation, call.params)
    name = parse_filename(response.headers.get("content-disposition"))
    if call.operation.response != "text":
        return FileBytes.of(response.content, response.headers.get("content-type"), name)
    try:
        return FileText.of(response.content.decode(), name)
    except UnicodeDecodeError:
        raise InvalidResponseError(
            f"{call.operation.name}: the response is not UTF-8 text.", status=response.status
        ) from None


def file_frame(call: CallPlan, content: FileBytes | FileText) -> pd.DataFrame:
    """Wrap a file response in a one-row DataFrame."""
    frame = pd.DataFrame({"content": [content], "filename": [content.filename]}, dtype=object)
    info = {"entity": call.operation.entity, "action": call.operation.action, "requests": 1}
    frame.attrs[KEY] = ResultInfo({**info, "params": call.params}, {})
    return frame
