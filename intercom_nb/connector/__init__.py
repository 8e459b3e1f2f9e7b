"""The connector: one workspace, its entities as attributes."""
