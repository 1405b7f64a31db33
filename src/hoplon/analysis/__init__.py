"""One architecture, one thing asked of it: coverage, footprints, engagements, tracks, raids."""
