"""The games that the sites of a study's architectures are: by which of their subsets each place is defended.

Every question that asks about subsets of an architecture asks the same weighted subset of the study's places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.sampling.scope import points_for_all
from hoplon.analysis.subsets.players import players_of
from hoplon.analysis.subsets.restrictions import roster_of
from hoplon.analysis.subsets.scope import Scope
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import DefendedBy, defended_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.coverage import Coverage
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.players import Players
    from hoplon.analysis.tally import Tally
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario

MARKS: Final = 2_048  # of the weighted subset of places


@dataclass(frozen=True)
class SiteGame:
    """The sites of an architecture, with the value of every subset of them.

    Parameters
    ----------
    players : Players
    values : CoalitionValues
        Shares of the threatened people of some nations, over a weighted subset of places.
    points, of : int
        How many places were judged, and how many they stand for.
    error : float or None
        Share of those places less that of all places, all sites present; None where nobody is threatened.
    """

    players: Players
    values: CoalitionValues
    points: int
    of: int
    error: float | None


class StudiedPlaces(Protocol):
    """What the games need of a study."""

    scenario: Scenario
    points: AimPoints
    store: Store
    progress: Progress

    def coverage(self, architecture: str, level: Level = "base") -> Coverage:
        """Return the coverage of an architecture at a level."""

    def tally(self, architecture: str, level: Level = "base") -> Tally:
        """Return the counts of people and land of an architecture at a level."""


class SiteGames:
    """The games of a study, each learned when first needed."""

    def __init__(self) -> None:
        self._scope: Scope | None = None
        self._found: dict[tuple[str, bool], tuple[Players, DefendedBy]] = {}

    def game(
        self, study: StudiedPlaces, architecture: str, nations: Sequence[str], *, satellites: bool
    ) -> SiteGame | None:
        """Return what :meth:`hoplon.questions.study.Study.site_game` does."""
        key = architecture, satellites
        if key not in self._found:
            resolved = study.scenario.architecture(architecture)
            players = _satellites_of(resolved) if satellites else players_of(resolved)
            roster = roster_of(study.scenario, resolved, players.players)
            self._found[key] = (
                players,
                defended_by(study.store, self._asked(study, architecture), roster, study.progress),
            )
        players, by = self._found[key]
        values = CoalitionValues(replace(by, scope=by.scope.of_nations(nations)))
        if values.nothing_threatened:
            return None
        share = study.tally(architecture).count("headline", nations).population_share
        error = None if share is None else values.value(by.roster.everyone) - share
        return SiteGame(players, values, len(by.scope), by.scope.of, error)

    def _asked(self, study: StudiedPlaces, architecture: str) -> Scope:
        """Return the places that are judged, with their weights: those threatened, the same for any architecture."""
        if self._scope is None:
            scenario = study.scenario
            threats = headline_threats(scenario)
            covered = study.coverage(architecture)
            chosen = [covered.threats.index(name) for name in threats]
            threatened = np.asarray(covered.threatened[:, chosen].any(axis=1))
            subset = points_for_all(scenario, study.points, threatened, MARKS)
            nations = headline_nations(scenario, None)
            place_of = {code: place for place, code in enumerate(nations)}
            self._scope = Scope(
                scenario=scenario,
                level="base",
                value="population",
                threats=threats,
                areas=tuple(scenario.launch_areas),
                nations=nations,
                points=subset.points,
                weight=subset.weight,
                nation=np.array([place_of[code] for code in subset.points.nation.tolist()], dtype=np.intp),
                of=subset.of,
            )
        return self._scope


def _satellites_of(architecture: ResolvedArchitecture) -> Players:
    """Return the satellites of an architecture as its players: everything else always stands."""
    every = players_of(architecture, "element", with_satellites=True)
    elements = architecture.elements
    return replace(every, players=tuple(item for item in every.players if elements[item.name].form == "satellite"))
