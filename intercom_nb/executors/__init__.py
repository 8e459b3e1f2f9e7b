"""Executors: run one operation, directly at Intercom or hosted through Airbyte."""
