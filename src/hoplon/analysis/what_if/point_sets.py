"""The aim points that what-ifs are judged at: every one of the scenario, or some that stand for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Collection

    from hoplon.scenario.geography import AimPoints

SetName = Literal["coarse", "exact"]
SETS: Final[tuple[SetName, ...]] = ("coarse", "exact")
CELL_KM: Final = 50.0  # side of the cells of which each gives one place and one land cell to the coarse set
_OTHERS: Final = 4.0
_EARTH_KM: Final = 6371.0088
_AT_ONCE: Final = 1000  # points whose distances to all that may stand for them are computed together


@dataclass(frozen=True)
class PointSet:
    """Aim points that what-ifs are judged at.

    Attributes
    ----------
    name : {"coarse", "exact"}
    points : AimPoints
        n aim points.
    nearest : ndarray of int32, shape (exact points,)
        Of each point of the exact set, the point of this set that stands for it: the nearest of the same kind (place
        or land) in the same nation. Of the exact set, each point itself.
    chosen : ndarray of int32, shape (n,)
        Index of each point in the exact set.
    sha256 : str
        Digest of the points, and of which stand for which.
    """

    name: SetName
    points: AimPoints
    nearest: NDArray[np.int32] = field(repr=False)
    chosen: NDArray[np.int32] = field(repr=False)
    sha256: str


def exact_set(points: AimPoints) -> PointSet:
    """Return the set of all aim points."""
    every = np.arange(len(points), dtype=np.int32)
    return PointSet("exact", points, every, every, _digest(points, every))


def coarse_set(points: AimPoints, counted: Collection[str], cell_km: float = CELL_KM) -> PointSet:
    """Return the set of the largest place and the middle land cell of each nation in each cell of the globe.

    Each point of it is one of the exact set, and judged as exactly; it is only that it stands for its neighbours, the
    nearest in space, so that there is no seam at the antimeridian or a pole.

    Parameters
    ----------
    points : AimPoints
    counted : collection of str
        Nations that the headline counts. Cells of the others are four times as wide.
    cell_km : float
        Side of a cell [km].
    """
    sides_km = np.where(np.isin(points.nation, sorted(counted)), cell_km, _OTHERS * cell_km)
    latitude, longitude = np.radians(points.latitude_deg), np.radians(points.longitude_deg)
    north = latitude * _EARTH_KM / sides_km
    rows = np.floor(north)
    widths = np.cos((rows + 0.5) * sides_km / _EARTH_KM) * _EARTH_KM / sides_km  # cells a radian of longitude
    east = longitude * widths
    codes = np.unique(points.nation, return_inverse=True)[1]
    land = (points.kind == "land").astype(np.int64)
    middle = np.hypot(north - rows - 0.5, east - np.floor(east) - 0.5)
    keys = np.stack([rows.astype(np.int64), np.floor(east).astype(np.int64), codes, land])
    order = np.lexsort((np.arange(len(points)), np.where(land == 1, middle, -points.population), *keys))
    first = np.any(np.diff(keys[:, order], axis=1, prepend=-(2**40)) != 0, axis=0)
    chosen = np.sort(order[first]).astype(np.int32)
    around = np.cos(latitude)
    spots = np.stack([around * np.cos(longitude), around * np.sin(longitude), np.sin(latitude)], axis=-1)
    nearest = np.zeros(len(points), dtype=np.int32)
    groups = codes * 2 + land
    for group in np.unique(groups):
        theirs = np.flatnonzero(groups[chosen] == group)
        mine = np.flatnonzero(groups == group)
        for piece in np.array_split(mine, -(-len(mine) // _AT_ONCE)):
            nearest[piece] = theirs[np.argmax(spots[piece] @ spots[chosen[theirs]].T, axis=1)]
    some = points.subset(chosen)
    return PointSet("coarse", some, nearest, chosen, _digest(some, nearest))


def _digest(points: AimPoints, nearest: NDArray[np.int32]) -> str:
    import hashlib

    found = hashlib.sha256(points.digest().encode())
    found.update(nearest.astype("<i4").tobytes())
    return found.hexdigest()
