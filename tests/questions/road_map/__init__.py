"""Tests of the road map."""
