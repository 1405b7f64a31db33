"""Question 7: what partner radars add, and the effect of losing their feeds."""

NUMBER = "Q7"
TITLE = "What do the partner radars add, and what if they are switched off?"
SHORT_TITLE = "Partner radars"
