"""Samples of every input with bounds, and the band of shares that comes of them."""
