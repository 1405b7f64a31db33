"""A weighted subset of aim points that stands for all of them where the same question is asked many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hoplon.scenario.geography import AimPoints

_BITS: Final = 16  # of latitude and longitude each, in the order along the ground


@dataclass(frozen=True)
class WeightedSubset:
    """Some of the aim points, with the people that each stands for.

    Parameters
    ----------
    points : AimPoints
        n points; their populations are the weights.
    of : int
        Number of points that they stand for.
    """

    points: AimPoints
    of: int


def weighted_subset(points: AimPoints, weight: NDArray[np.float64], marks: int) -> WeightedSubset:
    """Return the points that equally spaced marks along the running sum of a weight fall on.

    Parameters
    ----------
    points : AimPoints
    weight : ndarray, shape (n,)
        People; points without any are left out.
    marks : int
        How many marks. A point taken by several stands for as many parts of the weight.

    Notes
    -----
    The points are in order of nation, then along a Morton curve over longitude and latitude, so that the marks are
    spread over nations and land as the weight is.
    """
    from dataclasses import replace

    chosen = np.flatnonzero(weight > 0.0)
    morton = _morton(points.latitude_deg[chosen], points.longitude_deg[chosen])
    chosen = chosen[np.lexsort((chosen, morton, points.nation[chosen]))]
    running = np.cumsum(weight[chosen])
    if not len(running):
        return WeightedSubset(points.subset(chosen), 0)
    if len(chosen) <= marks:
        return WeightedSubset(replace(points.subset(chosen), population=weight[chosen]), len(chosen))
    spots = (np.arange(marks) + 0.5) * running[-1] / marks
    taken = np.bincount(np.searchsorted(running, spots, side="left"), minlength=len(chosen))
    kept = np.flatnonzero(taken)
    people = taken[kept] * running[-1] / marks
    return WeightedSubset(replace(points.subset(chosen[kept]), population=people), len(chosen))


def _morton(latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the place of points along a Morton curve: bits of the longitude even, of the latitude odd."""
    most = (1 << _BITS) - 1
    east = np.clip(np.floor((longitude_deg + 180.0) / 360.0 * (1 << _BITS)), 0, most).astype(np.int64)
    north = np.clip(np.floor((latitude_deg + 90.0) / 180.0 * (1 << _BITS)), 0, most).astype(np.int64)
    place = np.zeros(len(east), dtype=np.int64)
    for bit in range(_BITS):
        place |= ((east >> bit) & 1) << (2 * bit)
        place |= ((north >> bit) & 1) << (2 * bit + 1)
    return place
