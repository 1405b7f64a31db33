"""What integration adds: coverage with the modes of integration, and what leaks of a raid."""

NUMBER = "Q4"
TITLE = "What does integration add?"
SHORT_TITLE = "Integration"
