"""How well a battery knows the point at which its interceptor will meet a flight (model section 4, ``pip_sigma``).

Looks that have reached the battery count: of its own radars at once, of others after their latency. They are fused in
one place, or each radar's own track is intersected with the others; a battery's own radars make one track.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel
from hoplon.flight.information import PACKED, factor, gather_information, place_covariance, sigma_across
from hoplon.flight.intersection import intersect, place_rows, turn_across
from hoplon.intercept.battery import TimingRow
from hoplon.intercept.closing import closing_velocity
from hoplon.intercept.launch import Weapon


@borrowing_kernel
def heard_from(
    own: NDArray[np.bool_], remote: bool, latencies: NDArray[np.float64], delays: NDArray[np.float64]
) -> None:
    """Write how long each radar's looks take to a battery [s]: its own none, others only if ``remote`` admits them."""
    for radar in range(own.shape[0]):
        delays[radar] = 0.0 if own[radar] else (latencies[radar] if remote else math.inf)


@borrowing_kernel
def local_tracks(own: NDArray[np.bool_], delays: NDArray[np.float64], heard: NDArray[np.float64]) -> int:
    """Write the delays of the radars behind each local track, infinite for the others; return the number of tracks.

    A battery's own radars make one track; each other radar that is heard makes its own.
    """
    count, mine = 0, -1
    for radar in range(own.shape[0]):
        if delays[radar] == math.inf:
            continue
        if own[radar] and mine >= 0:
            heard[mine, radar] = delays[radar]
            continue
        heard[count] = math.inf
        heard[count, radar] = delays[radar]
        if own[radar]:
            mine = count
        count += 1
    return count


@borrowing_kernel
def rows_across(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    weapon: Weapon,
    fan: NDArray[np.float64],
    time: float,
    rows: NDArray[np.float64],
) -> int:
    """Write the rows of an intercept's place across the closing velocity; return their number."""
    place_rows(row, nodes, time, rows)
    x, y, z = closing_velocity(row, nodes, weapon, fan, time)
    return turn_across(rows, x, y, z)


@kernel
def predicted_error(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    own: NDArray[np.bool_],
    remote: bool,
    latencies: NDArray[np.float64],
    timing: TimingRow,
    weapon: Weapon,
    fan: NDArray[np.float64],
    time: float,
    sums: NDArray[np.float64],
) -> float:
    """Return the error of a battery's predicted intercept point at handover, from every look [m].

    Parameters
    ----------
    row, nodes, stretches, count, sensors, sums
        As :func:`hoplon.flight.information.gather_information`.
    own : ndarray, shape (radars,)
        The battery's own radars.
    remote : bool
        Whether it hears the others.
    latencies : ndarray, shape (radars,)
        Of their reports [s].
    timing : TimingRow
    weapon, fan
        From :func:`hoplon.intercept.launch.weapon_of`, and of the interceptor's reach.
    time : float
        Of the intercept [s].

    Returns
    -------
    float
        Infinite where the looks heard by handover fix no arc.
    """
    delays = np.empty(own.shape[0])
    heard_from(own, remote, latencies, delays)
    until = time - timing.handover
    root = np.empty(PACKED)
    if timing.central:
        total = np.empty(PACKED)
        gather_information(row, nodes, stretches, count, sensors, delays, until, sums, True, total)
        if not factor(total, root):
            return math.inf
        x, y, z = closing_velocity(row, nodes, weapon, fan, time)
        return float(sigma_across(place_covariance(row, nodes, root, time), x, y, z))
    heard = np.empty((own.shape[0], own.shape[0]))
    tracks = local_tracks(own, delays, heard)
    totals, weights, rows = np.empty((tracks, PACKED)), np.empty(tracks), np.empty((3, 6))
    for track in range(tracks):
        gather_information(row, nodes, stretches, count, sensors, heard[track], until, sums, True, totals[track])
    lines = rows_across(row, nodes, weapon, fan, time, rows)
    return math.sqrt(0.5 * intersect(totals, tracks, rows, lines, math.nan, weights, root)[0])
