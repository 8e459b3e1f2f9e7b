"""End models: tables with the names and columns that dbt_intercom users know."""
