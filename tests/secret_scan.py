"""Secret scan: finds secrets in whatever form they are stored, shown or sent."""

from __future__ import annotations

import base64
import contextlib
import gzip
import html
import io
import json
import logging
import traceback
import urllib.parse
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import IPython
import pyarrow.parquet as pq
from IPython.core.ultratb import VerboseTB

from intercom_nb.secret import Secret

_DEEPEST = 12  # steps from an object to one that it holds


def _quote(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _each(form: str) -> Callable[[str], str]:
    return lambda text: "".join(form.format(ord(c)) for c in text)


def _base64_core(shift: int) -> Callable[[str], str]:
    """Return what base64 makes of a secret alone, after ``shift`` other bytes."""

    def encode(text: str) -> str:
        encoded = base64.b64encode(bytes(shift) + text.encode()).decode().rstrip("=")
        return encoded[-(-shift * 8 // 6) : len(encoded) - 1]

    return encode


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": lambda t: json.dumps(t)[1:-1],
    "json slash": lambda t: t.replace("/", r"\/"),
    "json sign": lambda t: t.replace("=", r"\u003d"),
    "json all": _each(r"\u{:04x}"),
    "string": _each(r"\x{:02x}"),
    "percent": _quote,
    "percent twice": lambda t: _quote(_quote(t)),
    "percent all": _each("%{:02X}"),
    "html": html.escape,
    "entities": _each("&#{};"),
    "hex": lambda t: t.encode().hex(),
    "base64": _base64_core(0),
    "base64 after 1": _base64_core(1),
    "base64 after 2": _base64_core(2),
    "base64url": lambda t: _base64_core(0)(t).replace("+", "-").replace("/", "_"),
    "base64url after 1": lambda t: _base64_core(1)(t).replace("+", "-").replace("/", "_"),
    "base64url after 2": lambda t: _base64_core(2)(t).replace("+", "-").replace("/", "_"),
    "base64 twice": lambda t: _base64_core(0)(base64.b64encode(t.encode()).decode()),
    "reversed": lambda t: t[::-1],
}


def find_secrets(content: str | bytes, secrets: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return (name, encoding) of each secret in a content, in any case, as UTF-8 or UTF-16."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    raw = raw.lower()
    found = set()
    for name, secret in secrets.items():
        for encoding, encode in ENCODINGS.items():
            form = encode(secret).lower()
            if form.encode() in raw:
                found.add((name, encoding))
            if form.encode("utf-16-le") in raw or form.encode("utf-16-be") in raw:
                found.add((name, f"UTF-16 {encoding}"))
    return found


def files_with(secret: str, root: Path) -> list[Path]:
    """List all files under a folder that hold the secret, archives and tables unpacked."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return [p for p in files if any(find_secrets(c, {"": secret}) for c in contents(p))]


def contents(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, and what is in it if it is an archive or a table."""
    raw = path.read_bytes()
    yield raw
    if raw.startswith(b"PK"):  # xlsx too
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from map(archive.read, archive.namelist())
    elif raw.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError):
            yield gzip.decompress(raw)
    elif raw.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(raw))
        yield f"{table.schema.to_string(show_field_metadata=True)} {table.to_pylist()}".encode()


def shown_by_error(error: BaseException) -> Iterator[str]:
    """Yield all that can be shown of an error: texts, and tracebacks with all variables."""
    yield from (str(error), repr(error), str(getattr(error, "__notes__", "")))
    yield repr(vars(error))
    yield "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    style: dict[str, str] = (
        {"color_scheme": "NoColor"} if IPython.version_info[0] < 9 else {"theme_name": "nocolor"}
    )
    yield VerboseTB(**style).text(type(error), error, error.__traceback__, 9)
    yield logging.Formatter().formatException((type(error), error, error.__traceback__))
    yield from _variables(error)


def _variables(error: BaseException) -> Iterator[str]:
    """Yield the variables of all frames of an error and of those behind it."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in frame.f_locals.values():
            with contextlib.suppress(AttributeError):  # an object that is half made
                yield repr(value)
    for behind in (error.__cause__, error.__context__):
        if behind is not None:
            yield from _variables(behind)


def shown_by_object(root: object) -> Iterator[str]:
    """Yield repr, str and attributes of an object and of all of this package that it holds."""
    pending: list[tuple[object, int]] = [(root, 0)]
    seen: set[int] = set()
    while pending:
        value, depth = pending.pop()
        if id(value) in seen or depth > _DEEPEST:
            continue
        seen.add(id(value))
        if isinstance(value, (str, bytes)):
            yield repr(value)
            continue
        with contextlib.suppress(AttributeError):  # an object that is half made
            yield f"{value!r} {value!s}"
        if hasattr(value, "_repr_html_"):
            yield str(value._repr_html_())
        pending += [(held, depth + 1) for held in _held(value)]


def _held(value: object) -> Iterable[object]:
    if isinstance(value, Secret):  # holds its text, and is asked for it by name only
        return []
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return value
    module = type(value).__module__
    if module.startswith("intercom_nb.") and not module.startswith("intercom_nb.demo"):
        slots = [s for kind in type(value).__mro__ for s in getattr(kind, "__slots__", ())]
        attributes: dict[str, Any] = dict(getattr(value, "__dict__", {}))
        return [*attributes.values(), *(getattr(value, s, None) for s in slots)]
    return []
