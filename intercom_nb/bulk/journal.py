"""What became of each write, so that a run that broke off can go on where it was."""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import io
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from ..catalog.model import Operation
from ..errors import ConfigurationError, IntercomError, InvalidParameterError


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one write; ``in_doubt``: nobody knows whether it was carried out."""

    ok: bool = False
    id: str | None = None
    error: str | None = None
    request_id: str | None = None
    in_doubt: bool = False


def in_doubt_error(error: IntercomError) -> Outcome:
    """Give the outcome for an error of the API or of the connection."""
    request_id = getattr(error, "request_id", None)
    return Outcome(False, None, str(error), request_id, error.outcome_unknown)


class Journal:
    """Remembers outcomes: in a file, line by line, or from the outcome frame of an earlier run.

    The file has no content of the records: a hash of what was sent, the outcome, the request id.
    """

    def __init__(self, operation: Operation, retry_in_doubt: bool) -> None:
        self._operation = operation
        self._retry_in_doubt = retry_in_doubt
        self._known: dict[Any, Outcome] = {}
        self._seen: collections.Counter[str] = collections.Counter()
        self._keys: dict[Any, str] = {}
        self._by_label = False
        self._file: io.BufferedWriter | None = None

    @classmethod
    def open(
        cls, operation: Operation, resume: str | Path | pd.DataFrame | None, retry_in_doubt: bool
    ) -> Journal:
        """Read what is known already, and get ready to add to it."""
        journal = cls(operation, retry_in_doubt)
        if isinstance(resume, pd.DataFrame):
            journal._read_frame(resume)
        elif resume is not None:
            journal._read_file(Path(resume))
        return journal

    def known(self, label: Any, params: dict[str, Any]) -> Outcome | None:
        """Give the outcome of a row that is not to be sent again, or None."""
        found = self._known.get(self._key(label, params))
        if found is None or not (found.ok or (found.in_doubt and not self._retry_in_doubt)):
            return None
        return found

    def start(self, label: Any, params: dict[str, Any]) -> None:
        """Note that a row is being sent, where sending it twice would do harm."""
        if not self._operation.retry_safe:
            doubt = Outcome(error="The run broke off before there was an answer.", in_doubt=True)
            self._write(self._key(label, params), doubt)

    def end(self, label: Any, params: dict[str, Any], outcome: Outcome) -> None:
        """Note what became of a row."""
        self._write(self._key(label, params), outcome)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _key(self, label: Any, params: dict[str, Any]) -> Any:
        """Give the row's name in the journal: what is sent, and how often that came before."""
        if self._by_label:
            return label
        if label not in self._keys:
            sent = msgspec.json.encode([self._operation.name, params], order="sorted")
            digest = hashlib.sha256(sent).hexdigest()[:32]
            self._seen[digest] += 1
            self._keys[label] = f"{digest}-{self._seen[digest]}"
        return self._keys[label]

    def _write(self, key: str, outcome: Outcome) -> None:
        if self._file is not None:
            line = {"key": key, **dataclasses.asdict(outcome)}
            self._file.write(msgspec.json.encode(line) + b"\n")
            self._file.flush()

    def _read_frame(self, frame: pd.DataFrame) -> None:
        missing = {"ok", "error", "in_doubt", "request_id", "id"} - set(frame.columns)
        if missing:
            raise InvalidParameterError(
                "resume: give the outcome of an earlier call, or the path of a file; this frame "
                f"has no {', '.join(sorted(missing))}."
            )
        self._by_label = True
        for label, row in zip(frame.index, frame.astype(object).to_dict("records"), strict=True):
            row = {k: None if pd.isna(v) else v for k, v in row.items()}
            self._known[label] = Outcome(
                bool(row["ok"]), row["id"], row["error"], row["request_id"], bool(row["in_doubt"])
            )

    def _read_file(self, path: Path) -> None:
        whole = path.read_bytes() if path.exists() else b""
        lines = whole[: whole.rfind(b"\n") + 1]  # what comes after was cut off while written
        try:
            for line in lines.splitlines():
                noted = msgspec.json.decode(line, type=dict[str, Any])
                key = noted.pop("key")
                self._known[key] = Outcome(**noted)
        except (msgspec.DecodeError, KeyError, TypeError):
            raise ConfigurationError(f"resume: {path} is no file of an earlier run.") from None
        self._file = path.open("ab")
        self._file.truncate(len(lines))
