"""Who is within reach of which threat class, from which year, and with what warning."""

NUMBER = "Q1"
TITLE = "What is the threat, and who is within its reach?"
SHORT_TITLE = "Threat"
