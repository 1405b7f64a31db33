"""What question 10 computes: first-out losses of every element, margins, and what flips the answer for a capital."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import built_variant, compared_architectures
from hoplon.analysis.bounds import Bound, disputed_inputs, with_bound
from hoplon.analysis.city_sample import capitals_among
from hoplon.analysis.coverage import CoverageQuestion, coverage, settle
from hoplon.analysis.first_out import FirstOut
from hoplon.analysis.margins.places import (
    Margins,
    NationMargins,
    PointMargins,
    finite,
    large_places,
    nation_margins,
    point_margins,
)
from hoplon.analysis.subsets.attribution import Attribution, attribution
from hoplon.analysis.tally import NOT_THREATENED, states
from hoplon.questions.requests import CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario

UNCOVERED: Final = 0.5
"""A nation counts as undefended where less than this share of its threatened people is defended."""


@dataclass(frozen=True)
class CapitalFlips:
    """What one capital's answer depends on under one architecture, base values.

    Attributes
    ----------
    architecture, nation, capital : str
    defended : bool
    margin_s, margin_km : float or None
        Of the flight with the least time margin, against the headline's classes; None where there is none.
    battery, threat, area : str
        Of that flight.
    elements : tuple of str
        Those whose loss alone leaves the capital undefended.
    inputs : tuple of str
        Bounds of disputed inputs, each alone, that turn the answer.
    """

    architecture: str
    nation: str
    capital: str
    defended: bool
    margin_s: float | None
    margin_km: float | None
    battery: str
    threat: str
    area: str
    elements: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class NationFlips:
    """What a nation's answer depends on under one architecture, base values.

    Attributes
    ----------
    architecture, nation : str
    share : float
        Of its threatened people who are defended.
    margins : NationMargins
        From its larger places.
    elements : tuple of str
        Those whose loss alone takes the share from one half or more to less.
    worst : str
        The element whose loss takes most; "" where none takes anything.
    worst_share : float
        The share without it.
    """

    architecture: str
    nation: str
    share: float
    margins: NationMargins
    elements: tuple[str, ...]
    worst: str
    worst_share: float


@dataclass(frozen=True)
class SiteShares:
    """What each site of an architecture contributes.

    Attributes
    ----------
    attribution : Attribution
        Shapley values of its sites, first in and last in, and people served by nation.
    threatened : mapping of str to float
        People threatened by nation.
    error : float
        Share of the places judged less that of all places.
    """

    attribution: Attribution
    threatened: Mapping[str, float]
    error: float

    def served(self, site: str, nation: str) -> float:
        """Return the part of a nation's threatened people whose defence a site is credited with."""
        people = next(item for item in self.attribution.contributions if item.name == site).by_nation[nation]
        return people / self.threatened[nation]


