"""Scenarios changed from Python."""
