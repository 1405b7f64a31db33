"""The questions of decision asked for by names, for :mod:`hoplon.api`."""
