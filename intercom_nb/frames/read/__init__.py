"""JSON records to typed columns."""
