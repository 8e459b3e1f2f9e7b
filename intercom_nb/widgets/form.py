"""Base class of the forms: a widget with its own script that exchanges messages with Python."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

import anywidget

from ..secret import hidden
from .channel import Channel

FORM = "the form"
"""The source that a typed credential reports."""

_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default )", re.MULTILINE)


@functools.cache
def read_styles() -> str:
    """Return the style sheet of all forms."""
    return _read("style.css")


@functools.cache
def join_scripts(*names: str) -> str:
    """Join ES modules of the ``static`` folder into one, since a widget's script is one module.

    Their imports of each other and their exports go, except the default export. Names at the top
    of the modules must therefore be unique, and a module stands behind those it imports.
    """
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", _read(name))) for name in names)


def _read(name: str) -> str:
    return (resources.files(__package__) / "static" / name).read_text(encoding="utf-8")


class Form(anywidget.AnyWidget):
    """A form drawn by its own script, which exchanges messages with Python.

    Subclasses handle messages in ``receive``, on the forms' thread, and reply on ``channel``.
    """

    _css = read_styles()

    def __init__(self) -> None:
        super().__init__()
        self.channel = Channel(self)
        self.on_msg(self._on_message)

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Handle one message, on the forms' thread."""
        raise NotImplementedError

    def _on_message(self, _: object, content: Any, __: object) -> None:
        if isinstance(content, dict) and isinstance(content.get("kind"), str):
            if isinstance(content.get("secrets"), dict):
                _seal(content["secrets"])
            self.channel.run_on_form_thread(self.receive, content["kind"], content)


def _seal(secrets: dict[str, Any]) -> None:
    """Replace typed credentials in place, so that no frame, queue or message keeps the text."""
    for name in list(secrets):
        is_text = isinstance(secrets[name], str)
        secrets[name] = hidden(secrets.pop(name), FORM) if is_text else None
