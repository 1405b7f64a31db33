"""Question 8: what radar discrimination and interceptor discrimination each add."""

NUMBER = "Q8"
TITLE = "Radar discrimination or interceptor discrimination: what does each add?"
SHORT_TITLE = "Discrimination"
