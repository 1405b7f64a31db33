"""The shots of one battery at one flight, whichever way the doctrine has an intercept supported (model section 7)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.flight.path import place_normals, stencil
from hoplon.intercept.battery import TimingRow
from hoplon.intercept.launch import Weapon
from hoplon.intercept.prediction import Looks, look_at, predicted_at, predicted_support
from hoplon.intercept.shots import SHOT_TIME, Course, Launches, Tables, count_shots, meets_at, node_before
from hoplon.intercept.windows import Windows, gather_windows

LATER: Final = 5  # [s] after the first feasible second: feasible too, and still so at the next flight


@kernel
def count_supported(
    course: Course,
    tracks: NDArray[np.float32],
    flight: int,
    looks: Looks,
    own: NDArray[np.bool_],
    battery: NDArray[np.float64],
    timing: TimingRow,
    commit: float,
    most: int,
    weapon: Weapon,
    tables: Tables,
    step: float,
    site: Launches,
    pruned: bool,
    intercepts: NDArray[np.float64],
    support: NDArray[np.float64],
    eyes: NDArray[np.float64],
) -> int:
    """Return the shots of one battery at one flight, by tracks held or by the net's prediction as the doctrine has it.

    Parameters
    ----------
    course : Course
    tracks : ndarray, shape (radars, n, slots, 2)
    flight : int
        Its index in ``tracks``.
    looks : Looks
        At this flight, if any prediction was asked for yet; else they are found when one is.
    own : ndarray, shape (radars,)
    battery, timing : ndarray
    commit, most, weapon, tables, step, site, pruned
        As :func:`hoplon.intercept.shots.count_shots`.
    intercepts : ndarray, shape (k, 4)
        With ``k`` of one or more; as there.
    support, eyes : ndarray, shape (m, 2)
        Room for windows.
    """
    supports, sights = gather_windows(tracks, flight, battery, own, looks.latencies, timing, support, eyes)
    seen = Windows(eyes, sights)
    if timing.handover_error > 0.0:
        # Only from the first intercept on that a support at every second would allow.
        support[0, 0], support[0, 1] = -math.inf, math.inf
        always = Windows(support, 1)
        if (
            count_shots(course, commit, always, seen, timing, 1, weapon, tables, step, site, True, intercepts[:1]) == 0
            or most <= 0
        ):
            return 0
        look_at(course.row, tracks, flight, looks)
        begin = intercepts[0, SHOT_TIME]
        supports = predicted_support(course.row, looks, own, battery, timing, begin, weapon, tables.fan, support)
        if supports == 0:
            return 0
    return count_shots(
        course, commit, Windows(support, supports), seen, timing, most, weapon, tables, step, site, pruned, intercepts
    )


@kernel
def meets_again(
    course: Course,
    complete: bool,
    tracks: NDArray[np.float32],
    flight: int,
    looks: Looks,
    own: NDArray[np.bool_],
    battery: NDArray[np.float64],
    timing: TimingRow,
    commit: float,
    second: int,
    weapon: Weapon,
    tables: Tables,
    always: NDArray[np.float64],
    support: NDArray[np.float64],
    eyes: NDArray[np.float64],
) -> bool:
    """Tell whether a battery meets a flight at the second at which it met the last one; it may still meet it if not.

    Flights in order are mostly neighbours. Normals are placed for it unless all are there (``complete``); ``always`` is
    the window of all times, the rest as :func:`count_supported`.
    """
    node = node_before(course, second)
    if not complete:
        four = stencil(course.boost, course.nodes, node)
        if four >= 0:
            place_normals(course.path, max(four, course.boost), four + 4)
    met = False
    if not timing.handover_error > 0.0:
        supports, _ = gather_windows(tracks, flight, battery, own, looks.latencies, timing, support, eyes)
        met = meets_at(course, node, second, commit, Windows(support, supports), weapon, tables)
    elif meets_at(course, node, second, commit, Windows(always, 1), weapon, tables):
        look_at(course.row, tracks, flight, looks)
        met = predicted_at(course.row, looks, own, battery, timing, second, weapon, tables.fan, support)
    return met
