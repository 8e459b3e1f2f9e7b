"""MCP server: the connector, the metrics and SQL as tools of any agent."""
