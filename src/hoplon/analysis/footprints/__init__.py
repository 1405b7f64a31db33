"""Areas that are defended, or from which a place is denied, and their outlines."""
