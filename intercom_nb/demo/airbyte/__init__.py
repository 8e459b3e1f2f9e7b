"""The hosted (Airbyte) API over the demo workspace."""
