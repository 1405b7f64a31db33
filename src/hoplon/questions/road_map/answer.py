"""Which architectures the road map shows, and how many people each defends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hoplon.analysis.architectures import baseline, compared_architectures
from hoplon.questions.requests import CoverageRequest, at_every_level
from hoplon.questions.study import Shares, Study
from hoplon.scenario.model import Scenario

_FEWEST: Final = 2  # architectures with years that make a road map


@dataclass(frozen=True)
class RoadMap:
    """The compared architectures that have a year.

    Parameters
    ----------
    architectures : mapping
        Architecture to its year, in the order of the comparison.
    baseline : str or None
        Which of them the others are held against.
    people : mapping
        Architecture to the share of people defended: low, base, high; without those that nobody is threatened under.
    classes_title : str
        The classes that these shares count.
    """

    architectures: Mapping[str, int]
    baseline: str | None
    people: Mapping[str, Shares]
    classes_title: str

    @property
    def successors(self) -> dict[str, int]:
        """The architectures but for the baseline."""
        return {name: year for name, year in self.architectures.items() if name != self.baseline}


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages of the compared architectures that have a year, at every level."""
    return at_every_level(tuple(_dated(scenario)))


def answer(study: Study) -> RoadMap | None:
    """Return the road map; None for a scenario that compares fewer than two architectures with years."""
    scenario = study.scenario
    dated, base = _dated(scenario), baseline(scenario)
    if len(dated) < _FEWEST:
        return None
    shares = {name: study.people(name) for name in dated}
    people = {name: share for name, share in shares.items() if share is not None}
    return RoadMap(dated, base if base in dated else None, people, study.classes_title)


def _dated(scenario: Scenario) -> dict[str, int]:
    """Return the compared architectures that have a year, with it."""
    years = {name: scenario.architecture(name).year for name in compared_architectures(scenario)}
    return {name: year for name, year in years.items() if year is not None}
