"""Measurements and the long test: ``make bench`` and ``make soak``. Nothing here is shipped."""