@dataclass(frozen=True)
class ElementsAnswer:
    """First-out losses of each architecture, what each site contributes, and what flips capitals and nations."""

    losses: tuple[FirstOut, ...]
    capitals: tuple[CapitalFlips, ...]
    nations: tuple[NationFlips, ...]
    shares: tuple[SiteShares, ...] = ()


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the compared architectures at base values."""
    return [CoverageRequest(name) for name in compared_architectures(scenario)]


def answer(study: Study) -> ElementsAnswer | None:
    """Return the answer; None where nobody is threatened under any architecture that has elements to lose."""
    scenario = study.scenario
    compared = compared_architectures(scenario)
    names = dict.fromkeys((*compared, *filter(None, (built_variant(scenario, name) for name in compared))))
    losses = tuple(found for name in names if (found := study.first_out(name)) is not None and found.elements)
    if not losses:
        return None
    places = np.flatnonzero(large_places(study.points))
    points = study.points.subset(places)
    capitals: list[CapitalFlips] = []
    nations: list[NationFlips] = []
    shown = [item for item in losses if item.architecture in compared]
    turned = _turned(study, [item.architecture for item in shown], points)
    for item in shown:
        margins = point_margins(
            study.store,
            scenario,
            item.architecture,
            points,
            threats=item.threats,
            reach=capitals_among(points),
        )
        together = margins.together(item.threats)
        capitals += _capitals(item, points, places, margins, together, turned[item.architecture])
        nations += _nations(item, points, nation_margins(points, together, item.nations, study.points))
    shares = [_site_shares(study, item.architecture) for item in losses]
    return ElementsAnswer(losses, tuple(capitals), tuple(nations), tuple(item for item in shares if item is not None))


def _site_shares(study: Study, architecture: str) -> SiteShares | None:
    """Return what each site of an architecture contributes; None where it defends nobody or has no site."""
    game = study.site_game(architecture)
    if game is None or game.error is None or not len(game.players):
        return None
    found = attribution(game.values, game.players, support=study.scenario.architecture(architecture).doctrine.support)
    scope = game.values.by.scope
    threatened = {
        code: float(people) for code, people in zip(scope.nations, game.values.threatened, strict=True) if people > 0.0
    }
    return SiteShares(found, threatened, game.error)


def _capitals(
    losses: FirstOut,
    points: AimPoints,
    places: NDArray[np.intp],
    margins: PointMargins,
    together: Margins,
    turned: Mapping[str, NDArray[np.bool_]],
) -> list[CapitalFlips]:
    found = []
    for place in np.flatnonzero(capitals_among(points) & np.isin(points.nation, losses.nations)):
        if together.threat[place] < 0:
            continue
        battery, threat, area = together.battery[place], together.threat[place], together.area[place]
        found.append(
            CapitalFlips(
                architecture=losses.architecture,
                nation=str(points.nation[place]),
                capital=str(points.name[place]),
                defended=bool(losses.defended[0, places[place]]),
                margin_s=finite(float(together.seconds[place])),
                margin_km=finite(float(together.kilometres[place])),
                battery=margins.batteries[battery] if battery >= 0 else "",
                threat=margins.threats[threat],
                area=margins.areas[area],
                elements=losses.carriers(int(places[place])),
                inputs=tuple(words for words, changed in turned.items() if changed[place]),
            )
        )
    return found


def _nations(losses: FirstOut, points: AimPoints, margins: Mapping[str, NationMargins]) -> list[NationFlips]:
    found = []
    for code in losses.nations:
        share = losses.share(None, code)
        if share is None:
            continue
        without = {name: losses.share(name, code) or 0.0 for name in losses.elements}
        worst = min(without, key=lambda name: without[name])
        hit = without[worst] < share
        found.append(
            NationFlips(
                architecture=losses.architecture,
                nation=code,
                share=share,
                margins=margins[code],
                elements=tuple(name for name, left in without.items() if left < UNCOVERED <= share),
                worst=worst if hit else "",
                worst_share=without[worst] if hit else share,
            )
        )
    return found


def _turned(study: Study, architectures: Sequence[str], points: AimPoints) -> dict[str, dict[str, NDArray[np.bool_]]]:
    """Return by architecture and bound of a disputed input, as it is called, at which points it turns the answer."""
    scenario, store = study.scenario, study.store
    bounds: tuple[Bound, ...] = ("worse", "better")
    moved = {
        item.phrase(bound): with_bound(scenario, key, bound)
        for key, item in disputed_inputs(scenario).items()
        for bound in bounds
    }
    asked = [CoverageQuestion(other, name, "base") for other in (scenario, *moved.values()) for name in architectures]
    settle(store, asked, points)
    found = {}
    for name in architectures:
        base = _state(study, scenario, name, points)
        found[name] = {
            words: (_state(study, other, name, points) != base) & (base != NOT_THREATENED)
            for words, other in moved.items()
        }
    return found


def _state(study: Study, scenario: Scenario, architecture: str, points: AimPoints) -> NDArray[np.int8]:
    covered = coverage(study.store, scenario, architecture, points, enough=1, sha256=study.scenario.sha256)
    return states(covered, study.headline_threats(architecture))
