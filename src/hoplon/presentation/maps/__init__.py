"""Maps: projection, ground, layers, and the maps made of them."""
