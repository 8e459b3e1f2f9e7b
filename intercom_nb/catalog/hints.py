"""Valid values of a parameter as text: for errors, help and forms."""

from __future__ import annotations

from .model import Parameter

_TEXTS = {
    "id": "an id (text or whole number)",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "True or False",
    "object": "a dict of JSON values",
    "time": "a time (ISO text, datetime, unix seconds, or an age like '7d')",
    "date": "a day (like '2026-12-25', or a date)",
    "secret": "text",
    "object|array<object>": "a dict or a list of dicts",
    "any": "a value",
}


def hint_of(param: Parameter) -> str:
    """Return the valid values of a parameter as text.

    >>> from intercom_nb.catalog import operation
    >>> hint_of(operation("contacts", "list").params[0])
    'a whole number from 1 to 150'
    """
    text = _TEXTS.get(param.type, f"a list ({param.type})")
    if param.enum:
        text = f"one of {', '.join(map(str, param.enum))}"
    if param.min is not None and param.max is not None:
        text += f" from {param.min} to {param.max}"
    elif param.max is not None:
        text += f" up to {param.max}"
    elif param.min is not None:
        text += f" from {param.min}"
    return text


def hint_after_name(param: Parameter) -> str:
    """Return the valid values of a parameter as text to put in parentheses after its name.

    >>> from intercom_nb.catalog import operation
    >>> hint_after_name(operation("teams", "get").params[0])
    'text or whole number'
    """
    hint = hint_of(param)
    return "text or whole number" if hint == _TEXTS["id"] else hint
