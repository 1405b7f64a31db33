"""The same handlers as separate processes: every element its own, in conservative windows of time, the same log."""
