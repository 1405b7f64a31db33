"""What a scenario gives to the questions of decision: costs, candidates of a mix, factors, surprises and moves."""
