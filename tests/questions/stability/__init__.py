"""Tests of the question on stability."""
