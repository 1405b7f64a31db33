"""The questions of an architecture study, answered from a scenario."""
