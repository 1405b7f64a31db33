"""The best mix that grows by phases: each within its budget, against the classes that exist in its year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import threats_in_year
from hoplon.analysis.mix.answer import PhasedMix, PhaseMix
from hoplon.analysis.mix.choices import MONEY
from hoplon.analysis.mix.enumeration import MOST_ENUMERATED, Enumeration
from hoplon.analysis.mix.problem import SAME, values_of
from hoplon.analysis.subsets.winning import defended_by
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.mix.problem import MixProblem
    from hoplon.analysis.store import Store
    from hoplon.campaigns.execution import Execution
    from hoplon.progress import Progress


def phased(
    store: Store,
    problem: MixProblem,
    phases: Sequence[tuple[int, float]],
    usable: int,
    progress: Progress = silent,
    execution: Execution | None = None,
) -> PhasedMix:
    """Return the mix that grows by phases and is best on the mean of them.

    Parameters
    ----------
    store : Store
    problem : MixProblem
        Its scope says which classes count, those of them that exist in the year of a phase there.
    phases : sequence of (int, float)
        Years that rise, and what may be spent by then [million USD].
    usable : int
        Candidates.
    progress : callable
    execution : Execution, optional
        Learns what the candidates defend, and tells its own progress; this process by default, with nothing kept.

    Raises
    ------
    InputError
        If more than 20 candidates matter: every choice is gone through.

    Notes
    -----
    Of mixes as good the one whose last phase is the cheapest, then the first in order; then likewise the phase before.
    """
    problems = []
    for year, _ in phases:
        existing = set(threats_in_year(problem.scenario, year))
        scope = problem.values.by.scope
        scope = replace(scope, threats=tuple(name for name in scope.threats if name in existing))
        roster = problem.values.by.roster
        by = defended_by(store, scope, roster, progress, tabulated=False, execution=execution)
        problems.append(replace(problem, values=values_of(by)))
    mattering = 0
    for one in problems:
        mattering |= one.mattering
    if mattering.bit_count() > MOST_ENUMERATED:
        raise InputError(
            f"phases: {mattering.bit_count()} candidates matter, and {MOST_ENUMERATED} is the most of which a mix that "
            "grows is chosen; leave some out"
        )
    searches = [Enumeration(one, mattering) for one in problems]
    gained: list[NDArray[np.float64]] = []  # by choice in a phase, the best sum up to it
    carried: NDArray[np.float64] = np.zeros(1 << mattering.bit_count())
    for search, (_, budget) in zip(searches, phases, strict=True):
        ends = np.full(len(carried), -np.inf)
        within = search.within(budget, usable)
        worth = 0.0 if search.problem.values.nothing_threatened else search.worth[within]
        ends[within] = carried[within] + worth
        gained.append(ends)
        carried = _best_part(ends)
    choices = searches[-1].choices
    holds = np.ones(len(choices), dtype=np.bool_)
    found: list[PhaseMix] = []
    for search, ends, (year, budget) in reversed(list(zip(searches, gained, phases, strict=True))):
        place = _first(search, np.flatnonzero(holds), ends)
        choice = int(choices[place])
        terms, nobody = problem.choices, search.problem.values.nothing_threatened
        value = None if nobody else search.problem.worth(choice)
        found.append(PhaseMix(year, budget, value, terms.names(choice), terms.cost_musd(choice)))
        holds = (choices & ~np.int64(choice)) == 0
    found.reverse()
    values = [phase.value for phase in found if phase.value is not None]
    return PhasedMix(tuple(found), sum(values) / len(values) if values else None)


def _best_part(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the greatest value among the parts of each choice, itself one of them."""
    found = values.copy()
    for rank in range((len(found) - 1).bit_length()):
        halves = found.reshape(-1, 2, 1 << rank)
        np.maximum(halves[:, 1], halves[:, 0], out=halves[:, 1])
    return found


def _first(search: Enumeration, places: NDArray[np.intp], sums: NDArray[np.float64]) -> int:
    """Return the place of the best choice among some: of those as good the cheapest, then the first."""
    as_good = places[sums[places] >= sums[places].max() - SAME]
    costs = search.costs_musd[as_good]
    tied = as_good[costs <= costs.min() + MONEY * max(1.0, float(costs.min()))]
    first = search.problem.choices.first_in_order(search.choices[tied])
    return int(tied[search.choices[tied] == first][0])
