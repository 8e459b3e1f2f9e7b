"""The examples in docstrings do what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import intercom_nb

HERE = Path(intercom_nb.__file__).parent
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(HERE)], "intercom_nb.")
    if not module.name.startswith("intercom_nb.demo.") and not module.name.endswith("__main__")
)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0
