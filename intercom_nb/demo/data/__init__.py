"""Generators of the demo workspace's records."""
