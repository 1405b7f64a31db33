"""What answers hand to maps of other tools: sites, radar ranges, points, nations and flights as layers and grids."""
