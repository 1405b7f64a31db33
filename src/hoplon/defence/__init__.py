"""Sensing and intercept together: what whole defences do about flights."""
