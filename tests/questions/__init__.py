"""Each question tested in a folder of its own."""
