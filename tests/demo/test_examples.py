"""The examples in the documentation of the demo, run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import intercom_nb.demo

MODULES = [
    "intercom_nb.demo",
    *(m.name for m in pkgutil.walk_packages(intercom_nb.demo.__path__, "intercom_nb.demo.")),
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_of_the_demo_pass(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
