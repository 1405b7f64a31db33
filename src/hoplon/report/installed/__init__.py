"""What hoplon runs on: its packages, the machine, and how fast it is here."""
