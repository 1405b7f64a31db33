"""Threat flight: the closed-form arc, the boost path, whole trajectories."""
