"""Whose points samples count, and the weighted subset of them that is sampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import decided_architectures
from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.sampling.weighted_subset import WeightedSubset, joined, weighted_subset

if TYPE_CHECKING:
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

MARKS: Final = 1024  # of the weighted subset of points


def common_nations(scenario: Scenario, architectures: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the nations of the headline that are members in the years of all of some architectures.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str, optional
        Those that the scenario compares for robustness by default.
    """
    names = decided_architectures(scenario) if architectures is None else architectures
    members = [set(headline_nations(scenario, scenario.architecture(name).year)) for name in names]
    return tuple(code for code in headline_nations(scenario, None) if all(code in those for those in members))


def scope_as_plain(
    threats: Sequence[str] | None,
    areas: Sequence[str] | None,
    points: AimPoints | None,
    level: str,
    value: str,
    subset: int | None,
) -> dict[str, Any]:
    """Return what a value was asked to count, as plain data under the names of the options."""
    return {
        "threats": None if threats is None else sorted(threats),
        "areas": None if areas is None else sorted(areas),
        "points": None if points is None else points.digest(),
        "level": level,
        "value": value,
        "subset": subset,
    }


def points_for_all(scenario: Scenario, points: AimPoints, threatened: NDArray[np.bool_], marks: int) -> WeightedSubset:
    """Return the weighted subset that a study samples: of the common nations, and as dense of those of some years.

    Parameters
    ----------
    scenario : Scenario
    points : AimPoints
    threatened : ndarray, shape (n,)
        Whether a class that counts reaches the point, base values.
    marks : int
        Over the common nations.

    Returns
    -------
    WeightedSubset
        That of the nations that are members in the years of all compared architectures is the one that their
        robustness is asked of; so one sample serves both.
    """
    common = np.isin(points.nation, common_nations(scenario))
    counted = threatened & np.isin(points.nation, headline_nations(scenario, None))
    people = np.where(counted & common, points.population, 0.0)
    others = np.where(counted & ~common, points.population, 0.0)
    if not others.any():
        return weighted_subset(points, people, marks)
    if not people.any():
        return weighted_subset(points, others, marks)
    more = max(1, round(marks * float(others.sum() / people.sum())))
    return joined(weighted_subset(points, people, marks), weighted_subset(points, others, more))
