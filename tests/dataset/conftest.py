"""Fixtures of the extraction's tests, for datasets that need a server."""

from tests.extract.conftest import bench

__all__ = ["bench"]
