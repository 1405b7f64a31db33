"""One-at-a-time sensitivity: the share of city people defended with each disputed input at its bounds alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.bounds import CITY, Bound, DisputedInput, disputed_inputs, with_bound
from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.coverage_solver import Asked
from hoplon.analysis.tally import class_sets, tally
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario

if TYPE_CHECKING:
    from hoplon.analysis.coverage_solver import Cover


@dataclass(frozen=True)
class OneAtATime:
    """Share of the threatened people of cities who are defended, with one input at a bound and the others at base.

    Parameters
    ----------
    base : mapping
        Architecture to share with every input at base.
    moved : mapping
        (architecture, input, bound) to share.
    cities : int
        Places of 100,000 people and more that were evaluated.
    inputs : mapping
        The disputed inputs by key.
    """

    base: Mapping[str, float]
    moved: Mapping[tuple[str, str, Bound], float]
    cities: int
    inputs: Mapping[str, DisputedInput]

    def most_sensitive(self, architecture: str) -> tuple[str, Bound, float]:
        """Return the input and bound that change an architecture's share most, and the share there."""
        choices = {key: share for key, share in self.moved.items() if key[0] == architecture}
        if not choices:
            return "", "worse", self.base[architecture]
        key = max(choices, key=lambda entry: abs(choices[entry] - self.base[architecture]))
        return key[1], key[2], choices[key]

    @property
    def changes_any_share(self) -> bool:
        """Whether any input alone changes the share of any architecture."""
        return any(share != self.base[key[0]] for key, share in self.moved.items())


def one_at_a_time(scenario: Scenario, cover: Cover, points: AimPoints) -> OneAtATime:
    """Return the shares of every compared architecture with each disputed input at its bounds alone.

    Parameters
    ----------
    scenario : Scenario
        Whose architectures and bounds.
    cover : callable
        Computes one coverage.
    points : AimPoints
        The study's aim points; places of 100,000 people and more of the headline's nations are evaluated.
    """
    nations = headline_nations(scenario, None)
    cities = points.subset((points.kind == "place") & (points.population >= CITY) & np.isin(points.nation, nations))
    base: dict[str, float] = {}
    moved: dict[tuple[str, str, Bound], float] = {}
    inputs = disputed_inputs(scenario)
    variants: list[tuple[str, Bound, Scenario]] = [
        (name, bound, with_bound(scenario, name, bound)) for name in inputs for bound in ("worse", "better")
    ]
    everything = [scenario, *(variant for _, _, variant in variants)]
    cover.prepare(
        [Asked(variant, name, "base") for name in compared_architectures(scenario) for variant in everything], cities
    )
    for architecture in compared_architectures(scenario):
        share = _share(scenario, scenario, cover, architecture, cities)
        if share is None:
            continue
        base[architecture] = share
        for name, bound, variant in variants:
            moved[architecture, name, bound] = _share(scenario, variant, cover, architecture, cities) or 0.0
    return OneAtATime(base, moved, len(cities), inputs)


def _share(studied: Scenario, scenario: Scenario, cover: Cover, architecture: str, cities: AimPoints) -> float | None:
    covered = cover(Asked(scenario, architecture, "base", sha256=studied.sha256), cities)
    headline = class_sets(scenario, covered.year)[:1]
    nations = headline_nations(scenario, covered.year)
    return tally(covered, headline, nations).count("headline", nations).population_share
