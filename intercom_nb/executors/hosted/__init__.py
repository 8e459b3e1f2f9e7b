"""Hosted execution through Airbyte."""
