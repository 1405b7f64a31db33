"""The best mix for a budget (question 5): which candidates to add to what stands anyway.

- :mod:`choices` knows the candidates: what each adds, costs, excludes and requires.
- :mod:`problem` knows what a choice is worth, exactly.
- :mod:`enumeration` goes through every choice, :mod:`paid` through those that a budget pays, with :mod:`swaps` to begin
  with; :mod:`program` proves the best of too many of them by a linear program (:mod:`columns`, :mod:`linear`).
- :mod:`phases` finds the mix that grows.
- :mod:`asked` reads what is asked, :mod:`answer` holds what is found.
"""
