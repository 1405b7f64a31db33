"""Coverage of every restriction of an architecture: subsets of its sites, elements or owners, or of candidates for it.

A subset is not an OR over batteries: a radar that drops out takes its cue, commitment and support with it. Each flight
is therefore a simple game of its own, and each place the game that is won where all its flights are.

- :func:`players.players_of` makes players of an architecture (site, element, owner); :class:`players.Player` may be
  made by hand, of candidates too.
- :func:`restrictions.roster_of` joins architecture and players: what belongs to no player always stands, an element of
  several players stands with any of them, ``added`` brings elements that the architecture does not have (candidates),
  ``predecessors`` lets what an element upgrades stand in its place. ``Roster.restricted(coalition)`` is the restricted
  architecture itself, for any judge.
- :func:`scope.scope_of` says what counts: places, weights, classes, launch areas, nations; ``Scope.marked`` takes a
  weighted subset of the places.
- :func:`winning.defended_by` learns, flight by flight, by which coalitions each place is defended, in pieces of places
  with progress. Its ``families`` are the minimal winning coalitions of the flights, ``flights`` those that decide each
  kind of place (what a linear program of a mix takes), ``kinds`` the places' games merged, ``weights()`` people or km2
  of each kind by nation.
- :class:`values.CoalitionValues` gives values: of one coalition, of many, of all (``table``), by nation, and dividends,
  of which Shapley values, Owen values and interactions are sums (:mod:`attribution`).

Coalitions are whole numbers whose bits are the players in order.
"""
