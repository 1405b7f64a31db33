"""Tests of the question on the threat."""
