"""Credentials do not belong in a cell: they are refused, and taken out of the history."""

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
# An access token is base64 and begins with "tok:"; also one that a header was copied with.
_SHAPED = re.compile(r"\bdG9rO\w{6,}|\bBearer\s+\S")
_STORED = "(removed: a credential was typed here)"
_REFUSAL = (
    "A credential does not belong in a cell, which is saved with the notebook: nothing was done "
    "with it, and it was taken out of this session's history. Delete it from the cell, and make a "
    "new one if the notebook was shared. Connect by a form (%intercom login), or put the token "
    "into INTERCOM_ACCESS_TOKEN in the environment or in a file .env, and c = inb.connect()."
)


def credential_error(shell: Any, line: str, cell: str | None) -> CredentialError | None:
    """Give the error for a cell that holds a credential, and forget the cell; None for others.

    The caller lets go of the text before it raises the error.
    """
    named = _NAMED.search(line) or _ASSIGNED.search(line)
    if not named and not _SHAPED.search(f"{line}\n{cell or ''}"):
        return None
    forget_cell(shell)
    return CredentialError(_REFUSAL)


def forget_cell(shell: Any) -> None:
    """Take the running cell's text out of ``In``, ``_i``, and the history on disk."""
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
    history.writeout_cache()  # what is on its way to the disk gets there, and is found below
    with history.db as database:
        database.execute("pragma secure_delete = on")
        database.execute(
            "update history set source = ?, source_raw = ? where session = ? and line = ?",
            (_STORED, _STORED, history.session_number, number),
        )
