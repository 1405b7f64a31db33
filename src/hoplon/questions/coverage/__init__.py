"""Who is defended and who is not, architecture by architecture, and why."""

NUMBER = "Q2"
TITLE = "Is security indivisible? Who is defended by each architecture"
SHORT_TITLE = "Coverage"
