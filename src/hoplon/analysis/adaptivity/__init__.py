"""What waiting costs, and what can be moved how fast when the threat comes otherwise than planned (question 15)."""
