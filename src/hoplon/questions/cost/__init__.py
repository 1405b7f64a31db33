"""What architectures cost: in all, by year, and by defended person, with intervals."""

NUMBER = "Q11"
TITLE = "What does it cost, per year and in all, per defended person, with what uncertainty?"
SHORT_TITLE = "Cost"
