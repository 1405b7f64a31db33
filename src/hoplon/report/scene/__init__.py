"""What an interactive map of a scenario shows, as plain data: the web application draws it, and computes nothing."""
