"""Plain text of HTML messages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pandas as pd

from .read.columns import STRING

_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "blockquote"}
)
_SILENT = frozenset({"script", "style", "head", "title", "template"})


def plaintext(html: pd.Series[Any]) -> pd.Series[Any]:
    """Return the text of a column of HTML: no tags, and each block on a separate line."""
    texts = [text_of(value) if isinstance(value, str) else None for value in html]
    return pd.Series(pd.array(texts, dtype=STRING), index=html.index, name=html.name)


def text_of(html: str) -> str:
    r"""Return the text of some HTML; images become ``[image]``.

    >>> text_of("<p>Hi &amp; hello,</p><p>see <b>this</b></p>")
    'Hi & hello,\nsee this'
    """
    text = html.replace("\n", " ")
    if "<" in html or "&" in html:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        text = reader.text()
    lines = (re.sub(r"[ \t\r\f\v\xa0]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0

    def text(self) -> str:
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS:
            self._pieces.append("\n")
        elif tag == "img":
            self._pieces.append("[image]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data.replace("\n", " "))
