"""What question 6 computes: losses of every set of sites of each compared architecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hoplon.analysis.architectures import sampled_architectures
from hoplon.analysis.subsets.survivability import LossRow, Survival, survival
from hoplon.questions.requests import CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario

QUESTION: Final = "Q6"
UNCOVERED: Final = 0.5
"""A nation counts as uncovered where less than this share of its threatened people is defended."""


@dataclass(frozen=True)
class Blow:
    """What one architecture defends after losses of its sites.

    Parameters
    ----------
    survival : Survival
    battery_sites : int
        Sites with a battery that is tasked.
    single_site : str or None
        The only site with a battery, where there is one alone.
    error : float
        Share of the places that were judged less that of all places, all sites present.
    satellites : mapping of str to float
        Share without each satellite alone, every site present.
    """

    survival: Survival
    battery_sites: int
    single_site: str | None
    error: float
    satellites: Mapping[str, float] = field(default_factory=dict)

    @property
    def architecture(self) -> str:
        """Return the architecture."""
        return self.survival.architecture

    @property
    def whole(self) -> float:
        """Return the share with all sites."""
        return self.survival.whole or 0.0

    def row(self, losses: int) -> LossRow | None:
        """Return what is left after so many losses; None where there are not so many sites."""
        return next((row for row in self.survival.by_losses if row.losses == losses), None)

    def worst(self, losses: int) -> float | None:
        """Return the share after the worst loss of so many sites."""
        row = self.row(losses)
        return None if row is None or row.worst is None else row.worst.value

    def kept(self, losses: int) -> float | None:
        """Return the part of what was defended that is left after the worst loss of so many sites."""
        worst = self.worst(losses)
        return None if worst is None or not self.whole > 0.0 else worst / self.whole


@dataclass(frozen=True)
class SurvivabilityAnswer:
    """Losses of sites of each architecture, the share of the same nations' people.

    Parameters
    ----------
    blows : tuple of Blow
    nations : tuple of str
        Those that are members in the year of every architecture.
    points, of : int
        How many places were judged, and how many they stand for.
    """

    blows: tuple[Blow, ...]
    nations: tuple[str, ...]
    points: int
    of: int


def asked(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose losses are judged: those of the scenario's question, or those compared."""
    named = scenario.questions.get(QUESTION)
    return named.architectures if named is not None and named.architectures else sampled_architectures(scenario)


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures at base values."""
    return [CoverageRequest(name) for name in asked(scenario)]


def answer(study: Study) -> SurvivabilityAnswer | None:
    """Return the answer; None where nobody is threatened or no architecture has two sites."""
    names = asked(study.scenario)
    nations = study.common_nations(names)
    blows = []
    points = of = 0
    for name in names:
        game = study.site_game(name, nations)
        if game is None or len(game.players) == 0 or game.error is None:
            continue
        points, of = game.points, game.of
        elements = study.scenario.architecture(name).elements
        armed = [
            player.name
            for player in game.players.players
            if any(elements[each].battery is not None and not elements[each].partner for each in player.elements)
        ]
        found = survival(game.values, game.players, uncovered_share=UNCOVERED)
        found = replace(found, subset={"points": points, "of": of, "error": game.error})
        single = armed[0] if len(armed) == 1 else None
        blows.append(Blow(found, len(armed), single, game.error, _without_satellites(study, name, nations)))
    if not any(len(blow.survival.players) > 1 for blow in blows):
        return None
    return SurvivabilityAnswer(tuple(blows), nations, points, of)


def _without_satellites(study: Study, architecture: str, nations: Sequence[str]) -> dict[str, float]:
    """Return the share of people defended without each satellite of an architecture alone."""
    game = study.site_game(architecture, nations, satellites=True)
    if game is None:
        return {}
    everyone = game.values.by.roster.everyone
    return {name: game.values.value(everyone & ~(1 << place)) for place, name in enumerate(game.players.names)}
