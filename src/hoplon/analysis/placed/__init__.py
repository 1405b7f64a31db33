"""What answers hand to maps of other tools: sites, ranges of radars, points, nations and flights as layers and grids."""
