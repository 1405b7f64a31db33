"""Inputs with bounds: the disputed ones one at a time and at the corners, and samples of all of them."""
