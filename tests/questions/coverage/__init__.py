"""Tests of the question on coverage."""
