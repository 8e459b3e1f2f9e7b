"""The query form: schema, parser, generated code."""
