"""Raids against an architecture: inputs, Monte Carlo, playback, campaigns."""
