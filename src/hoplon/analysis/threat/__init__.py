"""The threat: who is within whose reach, with what warning, and how that grows (question 1)."""
