"""The disputed inputs one at a time: which of them decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.bounds import CITY, INPUTS, Bound, with_bound
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.tally import class_sets, tally
from hoplon.scenario.geography import NORTH_AMERICA, AimPoints
from hoplon.scenario.model import Scenario

if TYPE_CHECKING:
    from hoplon.analysis.coverage_solver import Cover


@dataclass(frozen=True)
class OneAtATime:
    """Share of the threatened people of European cities defended, with one input at a bound and the others at base.

    Parameters
    ----------
    base : mapping
        Architecture to share with every input at base.
    moved : mapping
        (architecture, input, bound) to share.
    cities : int
        Places of 100,000 people and more that were judged.
    """

    base: Mapping[str, float]
    moved: Mapping[tuple[str, str, Bound], float]
    cities: int

    def decisive(self, architecture: str) -> tuple[str, Bound, float]:
        """Return the input and bound that move an architecture's share most, and the share there."""
        choices = {key: share for key, share in self.moved.items() if key[0] == architecture}
        key = max(choices, key=lambda entry: abs(choices[entry] - self.base[architecture]))
        return key[1], key[2], choices[key]

    @property
    def moves(self) -> bool:
        """Whether any input alone changes the share of any architecture."""
        return any(share != self.base[key[0]] for key, share in self.moved.items())


def one_at_a_time(scenario: Scenario, cover: Cover, points: AimPoints) -> OneAtATime:
    """Move each disputed input to its bounds alone, for every plan, over the cities of Europe.

    Parameters
    ----------
    scenario : Scenario
        Whose plans and bounds.
    cover : callable
        Computes one coverage.
    points : AimPoints
        The study's aim points; its European places of 100,000 people and more are judged.
    """
    cities = points.subset(
        (points.kind == "place") & (points.population >= CITY) & [code not in NORTH_AMERICA for code in points.nation]
    )
    base: dict[str, float] = {}
    moved: dict[tuple[str, str, Bound], float] = {}
    variants: list[tuple[str, Bound, Scenario]] = [
        (name, bound, with_bound(scenario, name, bound)) for name in INPUTS for bound in ("worse", "better")
    ]
    everything = [scenario, *(variant for _, _, variant in variants)]
    cover.prepare(
        [Asked(variant, name, "base") for name in compared_architectures(scenario) for variant in everything], cities
    )
    for architecture in compared_architectures(scenario):
        share = _share(scenario, cover, architecture, cities)
        if share is None:
            continue
        base[architecture] = share
        for name, bound, variant in variants:
            moved[architecture, name, bound] = _share(variant, cover, architecture, cities) or 0.0
    return OneAtATime(base, moved, len(cities))


def _share(scenario: Scenario, cover: Cover, architecture: str, cities: AimPoints) -> float | None:
    covered = cover(Asked(scenario, architecture, "base"), cities)
    headline = class_sets(scenario, covered.year)[:1]
    nations = [code for code in scenario.members(covered.year) if code not in NORTH_AMERICA]
    return tally(covered, headline, nations).count("headline", nations).population_share
