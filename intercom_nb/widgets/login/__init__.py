"""The login form."""
