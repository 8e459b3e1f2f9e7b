"""Write-ahead log of a bulk write, so that an interrupted run can resume."""

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
    """The outcome of one write; ``in_doubt``: the server may have carried it out."""

    ok: bool = False
    id: str | None = None
    error: str | None = None
    request_id: str | None = None
    in_doubt: bool = False

    @classmethod
    def of_error(cls, error: IntercomError) -> Outcome:
        """Build the outcome of a failed write."""
        request_id = getattr(error, "request_id", None)
        return cls(False, None, str(error), request_id, error.outcome_unknown)


class Journal:
    """Records outcomes: line by line in a file, or from the outcome frame of an earlier run.

    The file holds no content of the records: a hash of what was sent, the outcome, the request id.
    """

    def __init__(self, operation: Operation, retry_in_doubt: bool) -> None:
        self._operation = operation
        self._retry_in_doubt = retry_in_doubt
        self._known: dict[Any, Outcome] = {}
        self._seen: collections.Counter[str] = collections.Counter()
        self._keys: dict[Any, str] = {}
        self._started: set[Any] = set()
        self._by_label = False
        self._file: io.BufferedWriter | None = None

    @classmethod
    def open(
        cls, operation: Operation, resume: str | Path | pd.DataFrame | None, retry_in_doubt: bool
    ) -> Journal:
        """Read the known outcomes and open the file for more.

        Raises InvalidParameterError for a frame without outcomes, ConfigurationError for a file
        that is not a journal or cannot be opened.
        """
        journal = cls(operation, retry_in_doubt)
        if isinstance(resume, pd.DataFrame):
            journal._read_frame(resume)
        elif resume is not None:
            journal._read_file(Path(resume))
        return journal

    def known(self, label: Any, params: dict[str, Any]) -> Outcome | None:
        """Return the outcome of a row that must not be sent again, or None."""
        found = self._known.get(self._key(label, params))
        if found is None or not (found.ok or (found.in_doubt and not self._retry_in_doubt)):
            return None
        return found

    def start(self, label: Any, params: dict[str, Any]) -> None:
        """Record that a row is being sent, if sending it twice would do harm."""
        key = self._key(label, params)
        if not self._operation.retry_safe and key not in self._started:
            self._started.add(key)
            error = "The run was interrupted before the response."
            self._write(key, Outcome(error=error, in_doubt=True))

    def has_started(self, label: Any, params: dict[str, Any]) -> bool:
        """Return whether a row that must not be sent twice has been sent."""
        return self._key(label, params) in self._started

    def end(self, label: Any, params: dict[str, Any], outcome: Outcome) -> None:
        """Record the outcome of a row."""
        if outcome.ok and outcome.id is None and outcome.request_id is None:
            outcome = dataclasses.replace(outcome, request_id="")  # unlike a dry run's line
        self._write(self._key(label, params), outcome)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _key(self, label: Any, params: dict[str, Any]) -> Any:
        """Return the key of a row: a hash of what is sent, numbered if it repeats."""
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
            try:
                self._file.write(msgspec.json.encode(line) + b"\n")
                self._file.flush()
            except OSError as error:
                raise ConfigurationError(
                    f"resume: cannot write to {self._file.name}: {error.strerror}."
                ) from None

    def _read_frame(self, frame: pd.DataFrame) -> None:
        missing = {"ok", "error", "in_doubt", "request_id", "id"} - set(frame.columns)
        if missing:
            raise InvalidParameterError(
                "resume must be the outcome of an earlier call or the path of a file; this frame "
                f"has no {', '.join(sorted(missing))}."
            )
        self._by_label = True
        for label, row in zip(frame.index, frame.astype(object).to_dict("records"), strict=True):
            row = {k: None if pd.isna(v) else v for k, v in row.items()}
            self._known[label] = Outcome(
                bool(row["ok"]), row["id"], row["error"], row["request_id"], bool(row["in_doubt"])
            )

    def _read_file(self, path: Path) -> None:
        try:
            whole = path.read_bytes() if path.exists() else b""
        except OSError as error:
            raise ConfigurationError(f"resume: cannot read {path}: {error.strerror}.") from None
        lines = whole[: whole.rfind(b"\n") + 1]  # a line after that was cut while written
        try:
            for line in lines.splitlines():
                entry = msgspec.json.decode(line, type=dict[str, Any])
                key, outcome = entry.pop("key"), Outcome(**entry)
                # Up to version 0.1, dry runs wrote such lines: nothing was sent.
                if outcome.ok and outcome.id is None and outcome.request_id is None:
                    self._known.pop(key, None)
                else:
                    self._known[key] = outcome
        except (msgspec.DecodeError, KeyError, TypeError):
            raise ConfigurationError(
                f"resume: {path} is not the journal of an earlier run. Pass another path."
            ) from None
        if not lines and whole:
            raise ConfigurationError(
                f"resume: {path} is not the journal of an earlier run. Pass another path."
            )
        try:
            self._file = path.open("ab")
            self._file.truncate(len(lines))
        except OSError as error:
            raise ConfigurationError(f"resume: cannot write to {path}: {error.strerror}.") from None
