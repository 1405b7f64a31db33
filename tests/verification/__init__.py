"""hoplon against numbers that are not its own: textbooks, real flights, other codes, second methods."""
