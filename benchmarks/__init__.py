"""What hoplon costs, with the work counted and a reference timed in the same minute."""
