"""Made-up records of the demo workspace."""
