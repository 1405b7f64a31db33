"""Tests of the question on adaptivity."""
