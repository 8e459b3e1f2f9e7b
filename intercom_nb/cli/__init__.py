"""The command line: one module per command of ``intercom-nb``."""
