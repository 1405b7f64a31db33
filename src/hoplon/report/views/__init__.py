"""Answers drawn one at a time, for notebooks: as a picture, and as a map to look around in."""
