"""What question 5 computes: the best mix of the scenario's candidates for each budget, and land and sea alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.costs.standing import annuity, costs_of, element_costs, standing_musd, years_of
from hoplon.analysis.mix.answer import BudgetMix, MixAnswer
from hoplon.analysis.mix.asked import MARKS, MixAsked, optimise
from hoplon.analysis.store import Store
from hoplon.campaigns.execution import WorkAsked
from hoplon.progress import Progress, silent
from hoplon.questions.requests import CoverageRequest

if TYPE_CHECKING:
    from hoplon.questions.study import Study
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

_NUMBER: Final = "Q5"
_LISTED: Final = 3  # alternatives of a budget
_ALSO: Final = ("worst_loss", "worst_nation")
_NEARLY: Final = 0.98  # of what the greatest budget gives


@dataclass(frozen=True)
class ArchitectureBeside:
    """An architecture beside the mixes: what it adds to the base, at the same prices, and what it defends.

    Attributes
    ----------
    name : str
    cost_musd : float
        Discounted standing cost of its elements that do not stand anyway, without development.
    share : float or None
        Of the threatened people, on all points.
    """

    name: str
    cost_musd: float
    share: float | None


@dataclass(frozen=True)
class MixFound:
    """The best mix for each budget.

    Attributes
    ----------
    told : MixAnswer
        Budgets in rising order.
    beside : tuple of ArchitectureBeside
    """

    told: MixAnswer
    beside: tuple[ArchitectureBeside, ...]

    @property
    def mixes(self) -> tuple[BudgetMix, ...]:
        """The budgets for which something is threatened."""
        return tuple(item for item in self.told.budgets if item.value is not None)

    @property
    def enough(self) -> BudgetMix:
        """The mix of the least budget that gives nearly what the greatest does."""
        most = self.mixes[-1].value or 0.0
        return next(item for item in self.mixes if (item.value or 0.0) >= _NEARLY * most)

    @property
    def dominated(self) -> tuple[BudgetMix, ...]:
        """The budgets for which a mix of land and sea is better than either alone."""
        return tuple(item for item in self.mixes if item.mix_dominates)

    @property
    def after_loss(self) -> tuple[BudgetMix, ...]:
        """The best for each budget when the worst loss of one site is borne, of those that leave something."""
        return tuple(item for item in self.told.beside.get("worst_loss", ()) if item.value)

    @property
    def worst_nation(self) -> tuple[BudgetMix, ...]:
        """The best for each budget by the share of the nation that is worst off."""
        return tuple(item for item in self.told.beside.get("worst_nation", ()) if item.value is not None)

    @property
    def error(self) -> float | None:
        """Greatest difference between a value on the weighted subset and on all points; None without a subset."""
        return None if self.told.subset is None else self.told.subset["error"]


def budgets_of(scenario: Scenario) -> tuple[str, tuple[float, ...]] | None:
    """Return what a mix is added to, and what it may cost; None where the scenario does not ask."""
    scope = scenario.questions.get(_NUMBER)
    if scope is None or scope.base is None or not scope.budgets_musd:
        return None
    if not scenario.candidates or scenario.costs is None:
        return None
    return scope.base, tuple(sorted(scope.budgets_musd))


def architectures_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that the question names, to stand beside the mixes."""
    asked = budgets_of(scenario)
    named = scenario.questions[_NUMBER].architectures if asked is not None else ()
    return tuple(name for name in named if asked is not None and name != asked[0])


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures that stand beside the mixes, at base values."""
    return [CoverageRequest(name) for name in architectures_of(scenario)]


def best_mixes(
    scenario: Scenario, store: Store | None = None, points: AimPoints | None = None, progress: Progress = silent
) -> MixAnswer:
    """Return the best mix for each of the scenario's budgets, for people, the worst loss and the nation worst off.

    Parameters
    ----------
    scenario : Scenario
        That asks.
    store : Store, optional
        Stages that others computed; one of its own by default.
    points : AimPoints, optional
        Those of the scenario by default.
    progress : callable
    """
    asked = budgets_of(scenario)
    assert asked is not None
    base, budgets = asked
    told = optimise(
        Store() if store is None else store,
        scenario,
        base,
        MixAsked(budgets_musd=budgets, points=points, subset=MARKS, listed=_LISTED, also=_ALSO),
        WorkAsked(progress=progress),
    )
    assert isinstance(told, MixAnswer)  # a shard alone is told otherwise
    return told


def beside(study: Study) -> tuple[Callable[..., Any], tuple[Any, ...]] | None:
    """Return the search for the best mixes, to be done beside; None where it is not asked, or points are given."""
    if study.given_points or budgets_of(study.scenario) is None:
        return None
    return best_mixes, (study.scenario,)


def answer(study: Study) -> MixFound | None:
    """Return the answer; None for a scenario that gives no candidates, budgets, or base."""
    asked = budgets_of(study.scenario)
    if asked is None:
        return None
    base, _ = asked
    points = study.points if study.given_points else None
    done = study.beside("mix")
    told = done[0] if done else best_mixes(study.scenario, study.store, points, study.progress)
    found = MixFound(told, _beside(study, base))
    return found if found.mixes else None


def _beside(study: Study, base: str) -> tuple[ArchitectureBeside, ...]:
    scenario, standing = study.scenario, study.scenario.architecture(base).elements
    costs = costs_of(scenario)
    worth = annuity(float(costs.discount_rate), years_of(costs))
    names = architectures_of(scenario)
    nations = study.common_nations((base, *names))
    found = []
    for name in names:
        elements = scenario.architecture(name).elements
        added = {key: item for key, item in elements.items() if key not in standing}
        share = study.tally(name).count("headline", nations).population_share
        found.append(ArchitectureBeside(name, standing_musd(element_costs(added), worth), share))
    return tuple(found)
