"""Answers that are no records: recordings, transcripts, exports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Self
from urllib.parse import unquote

FILES = frozenset({"binary", "text", "redirect"})
"""The kinds of answers that are files."""


class FileBytes(bytes):
    """The bytes of an answer, with what the server said of them.

    Attributes: ``content_type`` and ``filename``, as the server names them (or None).

    >>> FileBytes.of(b"RIFF", "audio/wav", "call-44.wav").filename
    'call-44.wav'
    """

    content_type: str | None
    filename: str | None

    @classmethod
    def of(cls, content: bytes, content_type: str | None, filename: str | None) -> Self:
        """Put content and its description together."""
        made = cls(content)
        made.content_type = content_type
        made.filename = filename
        return made

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write the bytes to a file, or into a folder under the server's name for them.

        Raises FileExistsError when the file is there already, unless ``overwrite=True``.
        """
        target = _target(path, self.filename, "download.bin")
        with target.open("wb" if overwrite else "xb") as file:
            file.write(self)
        return target


class FileText(str):
    """The text of an answer, with the name that the server gives it (or None)."""

    __slots__ = ("filename",)
    filename: str | None

    @classmethod
    def of(cls, text: str, filename: str | None) -> Self:
        """Put text and its name together."""
        made = cls(text)
        made.filename = filename
        return made

    def save(self, path: str | Path = ".", *, overwrite: bool = False) -> Path:
        """Write the text to a file (UTF-8), or into a folder under the server's name for it.

        Raises FileExistsError when the file is there already, unless ``overwrite=True``.
        """
        target = _target(path, self.filename, "download.txt")
        with target.open("w" if overwrite else "x", encoding="utf-8", newline="") as file:
            file.write(self)
        return target


def told_filename(disposition: str | None) -> str | None:
    """Read the file name from a ``Content-Disposition`` header; folders in it are dropped.

    >>> told_filename('attachment; filename="../calls/44.wav"')
    '44.wav'
    """
    found = re.search(r"filename\*?=(?:UTF-8'')?(\"[^\"]*\"|[^;]+)", disposition or "", re.I)
    if not found:
        return None
    name = re.split(r"[\\/]", unquote(found[1].strip().strip('"')))[-1]
    return name if name not in {"", ".", ".."} and "\0" not in name else None


def _target(path: str | Path, filename: str | None, otherwise: str) -> Path:
    target = Path(path)
    return target / (filename or otherwise) if target.is_dir() else target
