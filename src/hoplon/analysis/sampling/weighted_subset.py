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
    """Some of the aim points, with the weight that each stands for.

    Parameters
    ----------
    points : AimPoints
        n points, as they are.
    weight : ndarray, shape (n,)
        People or land [km2] that each stands for.
    of : int
        Number of points that they stand for.
    """

    points: AimPoints
    weight: NDArray[np.float64]
    of: int


def weighted_subset(points: AimPoints, weight: NDArray[np.float64], marks: int) -> WeightedSubset:
    """Return the points that equally spaced marks along the running sum of a weight fall on.

    Parameters
    ----------
    points : AimPoints
    weight : ndarray, shape (n,)
        People or land [km2]; points without any are left out.
    marks : int
        How many marks. A point taken by several stands for as many parts of the weight, also where there are fewer
        points than marks.

    Notes
    -----
    The points are in order of nation, then along a Morton curve over longitude and latitude, so that the marks are
    spread over nations and land as the weight is.
    """
    chosen = np.flatnonzero(weight > 0.0)
    morton = _morton(points.latitude_deg[chosen], points.longitude_deg[chosen])
    chosen = chosen[np.lexsort((chosen, morton, points.nation[chosen]))]
    if not len(chosen):
        return WeightedSubset(points.subset(chosen), np.zeros(0), 0)
    running = np.cumsum(weight[chosen])
    spots = (np.arange(marks) + 0.5) * running[-1] / marks
    taken = np.bincount(np.searchsorted(running, spots, side="left"), minlength=len(chosen))
    kept = np.flatnonzero(taken)
    return WeightedSubset(points.subset(chosen[kept]), taken[kept] * running[-1] / marks, len(chosen))


def joined(first: WeightedSubset, second: WeightedSubset) -> WeightedSubset:
    """Return two subsets of unlike points as one."""
    weight = np.concatenate([first.weight, second.weight])
    return WeightedSubset(first.points.concat(second.points), weight, first.of + second.of)


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
