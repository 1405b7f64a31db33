"""The records of a scenario file, key by key: kind of value, unit, limits, meaning, and what holds without the key."""
