"""How good a picture of the air is: SIAP measures, OSPA and GOSPA distances.

References
----------
.. [1] Votruba, Nisley, Rothrock and Zombro, *Single Integrated Air TrackPicture (SIAP) Metrics Implementation*, 2001.
.. [2] Schuhmacher, Vo and Vo, "A consistent metric for performance evaluation of multi-object filters", IEEE
   Transactions on Signal Processing 56 (2008) 3447, eq. 3 (OSPA).
.. [3] Rahmathullah, Garcia-Fernandez and Svensson, "Generalized optimal sub-pattern assignment metric", FUSION 2017,
   definition 1 (GOSPA).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.errors import InputError


@dataclass(frozen=True)
class TrackPicture:
    """SIAP measures over a span of time; None where there is nothing to divide by.

    Attributes
    ----------
    completeness : float or None
        Share of object-seconds with a track, 1 at best.
    ambiguity : float or None
        Tracks on an object per object tracked, 1 at best.
    spuriousness : float or None
        Share of track-seconds on no object, 0 at best.
    position_accuracy : float or None
        Root mean square error of the tracks on objects [m].
    continuity : float or None
        Changes of the track that follows an object, per second tracked, 0 at best.
    """

    completeness: float | None
    ambiguity: float | None
    spuriousness: float | None
    position_accuracy: float | None
    continuity: float | None


def picture_of(
    objects: NDArray[np.float64], tracks: NDArray[np.float64], times: NDArray[np.float64], gate: float
) -> TrackPicture:
    """Compare tracks with the truth: a track belongs to the nearest object within a gate.

    Parameters
    ----------
    objects : ndarray, shape (n, t, d)
        Places of the objects [m]; NaN while one does not exist.
    tracks : ndarray, shape (m, t, d)
        Places of the tracks [m]; NaN while one does not exist.
    times : ndarray, shape (t,)
        Increasing [s]; a sample counts until the next one, the last as long as the one before.
    gate : float
        Greatest distance of a track that belongs to an object [m].
    """
    if not gate > 0.0:
        raise InputError(f"the gate must be positive, got {gate:g} m")
    if len(times) > 1 and not (np.diff(times) > 0.0).all():
        raise InputError("times must increase")
    spans = np.append(np.diff(times), np.diff(times)[-1:]) if len(times) > 1 else np.ones(len(times))
    exists = np.asarray(np.isfinite(objects).all(axis=2))
    tracked_time = track_time = spurious = on_objects = squared = 0.0
    changes = 0
    followed: dict[int, int] = {}
    for index, span in enumerate(spans):
        present = np.flatnonzero(exists[:, index])
        alive = np.flatnonzero(np.isfinite(tracks[:, index]).all(axis=1))
        owners: dict[int, list[tuple[float, int]]] = {}
        for track in alive:
            track_time += span
            away = np.linalg.norm(objects[present, index] - tracks[track, index], axis=1)
            nearest = int(np.argmin(away)) if len(away) else -1
            if nearest < 0 or away[nearest] > gate:
                spurious += span
                continue
            owners.setdefault(int(present[nearest]), []).append((float(away[nearest]), int(track)))
            on_objects += span
            squared += span * float(away[nearest]) ** 2
        tracked_time += span * len(owners)
        for number, owned in owners.items():
            held = followed.get(number)
            if held is None or held not in [track for _, track in owned]:
                changes += held is not None
                followed[number] = min(owned)[1]
    existing = float((exists * spans).sum())
    return TrackPicture(
        completeness=_share(tracked_time, existing),
        ambiguity=_share(on_objects, tracked_time),
        spuriousness=_share(spurious, track_time),
        position_accuracy=math.sqrt(squared / on_objects) if on_objects > 0.0 else None,
        continuity=_share(float(changes), tracked_time),
    )


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 0.0 else None


def least_assignment(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each row of a cost matrix the column it is given so that the sum is least, shape (n,).

    Parameters
    ----------
    costs : ndarray, shape (n, m)
        Finite, with ``n <= m``.

    References
    ----------
    .. [1] Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
       Computing 38 (1987) 325.
    """
    rows, columns = costs.shape
    if rows > columns:
        raise InputError(f"an assignment needs as many columns as rows, got {rows} rows and {columns} columns")
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    owner, before = np.zeros(columns + 1, dtype=np.int64), np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, used = np.full(columns + 1, np.inf), np.zeros(columns + 1, dtype=bool)
        while owner[column]:
            used[column] = True
            free = ~used[1:]
            reduced = costs[owner[column] - 1] - row_price[owner[column]] - column_price[1:]
            better = free & (reduced < least[1:])
            least[1:][better], before[1:][better] = reduced[better], column
            following = int(np.argmin(np.where(free, least[1:], np.inf))) + 1
            step = least[following]
            row_price[owner[used]] += step
            column_price[used] -= step
            least[~used] -= step
            column = following
        while column:
            owner[column] = owner[before[column]]
            column = int(before[column])
    chosen = np.empty(rows, dtype=np.int64)
    for column in range(1, columns + 1):
        if owner[column]:
            chosen[owner[column] - 1] = column - 1
    return chosen


