"""Question 8: what radar discrimination and interceptor discrimination each buy."""

NUMBER = "Q8"
TITLE = "Radar discrimination or interceptor discrimination: what does each buy?"
SHORT_TITLE = "Discrimination"
