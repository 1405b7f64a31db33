"""The best mix for each of some budgets, each searched by itself: what one budget gives depends on no other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hoplon.analysis.mix.answer import Alternatives, BasedAlone, BudgetMix
from hoplon.analysis.mix.enumeration import Enumeration
from hoplon.analysis.mix.found import NearOptimal, Optimum, Search
from hoplon.analysis.mix.paid import PaidSearch
from hoplon.analysis.mix.problem import SAME, MixProblem
from hoplon.campaigns.chunked import json_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.mix.choices import Choices
    from hoplon.campaigns.execution import Execution


@dataclass(frozen=True)
class SearchLimits:
    """How far is searched: as :class:`hoplon.analysis.mix.asked.MixAsked` has it, the time as a number of nodes."""

    near: float
    listed: int
    nodes: int
    only: str | None


@dataclass(frozen=True)
class BudgetFound:
    """What the searches for one budget found: the best, what comes near, the best of land and the best of sea."""

    best: Optimum
    near: NearOptimal
    land: Optimum
    sea: Optimum


@dataclass(frozen=True)
class BudgetSearches:
    """The question which mix is best for each budget, a chunk each.

    Parameters
    ----------
    problem : MixProblem
        In which something is threatened.
    budgets_musd : tuple of float
    limits : SearchLimits
    """

    unit = "budgets"

    problem: MixProblem
    budgets_musd: tuple[float, ...]
    limits: SearchLimits

    @property
    def chunks(self) -> int:
        """Return the number of budgets."""
        return len(self.budgets_musd)

    def count(self, number: int) -> int:
        """Return one: a chunk is a budget."""
        return 1

    def content(self) -> list[Any]:
        """Return all that decides what is found beside hoplon itself, as plain data."""
        problem, limits = self.problem, asdict(self.limits)
        candidates = [[one.name, *one.added] for one in problem.choices.candidates]
        budgets = list(self.budgets_musd)
        return ["mix", budgets, limits, problem.losses, problem.choices.most, candidates, *problem.values.content()]

    @cached_property
    def _enumeration(self) -> Enumeration | None:
        """Every choice, gone through once for all budgets; None where they are too many."""
        return Enumeration(self.problem) if Enumeration.serves(self.problem) else None

    def chunk(self, number: int) -> BudgetFound:
        """Return what is found for a budget."""
        problem, limits, budget = self.problem, self.limits, self.budgets_musd[number]
        search = self._enumeration or search_of(problem, limits.nodes)
        usable = usable_of(problem.choices, limits.only)
        best = search.optimum(budget, usable)
        near = search.near(budget, usable, best.worth, limits.near, limits.listed)
        land, sea = (problem.choices.without_batteries(other) for other in ("sea", "land"))
        return BudgetFound(best, near, search.optimum(budget, land), search.optimum(budget, sea))

    def encoded(self, chunk: BudgetFound) -> bytes:
        """Return what is found as bytes."""
        return json_bytes(asdict(chunk))

    def decoded(self, number: int, body: bytes) -> BudgetFound:
        """Return what bytes say was found."""
        plain = json.loads(body)
        near: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in plain["near"].items()
        }
        best, land, sea = (Optimum(**plain[key]) for key in ("best", "land", "sea"))
        return BudgetFound(best, NearOptimal(**near), land, sea)


def search_of(problem: MixProblem, nodes: int) -> Search:
    """Return the way to search a problem: through every choice where they are few enough."""
    if Enumeration.serves(problem):
        return Enumeration(problem)
    return PaidSearch(problem, nodes)


def usable_of(choices: Choices, only: str | None) -> int:
    """Return the candidates without a battery based elsewhere than on land, or at sea."""
    if only is None:
        return choices.everything
    return choices.without_batteries("sea" if only == "land" else "land")


def mixes_of(problem: MixProblem, budgets: Sequence[float], limits: SearchLimits, how: Execution) -> list[BudgetMix]:
    """Return the best mix for each of some budgets, in their order."""
    choices = problem.choices
    if problem.values.nothing_threatened:
        nothing = BasedAlone(None, 0.0, ())
        none = Alternatives((), choices.names(choices.everything), ((),), 1, True)
        return [
            BudgetMix(budget, None, None, None, None, True, (), 0.0, none, nothing, nothing, False)
            for budget in budgets
        ]
    different = tuple(sorted(set(budgets), reverse=True))
    found = how.chunks(BudgetSearches(problem, different, limits))
    mixes = {budget: _mix(problem, budget, one) for budget, one in zip(different, found, strict=True)}
    return [mixes[budget] for budget in budgets]


def _mix(problem: MixProblem, budget: float, found: BudgetFound) -> BudgetMix:
    choices, best = problem.choices, found.best
    land, sea = (
        BasedAlone(
            one.worth, choices.cost_musd(one.choice), choices.names(one.choice), problem.after_one_loss(one.choice)
        )
        for one in (found.land, found.sea)
    )
    return BudgetMix(
        budget_musd=budget,
        value=best.worth,
        value_full=None,
        bound=best.bound,
        gap=best.gap,
        exact=best.exact,
        chosen=choices.names(best.choice),
        cost_musd=choices.cost_musd(best.choice),
        near=_named(problem, found.near),
        land=land,
        sea=sea,
        mix_dominates=all(best.worth > one.worth + SAME for one in (found.land, found.sea)),
        after_loss=problem.after_one_loss(best.choice),
    )


def _named(problem: MixProblem, near: NearOptimal) -> Alternatives:
    choices = problem.choices
    return Alternatives(
        choices.names(near.must),
        choices.names(near.never),
        tuple(choices.names(one) for one in near.alternatives),
        near.total,
        near.every,
        tuple(problem.worth(one) for one in near.alternatives),
        tuple(choices.cost_musd(one) for one in near.alternatives),
    )
