"""Covariance intersection: local tracks fused without knowing how their errors hang together.

The information of a fused track is ``J = sum w_i J_i``, weights not negative that sum to one, consistent whatever the
correlation of the local tracks (Julier and Uhlmann). The weights are those of the least trace of ``A J^-1 A^T``, A the
derivative of the place at a time, or of its part across a direction, by the six parameters. That is convex in the
weights, and its least value never grows with another track or with another look, nor is it more than the best track
alone has.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel
from hoplon.flight.arc import BURN_TIME, ECCENTRICITY, MEAN_MOTION, SEMI_MAJOR_AXIS
from hoplon.flight.information import PACKED, factor
from hoplon.flight.sensitivity import on_arc, plane_sensitivity

_ROUNDS: Final = 500
_HALVINGS: Final = 40
_CLOSE: Final = 1e-10  # relative: least value against its bound


class FusionScratch(NamedTuple):
    """Working arrays of :func:`search_weights` for up to m tracks and k rows of what is asked about.

    Attributes
    ----------
    weights, gains, trial : ndarray, shape (m,)
    root, fused : ndarray, shape (PACKED,)
    spread : ndarray, shape (k, 6)
    work : ndarray, shape (6,)
    """

    weights: NDArray[np.float64]
    root: NDArray[np.float64]
    spread: NDArray[np.float64]
    work: NDArray[np.float64]
    fused: NDArray[np.float64]
    gains: NDArray[np.float64]
    trial: NDArray[np.float64]


@kernel
def fusion_scratch(tracks: int, lines: int) -> FusionScratch:
    """Return working arrays for up to so many tracks and rows of what is asked about."""
    return FusionScratch(
        np.empty(tracks),
        np.empty(PACKED),
        np.empty((lines, 6)),
        np.empty(6),
        np.empty(PACKED),
        np.empty(tracks),
        np.empty(tracks),
    )


@borrowing_kernel
def place_rows(
    row: NDArray[np.float64], nodes: NDArray[np.float64], time: float, derivative: NDArray[np.float64]
) -> None:
    """Write the derivative of the place at a time by the parameters, along the perifocal axes, shape (3, 6)."""
    since = time - row[BURN_TIME]
    cosine, sine, _, _ = on_arc(nodes, row[ECCENTRICITY], row[MEAN_MOTION], since)
    turned = row[MEAN_MOTION] * since
    x, y, axis_x, axis_y, shape_x, shape_y, mean_x, mean_y = plane_sensitivity(
        row[SEMI_MAJOR_AXIS], row[ECCENTRICITY], turned, cosine, sine
    )
    derivative[:3] = 0.0
    derivative[0, 0], derivative[0, 1], derivative[0, 2], derivative[0, 3] = axis_x, shape_x, mean_x, -y
    derivative[1, 0], derivative[1, 1], derivative[1, 2], derivative[1, 3] = axis_y, shape_y, mean_y, x
    derivative[2, 4], derivative[2, 5] = y, -x


@borrowing_kernel
def turn_across(derivative: NDArray[np.float64], x: float, y: float, z: float) -> int:
    """Replace the first two of three rows of a place by its parts along two axes across a direction of any length.

    Returns how many rows count: two, or all three, untouched, for a direction of no length.
    """
    length = math.sqrt(x * x + y * y + z * z)
    if length == 0.0:
        return 3
    cx, cy, cz = x / length, y / length, z / length
    # Householder's reflection that takes the direction to the third axis takes the first two to axes across it.
    sign = 1.0 if cz >= 0.0 else -1.0
    scale = 1.0 / (1.0 + abs(cz))
    for column in range(derivative.shape[1]):
        first, second, third = derivative[0, column], derivative[1, column], derivative[2, column]
        along = (cx * first + cy * second + (cz + sign) * third) * scale
        derivative[0, column] = first - cx * along
        derivative[1, column] = second - cy * along
    return 2


@borrowing_kernel
def projected_trace(
    root: NDArray[np.float64], derivative: NDArray[np.float64], lines: int, spread: NDArray[np.float64]
) -> float:
    """Return the trace of A J^-1 A^T over the first ``lines`` rows of A; write J^-1 A^T, a line each.

    ``root`` is from :func:`hoplon.flight.information.factor`.
    """
    trace = 0.0
    for line in range(lines):
        for index in range(6):
            base = index * (index + 1) // 2
            value = derivative[line, index]
            for before in range(index):
                value -= root[base + before] * spread[line, before]
            value *= root[base + index]
            spread[line, index] = value
            trace += value * value
        for index in range(5, -1, -1):
            value = spread[line, index]
            for after in range(index + 1, 6):
                value -= root[after * (after + 1) // 2 + index] * spread[line, after]
            spread[line, index] = value * root[index * (index + 1) // 2 + index]
    return trace


@borrowing_kernel
def _gain(track: NDArray[np.float64], spread: NDArray[np.float64], lines: int) -> float:
    """Return the trace of S J_i S^T: how fast the trace falls with the weight of a track."""
    gain = 0.0
    for line in range(lines):
        entry = 0
        for index in range(6):
            off = 0.0
            for before in range(index):
                off += track[entry] * spread[line, before]
                entry += 1
            gain += spread[line, index] * (2.0 * off + track[entry] * spread[line, index])
            entry += 1
    return gain


@borrowing_kernel
def _bend(
    more: NDArray[np.float64],
    less: NDArray[np.float64],
    root: NDArray[np.float64],
    spread: NDArray[np.float64],
    lines: int,
    work: NDArray[np.float64],
) -> float:
    """Return half the second derivative of the trace as weight moves from one track to another."""
    bend = 0.0
    for line in range(lines):
        work[:] = 0.0
        entry = 0
        for index in range(6):
            for before in range(index + 1):
                difference = more[entry] - less[entry]
                work[index] += difference * spread[line, before]
                if before < index:
                    work[before] += difference * spread[line, index]
                entry += 1
        for index in range(6):
            base = index * (index + 1) // 2
            value = work[index]
            for before in range(index):
                value -= root[base + before] * work[before]
            work[index] = value * root[base + index]
            bend += work[index] * work[index]
    return bend


@borrowing_kernel
def weighted(tracks: NDArray[np.float64], count: int, weights: NDArray[np.float64], fused: NDArray[np.float64]) -> None:
    """Write the weighted sum of the information of the first ``count`` tracks, packed."""
    fused[:] = 0.0
    for track in range(count):
        if weights[track] > 0.0:
            for entry in range(PACKED):
                fused[entry] += weights[track] * tracks[track, entry]


@borrowing_kernel
def _start(
    tracks: NDArray[np.float64],
    count: int,
    derivative: NDArray[np.float64],
    lines: int,
    weights: NDArray[np.float64],
    root: NDArray[np.float64],
    spread: NDArray[np.float64],
) -> None:
    """Write all weight on the best single track, or equal weights where none fixes the arc by itself."""
    least, best = math.inf, -1
    for track in range(count):
        if factor(tracks[track], root):
            value = projected_trace(root, derivative, lines, spread)
            if value < least:
                least, best = value, track
    for track in range(count):
        weights[track] = 1.0 / count if best < 0 else (1.0 if track == best else 0.0)


@kernel
def intersect(
    tracks: NDArray[np.float64],
    count: int,
    derivative: NDArray[np.float64],
    lines: int,
    sufficient: float,
    weights: NDArray[np.float64],
    root: NDArray[np.float64],
) -> tuple[float, float]:
    """Fuse local tracks by covariance intersection; return the least trace, and a value that none can fall below.

    Parameters
    ----------
    tracks : ndarray, shape (m, PACKED)
        Packed information of each local track, the first ``count`` of them valid.
    count : int
    derivative : ndarray, shape (k, 6)
        Derivative by the parameters of what is asked about, the first ``lines`` rows of it.
    lines : int
    sufficient : float
        The search ends as soon as the trace is known to be within this, or known never to be; NaN asks for the least.
    weights : ndarray, shape (m,)
        Filled.
    root : ndarray, shape (PACKED,)
        Filled with the factor of the fused information.

    Returns
    -------
    trace, bound : float
        Both infinite where all tracks together fix no arc.

    Notes
    -----
    Weight moves from the track that lowers the trace least to the one that lowers it most, by Newton's step along that
    line. With g_i the fall of the trace f with weight i, f is homogeneous of degree -1, so that no weights make it less
    than f^2 / max g_i; the search ends where that meets f.

    References
    ----------
    .. [1] Julier and Uhlmann, "A non-divergent estimation algorithm in the presence of unknown correlations", Proc.
       American Control Conference 1997, eq. 3 and 4.
    .. [2] Boehning, "A vertex-exchange-method in D-optimal design theory", Metrika 33 (1986) 337.
    .. [3] Pukelsheim, *Optimal Design of Experiments* (2006), section 7.19: the equivalence theorem that bounds f.
    """
    scratch = FusionScratch(
        weights, root, np.empty((lines, 6)), np.empty(6), np.empty(PACKED), np.empty(count), np.empty(count)
    )
    return search_weights(tracks, count, derivative, lines, sufficient, scratch)


@borrowing_kernel
def search_weights(
    tracks: NDArray[np.float64],
    count: int,
    derivative: NDArray[np.float64],
    lines: int,
    sufficient: float,
    scratch: FusionScratch,
) -> tuple[float, float]:
    """Do what :func:`intersect` does, with the weights and the factor written among the working arrays."""
    weights, root, spread, work, fused, gains, trial = scratch
    _start(tracks, count, derivative, lines, weights, root, spread)
    weighted(tracks, count, weights, fused)
    if count == 0 or not factor(fused, root):
        return math.inf, math.inf
    value, bound = projected_trace(root, derivative, lines, spread), 0.0
    for _ in range(_ROUNDS):
        most, least = 0, -1
        for track in range(count):
            gains[track] = _gain(tracks[track], spread, lines)
            if gains[track] > gains[most]:
                most = track
            if weights[track] > 0.0 and (least < 0 or gains[track] < gains[least]):
                least = track
        bound = value * value / gains[most] if gains[most] > value else value
        if value <= sufficient or bound > sufficient or gains[most] <= value * (1.0 + _CLOSE) or most == least:
            break
        bend = _bend(tracks[most], tracks[least], root, spread, lines, work)
        step = 0.5 * (gains[most] - gains[least]) / bend if bend > 0.0 else weights[least]
        step, moved, before = min(step, weights[least]), False, value
        for _ in range(_HALVINGS):
            for track in range(count):
                trial[track] = weights[track]
            trial[most] += step
            trial[least] = 0.0 if step >= weights[least] else weights[least] - step
            weighted(tracks, count, trial, fused)
            if factor(fused, root):
                value = projected_trace(root, derivative, lines, spread)
                if value < before:
                    moved = True
                    break
            step *= 0.5
        if not moved:
            weighted(tracks, count, weights, fused)
            factor(fused, root)
            value = before
            break
        for track in range(count):
            weights[track] = trial[track]
    return value, bound
