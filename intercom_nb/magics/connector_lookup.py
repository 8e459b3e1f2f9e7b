"""Which connector a magic asks: the rule, and what it says about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..connector.connector import IntercomConnector
from ..errors import ConfigurationError

DEFAULT = "c"
"""The variable that is looked at where nothing else was said."""


@dataclasses.dataclass
class Source:
    """What ``%intercom use`` or ``%intercom login`` chose; and which connector was last told of.

    The order: ``-c NAME`` on the line; what was chosen; the variable ``c``.
    """

    name: str | None = None
    form: Any = None
    told: IntercomConnector | None = None

    def choose(self, name: str | None = None, form: Any = None) -> None:
        """Use a variable, or what a login form makes, from now on."""
        self.name, self.form = name, form

    def connector(self, name: str | None, variables: Mapping[str, Any]) -> IntercomConnector:
        """Give the connector to ask.

        Raises ConfigurationError when there is none where it should be.
        """
        if name is None and self.form is not None:
            if self.form.connector is None:
                raise ConfigurationError(
                    "The form of %intercom login is not filled in yet. Fill it in, or name a "
                    f"variable: %intercom use {DEFAULT}"
                )
            return self._checked(self.form)
        wanted = name or self.name or DEFAULT
        found = connector_in(variables.get(wanted))
        if found is not None:
            return found
        raise ConfigurationError(_missing(wanted, wanted in variables, variables))

    def _checked(self, form: Any) -> IntercomConnector:
        found = connector_in(form)
        assert found is not None
        return found

    def where(self, name: str | None) -> str:
        """Say in words where the connector comes from."""
        if name is None and self.form is not None:
            return "the form of %intercom login"
        if name is not None:
            return f"{name} (named on the line)"
        return f"{self.name} (%intercom use)" if self.name else f"{DEFAULT} (the default)"


def connector_in(value: Any) -> IntercomConnector | None:
    """Give a connector that a variable holds: it is one, or a form that has made one."""
    if isinstance(value, IntercomConnector):
        return value
    if type(value).__module__.startswith("intercom_nb."):  # c.sync, a login form, an explorer
        inner = getattr(value, "connector", None) or getattr(value, "_connector", None)
        return inner if isinstance(inner, IntercomConnector) else None
    return None


def connectors(variables: Mapping[str, Any]) -> list[str]:
    """Name the variables that hold a connector."""
    return [
        name
        for name, value in list(variables.items())
        if not name.startswith("_") and connector_in(value) is not None
    ]


def _missing(wanted: str, is_there: bool, variables: Mapping[str, Any]) -> str:
    text = f"{wanted} is no connector." if is_there else f"There is no connector in {wanted!r}."
    others = connectors(variables)
    if others:
        return f"{text} There is one in {', '.join(others)}: %intercom use {others[0]}"
    return (
        f"{text} Make one, {DEFAULT} = intercom_nb.connect() or {DEFAULT} = "
        'intercom_nb.connect("demo"), or connect by a form: %intercom login'
    )