def ospa_distance(
    objects: NDArray[np.float64], tracks: NDArray[np.float64], cutoff: float, order: float = 1.0
) -> float:
    """Return the OSPA distance [m] of two sets of places.

    Parameters
    ----------
    objects, tracks : ndarray, shape (n, d), (m, d)
        [m].
    cutoff : float
        c, what a missing or extra place costs at most [m].
    order : float
        p, at least 1; infinite for the greatest single error.
    """
    fewer, more, distances = _pairs(objects, tracks, cutoff, order)
    if not len(more):
        return 0.0
    if math.isinf(order):
        if len(fewer) != len(more):
            return cutoff
        return _bottleneck(np.minimum(distances, cutoff))
    costs = np.minimum(distances, cutoff) ** order
    total = _least_sum(costs) + cutoff**order * (len(more) - len(fewer))
    return float((total / len(more)) ** (1.0 / order))


def gospa_distance(
    objects: NDArray[np.float64], tracks: NDArray[np.float64], cutoff: float, order: float = 1.0
) -> float:
    """Return the GOSPA distance [m] of two sets of places, alpha = 2: half of c^p for each missed or false place.

    Parameters as :func:`ospa_distance`; ``order`` finite.
    """
    if math.isinf(order):
        raise InputError("GOSPA is defined for a finite order")
    fewer, more, distances = _pairs(objects, tracks, cutoff, order)
    costs = np.minimum(distances, cutoff) ** order
    total = _least_sum(costs) + 0.5 * cutoff**order * (len(more) - len(fewer))
    return float(total ** (1.0 / order))


def _pairs(
    objects: NDArray[np.float64], tracks: NDArray[np.float64], cutoff: float, order: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the smaller set, the greater and the distances between them, after checking the input."""
    if not (cutoff > 0.0 and math.isfinite(cutoff)):
        raise InputError(f"the cutoff must be positive and finite, got {cutoff:g} m")
    if not order >= 1.0:
        raise InputError(f"the order must be at least 1, got {order:g}")
    if not (np.isfinite(objects).all() and np.isfinite(tracks).all()):
        raise InputError("places must be finite; leave out what does not exist")
    fewer, more = sorted((objects, tracks), key=len)
    if not len(fewer):
        return fewer, more, np.empty((0, len(more)))
    return fewer, more, np.linalg.norm(fewer[:, np.newaxis] - more[np.newaxis], axis=2)


def _least_sum(costs: NDArray[np.float64]) -> float:
    return float(costs[np.arange(len(costs)), least_assignment(costs)].sum()) if len(costs) else 0.0


def _bottleneck(distances: NDArray[np.float64]) -> float:
    """Return the least distance within which every row finds a column of its own."""
    for bound in np.unique(distances):
        if _least_sum((distances > bound).astype(float)) == 0.0:
            return float(bound)
    return 0.0
