"""Lookup of the connector that a magic uses."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..connector.connector import IntercomConnector
from ..errors import ConfigurationError

DEFAULT = "c"
"""The variable used by default."""


@dataclasses.dataclass
class ConnectorLookup:
    """The choice of ``%intercom use`` or ``%intercom login``, and the connector last reported.

    Order: ``-c NAME`` on the line; the choice; the variable ``c``.
    """

    name: str | None = None
    form: Any = None
    reported: IntercomConnector | None = None

    def choose(self, name: str | None = None, form: Any = None) -> None:
        """Choose a variable, or the connector of a login form."""
        self.name, self.form = name, form

    def connector(self, name: str | None, variables: Mapping[str, Any]) -> IntercomConnector:
        """Return the connector to use.

        Raises ConfigurationError if there is none.
        """
        if name is None and self.form is not None:
            if self.form.connector is None:
                raise ConfigurationError(
                    "The form of %intercom login is not connected yet. Fill it in, or choose a "
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

    def describe(self, name: str | None) -> str:
        """Describe where the connector comes from."""
        if name is None and self.form is not None:
            return "the form of %intercom login"
        if name is not None:
            return f"{name} (-c on this line)"
        return f"{self.name} (%intercom use)" if self.name else f"{DEFAULT} (the default)"


def connector_in(value: Any) -> IntercomConnector | None:
    """Return the connector in a variable's value: itself, or a form's; None if there is none."""
    if isinstance(value, IntercomConnector):
        return value
    if type(value).__module__.startswith("intercom_nb."):  # c.sync, a login form, an explorer
        inner = getattr(value, "connector", None) or getattr(value, "_connector", None)
        return inner if isinstance(inner, IntercomConnector) else None
    return None


def connectors(variables: Mapping[str, Any]) -> list[str]:
    """Return the names of variables that hold a connector."""
    return [
        name
        for name, value in list(variables.items())
        if not name.startswith("_") and connector_in(value) is not None
    ]


def _missing(wanted: str, is_there: bool, variables: Mapping[str, Any]) -> str:
    text = f"{wanted} is not a connector." if is_there else f"No variable named {wanted!r}."
    others = connectors(variables)
    if others:
        return f"{text} Connectors: {', '.join(others)}. To use one: %intercom use {others[0]}"
    return (
        f"{text} Create one, {DEFAULT} = intercom_nb.connect() or {DEFAULT} = "
        'intercom_nb.connect("demo"), or use the login form: %intercom login'
    )
