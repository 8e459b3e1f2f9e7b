"""Intercom REST API of the demo workspace."""
