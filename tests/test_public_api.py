"""The public face: the names that are promised, no more, loaded when they are used."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import intercom_nb
from intercom_nb import catalog

OPTIONAL = {"dask", "duckdb", "matplotlib", "openpyxl", "keyring", "pydantic_ai"}


def modules() -> list[str]:
    found = pkgutil.walk_packages(intercom_nb.__path__, "intercom_nb.")
    return ["intercom_nb", *(m.name for m in found if not m.name.endswith("__main__"))]


def test_package_exports_the_promised_names() -> None:
    promised = {
        "IntercomAuthConfig",
        "IntercomConnector",
        "IntercomError",
        "connect",
        "enable_nested_loops",
        "explore",
        "login",
    }
    assert promised <= set(intercom_nb.__all__)
    assert intercom_nb.__all__ == sorted(set(intercom_nb.__all__))
    assert len(intercom_nb.__all__) < 20


@pytest.mark.parametrize("name", intercom_nb.__all__)
def test_package_names_exist_and_have_a_docstring(name: str) -> None:
    assert name in dir(intercom_nb)
    thing: Any = getattr(intercom_nb, name)
    assert inspect.getdoc(thing)
    assert getattr(intercom_nb, name) is thing


def test_package_exports_no_other_name() -> None:
    public = {n for n in dir(intercom_nb) if not n.startswith("_")}
    inner = {m.removeprefix("intercom_nb.").split(".")[0] for m in modules()}
    allowed = {"TYPE_CHECKING", "Any", "annotations", "importlib"}
    assert public <= set(intercom_nb.__all__) | inner | allowed


def test_package_raises_attribute_error_when_a_name_is_unknown() -> None:
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        _ = intercom_nb.conect
    with pytest.raises(ImportError):
        exec("from intercom_nb import conect")


def test_models_module_exports_the_documented_configs() -> None:
    from intercom_nb.models import (
        AirbyteAuthConfig,
        IntercomAuthConfig,
        IntercomReplicationConfig,
    )

    assert IntercomAuthConfig is intercom_nb.IntercomAuthConfig
    assert AirbyteAuthConfig.__doc__
    assert IntercomReplicationConfig.__doc__


def test_package_is_marked_as_typed() -> None:
    assert (Path(intercom_nb.__file__).parent / "py.typed").is_file()


def load(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in OPTIONAL:
            pytest.skip(f"{error.name} is not installed")
        raise


# Their examples ask the demo for thousands of records.
SLOW = (
    "intercom_nb.analysis",
    "intercom_nb.connector.connector",
    "intercom_nb.demo",
    "intercom_nb.extract",
    "intercom_nb.frames.accessor",
    "intercom_nb.reporting",
)


def _marked(name: str) -> Any:
    return pytest.param(name, marks=pytest.mark.slow if name.startswith(SLOW) else ())


# Its example patches asyncio in the whole process: test_portal runs it in one of its own.
ALONE = "intercom_nb.runtime.nested_loops"


@pytest.mark.parametrize("name", [_marked(name) for name in modules() if name != ALONE])
def test_docstring_examples_pass(name: str) -> None:
    module = load(name)
    # Looking for examples takes longer than running them.
    if ">>>" in Path(module.__file__ or "").read_text(encoding="utf-8"):
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert doctest.testmod(module, optionflags=flags).failed == 0


def test_package_functions_have_an_example_in_their_docstring() -> None:
    from intercom_nb.connector.connector import IntercomConnector
    from intercom_nb.models import IntercomAuthConfig

    for thing in (
        intercom_nb.connect,
        intercom_nb.enable_nested_loops,
        IntercomAuthConfig,
        IntercomConnector,
        IntercomConnector.execute,
        catalog.operation,
    ):
        assert ">>>" in (thing.__doc__ or ""), thing
