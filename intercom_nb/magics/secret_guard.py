"""Guard against credentials in a cell: rejected, and removed from the history."""

from __future__ import annotations

import re
from typing import Any

from ..errors import CredentialError

_NAMES = re.compile(
    r"\b(?:access_?token|token|api_?key|client_?id|client_?secret|airbyte_\w+|secret|password)\b\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"--{_NAMES.pattern}[=\s]\s*(?!\$|\{{)\S", re.IGNORECASE)
_ASSIGNED = re.compile(rf"(?<![\w$-]){_NAMES.pattern}=\s*(?!\$|\{{)\S", re.IGNORECASE)
# Access tokens are base64 of "tok:..."; the second form is a copied header.
_SHAPED = re.compile(r"\bdG9rO\w{6,}|\bBearer\s+\S")
_STORED = "(removed: this cell contained a credential)"
_REFUSAL = (
    "Credentials must not be typed into a cell, because cells are saved with the notebook. It was "
    "not used, and it was removed from this session's history. Delete it from the cell, and create "
    "a new one if the notebook was shared. Connect with a form (%intercom login), or set "
    "INTERCOM_ACCESS_TOKEN in the environment or in .env and run c = inb.connect()."
)


def credential_error(shell: Any, line: str, cell: str | None) -> CredentialError | None:
    """Return the error of a cell that contains a credential, and forget the cell; else None.

    The caller deletes the text before it raises the error.
    """
    named = _NAMED.search(line) or _ASSIGNED.search(line)
    if not named and not _SHAPED.search(f"{line}\n{cell or ''}"):
        return None
    forget_cell(shell)
    return CredentialError(_REFUSAL)


def forget_cell(shell: Any) -> None:
    """Remove the running cell's text from ``In``, ``_i``, and the history on disk."""
    history = shell.history_manager
    for kept in (history.input_hist_parsed, history.input_hist_raw):
        if len(kept) > 1:
            kept[-1] = _STORED
    history._i00 = _STORED
    for name in ("_i", f"_i{len(history.input_hist_raw) - 1}"):
        shell.user_ns.pop(name, None)
    if not history.enabled:
        return
    number = len(history.input_hist_raw) - 1
    history.writeout_cache()  # entries still in the cache are written, and found below
    with history.db as database:
        database.execute("pragma secure_delete = on")
        database.execute(
            "update history set source = ?, source_raw = ? where session = ? and line = ?",
            (_STORED, _STORED, history.session_number, number),
        )
