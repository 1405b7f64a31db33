"""By how much a flight is met or missed, and why, in numbers and in words."""
