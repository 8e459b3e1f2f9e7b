"""One result: table, columns, charts, record detail, comparison."""
