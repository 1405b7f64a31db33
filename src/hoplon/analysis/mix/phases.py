"""The best mix that grows by phases: each within its budget, against the classes that exist in its year."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import threats_in_year
from hoplon.analysis.mix.answer import PhasedMix, PhaseMix
from hoplon.analysis.mix.choices import MONEY
from hoplon.analysis.mix.enumeration import MOST_ENUMERATED, Enumeration
from hoplon.analysis.mix.found import Optimum
from hoplon.analysis.mix.problem import SAME, values_of
from hoplon.analysis.mix.program import NODES_A_SECOND, MixProgram
from hoplon.analysis.subsets.judged import judged_values
from hoplon.analysis.subsets.winning import defended_by
from hoplon.campaigns.chunked import json_bytes
from hoplon.campaigns.execution import Execution
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.mix.problem import MixProblem
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.scope import Scope
    from hoplon.progress import Progress

_FEW_WITH_LOSSES: Final = 12  # candidates that matter, where the pieces lost are too many for a table


@dataclass(frozen=True)
class Growth:
    """Choices by phase, none of which gives up what an earlier one chose.

    Attributes
    ----------
    choices : tuple of int
        By phase.
    worth : float
        Sum of what they are worth.
    bound : float
        That no such sum exceeds.
    """

    choices: tuple[int, ...]
    worth: float
    bound: float


@dataclass(frozen=True)
class GrowthSearch:
    """The question which choices grow best by phases: one chunk, by :func:`best_growth`, whose arguments it has."""

    unit = "searches"

    problems: tuple[MixProblem, ...]
    budgets_musd: tuple[float, ...]
    usable: int
    nodes: int

    @property
    def chunks(self) -> int:
        """Return one."""
        return 1

    def count(self, number: int) -> int:
        """Return one."""
        return 1

    def content(self) -> list[Any]:
        """Return all that decides what is found beside hoplon itself, as plain data."""
        last, scopes = self.problems[-1], [list(one.values.by.scope.threats) for one in self.problems]
        asked = [list(self.budgets_musd), self.usable, self.nodes, last.losses, last.choices.most]
        return ["growth", scopes, *asked, *last.values.content()]

    def chunk(self, number: int) -> Growth:
        """Return what is found."""
        return best_growth(self.problems, self.budgets_musd, self.usable, self.nodes)

    def encoded(self, chunk: Growth) -> bytes:
        """Return what is found as bytes."""
        return json_bytes(asdict(chunk))

    def decoded(self, number: int, body: bytes) -> Growth:
        """Return what bytes say was found."""
        plain = json.loads(body)
        return Growth(**plain | {"choices": tuple(plain["choices"])})


def phased(
    store: Store,
    whole: Scope,
    problem: MixProblem,
    phases: Sequence[tuple[int, float]],
    usable: int,
    nodes: int = 60 * NODES_A_SECOND,
    progress: Progress = silent,
    execution: Execution | None = None,
) -> PhasedMix:
    """Return the mix that grows by phases and is best on the mean of them.

    Parameters
    ----------
    store : Store
    whole : Scope
        Of all points, on which the phases are judged again.
    problem : MixProblem
        Its scope says which classes count, those of them that exist in the year of a phase there.
    phases : sequence of (int, float)
        Years that rise, and what may be spent by then [million USD].
    usable : int
        Candidates.
    nodes : int
        Of the search of a program at most.
    progress : callable
    execution : Execution, optional
        Does the work, and tells its own progress; this process by default, with nothing kept.

    Raises
    ------
    InputError
        If more than 20 candidates matter and more than one shot is required, so that there is no linear program.
    """
    how = execution or Execution(progress=progress)
    problems = []
    for year, _ in phases:
        scope = _in_year(problem, problem.values.by.scope, year)
        by = defended_by(store, scope, problem.values.by.roster, tabulated=False, execution=how)
        problems.append(replace(problem, values=values_of(by)))
    [grown] = how.chunks(GrowthSearch(tuple(problems), tuple(budget for _, budget in phases), usable, nodes))
    found = []
    for one, choice, (year, budget) in zip(problems, grown.choices, phases, strict=True):
        value = full = None
        if not one.values.nothing_threatened:
            value = one.worth(choice)
            judged = judged_values(store, _in_year(problem, whole, year), one.after_losses(choice), execution=how)
            full = min((share for share in judged if share is not None), default=None)
        names, cost = problem.choices.names(choice), problem.choices.cost_musd(choice)
        found.append(PhaseMix(year, budget, value, full, names, cost))
    values = [phase.value for phase in found if phase.value is not None]
    if not values:
        return PhasedMix(tuple(found), None, None, None, True)
    mean = Optimum(grown.choices[-1], sum(values) / len(values), grown.bound / len(values))
    return PhasedMix(tuple(found), mean.worth, max(mean.worth, mean.bound), mean.gap, mean.exact)


def _in_year(problem: MixProblem, scope: Scope, year: int) -> Scope:
    """Return a scope with those of its classes that exist in a year."""
    existing = set(threats_in_year(problem.scenario, year))
    return replace(scope, threats=tuple(name for name in scope.threats if name in existing))


def best_growth(
    problems: Sequence[MixProblem],
    budgets_musd: Sequence[float],
    usable: int,
    nodes: int = 60 * NODES_A_SECOND,
    most: int = MOST_ENUMERATED,
) -> Growth:
    """Return the choices that grow by phases and are best on the sum of what they are worth.

    Of choices as good (1e-9 of the sum) those whose last phase is the cheapest, then the first in order; with it held,
    those of the earlier phases are as good as any within it, and of them the phase before is the cheapest, then the
    first in order; and so on back to the first.

    Parameters
    ----------
    problems : sequence of MixProblem
        By phase, of the same candidates.
    budgets_musd : sequence of float
        By phase [million USD].
    usable : int
        Candidates.
    nodes : int
        Of the search of a program at most.
    most : int
        Candidates that matter in some phase of which every choice is gone through.

    Notes
    -----
    Beyond ``most`` a linear program over all phases
    (:class:`MixProgram`) finds the last one, and what it leaves to the earlier ones is asked anew.
    """
    mattering = 0
    for one in problems:
        mattering |= one.mattering
    mattering &= usable
    if _are_few(problems, mattering, most):
        return enumerated_growth(problems, budgets_musd, usable)
    earlier = tuple(zip(problems[:-1], budgets_musd[:-1], strict=True))
    last = MixProgram(problems[-1], nodes, earlier, mattering).optimum(budgets_musd[-1], usable)
    own = 0.0 if problems[-1].values.nothing_threatened else problems[-1].worth(last.choice)
    if not earlier:
        return Growth((last.choice,), own, max(own, last.bound))
    before = best_growth(problems[:-1], budgets_musd[:-1], last.choice, nodes, most)
    worth = before.worth + own
    return Growth((*before.choices, last.choice), worth, max(worth, last.bound))


def _are_few(problems: Sequence[MixProblem], mattering: int, most: int) -> bool:
    """Tell whether every choice of the candidates that matter can be gone through."""
    if problems[-1].losses and not all(Enumeration.serves(one) for one in problems):
        most = min(most, _FEW_WITH_LOSSES)
    return mattering.bit_count() <= most


def enumerated_growth(problems: Sequence[MixProblem], budgets_musd: Sequence[float], usable: int) -> Growth:
    """Return what :func:`best_growth` does, by going through every choice."""
    mattering = 0
    for one in problems:
        mattering |= one.mattering
    searches = [Enumeration(one, mattering & usable) for one in problems]
    gained: list[NDArray[np.float64]] = []  # by choice in a phase, the best sum up to it
    carried: NDArray[np.float64] = np.zeros(len(searches[0].choices))
    for search, budget in zip(searches, budgets_musd, strict=True):
        ends = np.full(len(carried), -np.inf)
        within = search.within(budget, usable)
        worth = 0.0 if search.problem.values.nothing_threatened else search.worth[within]
        ends[within] = carried[within] + worth
        gained.append(ends)
        carried = _best_part(ends)
    choices = searches[-1].choices
    holds = np.ones(len(choices), dtype=np.bool_)
    found: list[int] = []
    for search, ends in reversed(list(zip(searches, gained, strict=True))):
        found.append(int(choices[_first(search, np.flatnonzero(holds), ends)]))
        holds = (choices & ~np.int64(found[-1])) == 0
    found.reverse()
    valued = zip(problems, found, strict=True)
    total = sum(one.worth(choice) for one, choice in valued if not one.values.nothing_threatened)
    return Growth(tuple(found), total, max(total, float(carried.max())))


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
