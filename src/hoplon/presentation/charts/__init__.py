"""Charts from plain values."""
