"""Question 7: what partner radars add, and what is left when their feeds end."""

NUMBER = "Q7"
TITLE = "What do the partner radars add, and what if they are switched off?"
SHORT_TITLE = "Partner radars"
