"""The scenario file: records, reading, checks, and the bundled studies."""
