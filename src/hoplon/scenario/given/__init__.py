"""What a user gives: a scenario, a file, a place; each checked."""
