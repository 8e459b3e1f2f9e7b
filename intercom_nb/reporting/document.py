"""Offline HTML document: one file that loads nothing and runs no script."""

from __future__ import annotations

from html import escape
from importlib import resources

# Second line of defense after escaping: no script runs and nothing is loaded.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def document(title: str, about: str, body: str) -> str:
    """Build a document; ``title`` is text, ``about`` (below it) and ``body`` are safe HTML.

    >>> "<h1>a &lt;b&gt;</h1>" in document("a <b>", "", "")
    True
    """
    style = (resources.files(__package__) / "report.css").read_text("utf-8")
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(title)}</title><style>{style}</style></head><body><main>"
        f"<header><h1>{escape(title)}</h1><p class='quiet'>{about}</p></header>"
        f"{body}</main></body></html>\n"
    )
