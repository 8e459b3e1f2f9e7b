"""Intercom's REST API over the records of the demo workspace."""
