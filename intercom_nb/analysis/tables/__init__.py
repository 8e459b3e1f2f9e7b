"""Tables of results: as text for people, and as sheets of a workbook."""
