"""What question 11 computes: standing cost, roll-out and cost per defended person of architectures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.costs.answer import ArchitectureCost, CostAnswer, cost_answer
from hoplon.analysis.costs.standing import element_costs
from hoplon.questions.requests import CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.model import Cited, Scenario

_NUMBER: Final = "Q11"


@dataclass(frozen=True)
class CostsAnswer:
    """What architectures cost.

    Attributes
    ----------
    told : CostAnswer
    nations : tuple of str
        Whose people are counted: those of the headline that are members in the years of all the architectures.
    published : mapping of str to Cited
        Totals of other studies, of the architectures that have one.
    """

    told: CostAnswer
    nations: tuple[str, ...]
    published: Mapping[str, Cited]

    @property
    def costs(self) -> Mapping[str, ArchitectureCost]:
        """Return the cost of each architecture."""
        return self.told.costs

    @property
    def seed(self) -> int:
        """Return the seed of the samples."""
        return self.told.seed


def architectures_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures with a cost that the question is put to: those that it names, or those compared."""
    if scenario.costs is None:
        return ()
    scope = scenario.questions.get(_NUMBER)
    named = () if scope is None else scope.architectures
    return tuple(
        name
        for name in named or compared_architectures(scenario)
        if element_costs(scenario.architecture(name).elements)
    )


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures that are costed, at base values."""
    return [CoverageRequest(name) for name in architectures_of(scenario)]


def answer(study: Study) -> CostsAnswer | None:
    """Return the answer; None for a scenario without ``costs``, or of which no architecture has a cost."""
    names = architectures_of(study.scenario)
    if not names:
        return None
    nations = study.common_nations(names)
    defended = {name: study.tally(name).count("headline", nations).defended_population for name in names}
    costs = study.scenario.costs
    published = (
        {} if costs is None else {name: costs.published_musd[name] for name in names if name in costs.published_musd}
    )
    return CostsAnswer(cost_answer(study.scenario, names).against(defended, {}), nations, published)
