"""Export jobs and the CSV files they produce."""
