"""What the tracking benchmark measures hoplon against: a filter in C, and Stone Soup with two-body motion."""
