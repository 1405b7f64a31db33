"""A question of the study."""
