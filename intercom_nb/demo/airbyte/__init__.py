"""Hosted (Airbyte) API of the demo workspace."""
