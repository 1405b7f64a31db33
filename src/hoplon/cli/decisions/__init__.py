"""Commands of the questions of decision."""
