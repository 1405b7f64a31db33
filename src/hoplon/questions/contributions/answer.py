"""What question 9 computes: shares of people defended without and with national contributions, by nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import contribution_variants, counterpart
from hoplon.presentation.wording import MARKED
from hoplon.questions.requests import LEVELS, CoverageRequest, at_every_level
from hoplon.questions.study import Shares, Study
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class Contribution:
    """What national contributions add to one architecture.

    Parameters
    ----------
    architecture : str
        With the contributions.
    counterpart : str
        The same without them.
    without, added : tuple of float
        Share of the threatened people of the headline's nations defended, without the contributions and with them
        added: low, base, high.
    people : tuple of float
        How many more people are defended with them: low, base, high.
    nations : mapping
        Nation to its shares without and with them; nations that nothing threatens are left out.
    """

    architecture: str
    counterpart: str
    without: Shares
    added: Shares
    people: Shares
    nations: Mapping[str, tuple[Shares, Shares]]

    def change(self, nation: str, level: int) -> float:
        """Return how much the share of a nation grows with the contributions at a level (0 low, 1 base, 2 high)."""
        without, added = self.nations[nation]
        return added[level] - without[level]

    def marked(self, level: int) -> tuple[str, ...]:
        """Return the nations whose share changes by 5 points or more at a level."""
        return tuple(code for code in self.nations if abs(self.change(code, level)) >= MARKED)


@dataclass(frozen=True)
class ContributionsAnswer:
    """What national contributions add to each architecture that has a variant with them."""

    contributions: tuple[Contribution, ...]


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures with contributions and the same without them, at every level."""
    pairs = _pairs(scenario)
    return at_every_level([*pairs.values(), *pairs])


def answer(study: Study) -> ContributionsAnswer | None:
    """Return the answer; None for a scenario without architectures that have contributions added."""
    found = []
    for name, stem in _pairs(study.scenario).items():
        without, added = study.people(stem), study.people(name)
        if without is not None and added is not None:
            found.append(_contribution(study, name, stem, without, added))
    return ContributionsAnswer(tuple(found)) if found else None


def _pairs(scenario: Scenario) -> dict[str, str]:
    """Return the architectures with contributions, each with the same without them."""
    stems = {name: counterpart(scenario, name) for name in contribution_variants(scenario)}
    return {name: stem for name, stem in stems.items() if stem is not None}


def _contribution(study: Study, name: str, stem: str, without: Shares, added: Shares) -> Contribution:
    low, base, high = (
        study.count(name, level).defended_population - study.count(stem, level).defended_population for level in LEVELS
    )
    nations = {}
    for code in study.common_nations((stem, name)):
        before, after = _nation(study, stem, code), _nation(study, name, code)
        if before is not None and after is not None:
            nations[code] = (before, after)
    return Contribution(name, stem, without, added, (low, base, high), nations)


def _nation(study: Study, name: str, code: str) -> Shares | None:
    low, base, high = (study.tally(name, level).nation("headline", code).population_share for level in LEVELS)
    return None if low is None or base is None or high is None else (low, base, high)
