"""intercom_nb: explore an Intercom workspace from Jupyter, as DataFrames, forms and charts."""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it; to import typing takes 8 ms
if TYPE_CHECKING:
    from typing import Any

    from .agents import build_connector_tools as build_connector_tools
    from .catalog.expressions import F as F
    from .connector.connect import connect as connect
    from .connector.connector import IntercomConnector as IntercomConnector
    from .errors import IntercomError as IntercomError
    from .frames import read_parquet as read_parquet
    from .models import AirbyteAuthConfig as AirbyteAuthConfig
    from .models import IntercomAuthConfig as IntercomAuthConfig
    from .models import IntercomReplicationConfig as IntercomReplicationConfig
    from .reporting import dashboard as dashboard
    from .reporting import report as report
    from .runtime.nested_loops import enable_nested_loops as enable_nested_loops
    from .widgets import explore as explore
    from .widgets.login.login_form import login as login
    from .widgets.viewer import show as show

# Imported on first use, which keeps the import of the package fast.
_HOMES = {
    "AirbyteAuthConfig": "models",
    "F": "catalog.expressions",
    "IntercomAuthConfig": "models",
    "IntercomConnector": "connector.connector",
    "IntercomError": "errors",
    "IntercomReplicationConfig": "models",
    "build_connector_tools": "agents",
    "connect": "connector.connect",
    "dashboard": "reporting",
    "enable_nested_loops": "runtime.nested_loops",
    "explore": "widgets",
    "load_ipython_extension": "magics",
    "login": "widgets.login.login_form",
    "read_parquet": "frames",
    "report": "reporting",
    "show": "widgets.viewer",
    "unload_ipython_extension": "magics",
}
__all__ = sorted(_HOMES)
_MAKE_CONNECTORS = {"IntercomConnector", "connect", "explore", "login"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        if name.startswith("_"):  # what Python and its tools try out
            raise AttributeError(message)
        from .errors import UnknownAttributeError, did_you_mean

        raise UnknownAttributeError(f"{message}.{did_you_mean(name, __all__)}")
    value = getattr(_module(_HOMES[name]), name)
    globals()[name] = value
    if name in _MAKE_CONNECTORS:
        _complete_calls()
    return value


def _module(name: str) -> Any:
    from importlib import import_module  # with contextlib and others: 1 ms

    return import_module(f".{name}", __name__)


def _complete_calls() -> None:
    """Register the completion of calls in a notebook or an IPython shell."""
    from .shell import running_shell

    shell = running_shell()
    if shell is not None:
        _module("magics.call_completion").register(shell)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
