"""Benchmarks and the soak test: ``make bench`` and ``make soak``. Not part of the wheel."""
