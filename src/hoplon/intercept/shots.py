"""Which intercepts a battery can make of a flight, and how many shots that gives (model section 7).

Answers are on whole seconds. Nodes along the flight bracket the windows in which an intercept is feasible; the edges
of a window are found on the second between nodes, and a gap between nodes is searched second by second wherever an
altitude limit, the edge of reach or a nearly sufficient launch time falls inside it, or where a flight that is out of
reach at both ends may pass through reach between them.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.path import ALTITUDE, NORMAL, TIME, cubic_at, cubic_of, path_normal, spans_of, stencil
from hoplon.intercept.battery import TimingRow
from hoplon.intercept.launch import (
    LAST_COLUMN,
    Weapon,
    columns_of,
    launch_at,
    launch_at_node,
    launch_between,
    launches_of,
)
from hoplon.intercept.reach import COLUMNS, FASTEST_FLIGHT
from hoplon.intercept.reach import ROWS as TABLE_ROWS
from hoplon.intercept.windows import Windows, inside, overlaps

_GAIN = 8.0  # [s/s] how fast a launch time is taken to grow along a flight: it is steepest beside the edge of reach
_STEEPEST = 16.0  # [s/s] the same within a gap that is searched, where a second beside the edge tells more
_PEAK = 1.0  # [s/s] at a bend between two kinds of fly-out a launch time hardly ever stands out by more of a gap
_APOGEE = GRAVITATIONAL_PARAMETER / MEAN_RADIUS**2 / 8.0  # [m s-2] a flight rises by less between nodes, by their gap
_NEVER: Final = 1 << 40  # [s]
SHOT_LAUNCH, SHOT_TIME, SHOT_ALTITUDE, SHOT_RANGE = range(4)  # columns of an intercept


class Course(NamedTuple):
    """A sampled flight: its elements, and what :func:`hoplon.flight.path.sample_path` makes of them."""

    row: NDArray[np.float64]
    path: NDArray[np.float64]
    boost: int
    nodes: int


class Tables(NamedTuple):
    """What a :class:`hoplon.intercept.reach.Reach` knows of an interceptor, as kernels take it."""

    fan: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]


class Launches(NamedTuple):
    """What :func:`latest_launch` knows of a flight and a battery's site, at the nodes from ``first`` to ``end``.

    Attributes
    ----------
    first, end : int
        Beyond them the flight is out of reach.
    columns : ndarray, shape (m,)
        Place along the chord of the reach table.
    times : ndarray, shape (m,)
        Launch time of an intercept there [s], or an upper bound of it where ``bounds`` says so; bounds met on the way
        are replaced by what they bound.
    bounds : ndarray, shape (m,)
    """

    first: int
    end: int
    columns: NDArray[np.float64]
    times: NDArray[np.float64]
    bounds: NDArray[np.bool_]


@borrowing_kernel
def _next_inside(support: Windows, second: int) -> int:
    """Return the first whole second after one that may have support; one beyond every flight for none."""
    following = _NEVER
    for index in range(support.number):
        if support.times[index, 1] > second:
            following = min(following, max(second + 1, math.ceil(support.times[index, 0])))
    return following


@borrowing_kernel
def _away(altitude: float, right: float, weapon: Weapon, floors: NDArray[np.float32]) -> float:
    """Return the least time in which a flight at an altitude and a place along the chord comes within reach [s]."""
    line = min(int((altitude - weapon.altitude_low) * weapon.altitude_scale), TABLE_ROWS - 2)
    column = min(int(right), COLUMNS - 2)
    beyond = max(0.0, right - (column + 1.0)) * MEAN_RADIUS / (weapon.chord_scale * FASTEST_FLIGHT)
    back = max(0.0, abs(float(floors[line, column])) - weapon.maximum_flight_time)
    return math.sqrt(back * back + beyond * beyond)  # what is within reach lies no farther along the chord


@borrowing_kernel
def _way_back(ux: float, uy: float, uz: float, altitude: float, weapon: Weapon, floors: NDArray[np.float32]) -> float:
    """Return the least time in which a flight that is out of reach at a place comes within it [s]."""
    if altitude < weapon.altitude_low or altitude > weapon.altitude_high:
        return 0.0
    cosine = ux * weapon.normal_x + uy * weapon.normal_y + uz * weapon.normal_z
    return _away(altitude, math.sqrt(max(0.0, 2.0 - 2.0 * cosine)) * weapon.chord_scale, weapon, floors)


@borrowing_kernel
def _first_in_gap(
    course: Course,
    start: int,
    low: int,
    high: int,
    halve: bool,
    guess: int,
    available: float,
    support: Windows,
    weapon: Weapon,
    tables: Tables,
) -> int:
    """Return the first feasible second in ``(low, high]``, or -1.

    ``halve`` bisects from a guess on, for a gap that becomes feasible once and is feasible at its end; else every
    second is tried, but for those that come too soon after one without support, too early a launch, or out of reach.
    """
    row, path, _, _ = course
    fan, times, floors = tables
    first = max(start, 0)
    spans = spans_of(path, first)
    to_x, to_y, to_z, up = (
        cubic_of(path, NORMAL, first, spans),
        cubic_of(path, NORMAL + 1, first, spans),
        cubic_of(path, NORMAL + 2, first, spans),
        cubic_of(path, ALTITUDE, first, spans),
    )
    second = min(max(guess, low + 1), high) if halve else low + 1
    tried = 0
    while low < second <= high:
        if start < 0:
            ux, uy, uz, altitude = path_normal(row, path, start, second)
        else:
            ux, uy, uz, altitude = (
                cubic_at(to_x, spans, second),
                cubic_at(to_y, spans, second),
                cubic_at(to_z, spans, second),
                cubic_at(up, spans, second),
            )
        launch = launch_at(ux, uy, uz, altitude, second, available, weapon, fan, times, floors)
        feasible = launch >= available and inside(support, second)
        if not halve:
            if feasible:
                return second
            if launch >= available:
                second = _next_inside(support, second)
            elif launch > -math.inf:
                second += max(1, int((available - launch) / _STEEPEST))
            else:
                second += max(1, int(_way_back(ux, uy, uz, altitude, weapon, floors)))
            continue
        tried += 1
        if feasible:
            high = second
            if high - low == 1:
                return high
            second = high - 1 if tried == 1 else (low + high) // 2
        elif second == high:
            return -1
        else:
            low = second
            second = low + 1 if tried == 1 or high - low == 1 else (low + high) // 2
    return -1


@borrowing_kernel
def _crosses_limit(before: float, after: float, gap: float, low: float, high: float) -> bool:
    """Tell whether an altitude limit lies between two altitudes, or so close above both that an apogee may pass it."""
    apogee = max(before, after) + _APOGEE * gap * gap
    return (before < low) != (after < low) or (before > high) != (after > high) or (before < low <= apogee)


@inlined_kernel
def _rise(one: float, other: float, gap: float) -> float:
    """Return by how much a launch time between two nodes may exceed the later of theirs, or bounds of them [s].

    Beside the edge of reach it may have grown up to there; between nodes within reach it is highest at one of them, or
    hardly higher.
    """
    return _GAIN * gap if min(one, other) == -math.inf else gap


@borrowing_kernel
def _may_pass_through(
    path: NDArray[np.float64],
    node: int,
    weapon: Weapon,
    columns: NDArray[np.float64],
    floors: NDArray[np.float32],
) -> bool:
    """Tell whether a flight can have been within reach between a node and the one before, both out of reach."""
    before, after = path[ALTITUDE, node - 1], path[ALTITUDE, node]
    low, high = weapon.altitude_low, weapon.altitude_high
    if before < low or after < low or before > high or after > high:
        return False
    away = _away(before, columns[node - 1], weapon, floors) + _away(after, columns[node], weapon, floors)
    return bool(away <= path[TIME, node] - path[TIME, node - 1])


@borrowing_kernel
def _next_shot(
    course: Course,
    site: Launches,
    first: int,
    passed: int,
    available: float,
    support: Windows,
    weapon: Weapon,
    tables: Tables,
    margin: float,
) -> tuple[int, int]:
    """Return the first feasible second after ``passed`` and the node before it, or -1 and the last node."""
    path, launches, bounds, columns, end = course.path, site.times, site.bounds, site.columns, site.end
    last_second = math.ceil(course.row[IMPACT_TIME]) - 1
    for node in range(first + 1, end):
        time, before = path[TIME, node], path[TIME, node - 1]
        gap = time - before
        greatest = max(launches[node], launches[node - 1])
        # An altitude limit inside the gap hides the window beside it: it matters unless the launch time, which gains
        # no more than _GAIN seconds a second, is known to be too early.
        crosses = (
            min(columns[node], columns[node - 1]) < LAST_COLUMN + margin
            and (greatest == -math.inf or greatest + _GAIN * gap >= available)
            and _crosses_limit(
                path[ALTITUDE, node - 1], path[ALTITUDE, node], gap, weapon.altitude_low, weapon.altitude_high
            )
        )
        # Between two nodes out of reach a flight may pass through it.
        passes = (
            greatest == -math.inf
            and time - weapon.burn_time >= available
            and _may_pass_through(path, node, weapon, columns, tables.floors)
        )
        if not (crosses or passes) and greatest + _rise(launches[node], launches[node - 1], gap) < available:
            continue
        if bounds[node] and launches[node] >= available - gap:
            launches[node] = launch_at_node(
                path, node, available - gap, weapon, tables.fan, tables.times, tables.floors
            )
            bounds[node] = False
        low = max(math.floor(before), passed)
        ready = launches[node] >= available and time > passed and inside(support, time)
        if ready:
            high = min(math.ceil(time), last_second)
        else:
            high = min(math.floor(time), last_second)
            edge = min(launches[node], launches[node - 1]) == -math.inf
            latest = max(launches[node], launches[node - 1])
            close = latest + (_GAIN if edge else _PEAK) * gap >= available
            # What looked within reach at a node may have turned out not to be.
            passes = passes or (
                greatest > latest == -math.inf
                and time - weapon.burn_time >= available
                and _may_pass_through(path, node, weapon, columns, tables.floors)
            )
            if not ((crosses or close or passes) and overlaps(support, low, high)):
                continue
        if high > low:
            four = stencil(course.boost, course.nodes, node - 1)
            rise = launches[node] - launches[node - 1]
            share = (available - launches[node - 1]) / rise if ready and 0.0 < rise < math.inf else 0.5
            guess = math.ceil(before + min(max(share, 0.0), 1.0) * gap)
            found = _first_in_gap(course, four, low, high, ready, guess, available, support, weapon, tables)
            if found < 0 and ready:  # feasible at the node, and no longer on the second after it
                found = _first_in_gap(course, four, low, high, False, guess, available, support, weapon, tables)
            if found >= 0:
                return found, node - 1
    return -1, end


@borrowing_kernel
def launch_bound(
    path: NDArray[np.float64],
    node: int,
    weapon: Weapon,
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    floors: NDArray[np.float32],
) -> float:
    """Return a time that no intercept between a node and the one before is launched after [s].

    Parameters
    ----------
    path : ndarray
    node : int
    weapon : Weapon
    columns, launches : ndarray
        Places along the chord of the reach table of the nodes, and launch times there, or bounds of them [s].
    floors : ndarray
        Of the interceptor's :class:`hoplon.intercept.reach.Reach`.
    """
    before, after = path[ALTITUDE, node - 1], path[ALTITUDE, node]
    gap, greatest = path[TIME, node] - path[TIME, node - 1], max(launches[node], launches[node - 1])
    hidden = path[TIME, node] - weapon.burn_time  # no fly-out is shorter than the boost
    if _crosses_limit(before, after, gap, weapon.altitude_low, weapon.altitude_high):
        return float(hidden if greatest == -math.inf else min(hidden, greatest + _GAIN * gap))
    if greatest == -math.inf:
        return float(hidden if _may_pass_through(path, node, weapon, columns, floors) else -math.inf)
    return float(greatest + _rise(launches[node], launches[node - 1], gap))


@inlined_kernel
def margin_of(step: float, weapon: Weapon) -> float:
    """Return how far a flight moves along the chord of a reach table between nodes [columns]."""
    return FASTEST_FLIGHT * step / MEAN_RADIUS * weapon.chord_scale


@borrowing_kernel
def latest_launch(
    course: Course,
    weapon: Weapon,
    floors: NDArray[np.float32],
    step: float,
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    bounds: NDArray[np.bool_],
) -> tuple[float, int, int]:
    """Write the launch time of an intercept at each node of an arc; return a bound above every launch time [s].

    Parameters
    ----------
    course : Course
    weapon : Weapon
    floors : ndarray
        Of the interceptor's :class:`hoplon.intercept.reach.Reach`.
    step : float
        Greatest spacing of the nodes [s].
    columns, launches, bounds : ndarray, shape (m,)
        Filled, from the last boost node on, with what :class:`Launches` says of them.

    Returns
    -------
    latest : float
        No intercept of this flight, at a node or between nodes, is launched later; -infinity if none is possible.
    first, end : int
        The nodes written.
    """
    path, boost, nodes = course.path, course.boost, course.nodes
    margin = margin_of(step, weapon)
    first, end = columns_of(path, boost - 1, nodes, weapon, margin, columns)
    launches_of(path, first, end, weapon, floors, columns, launches, bounds)
    latest = -math.inf
    for node in range(first + 1, end):
        latest = max(latest, launch_bound(path, node, weapon, columns, launches, floors))
    return latest, first, end


@embedded_kernel
def count_shots(
    course: Course,
    commit: float,
    support: Windows,
    assessment: Windows,
    timing: TimingRow,
    most: int,
    weapon: Weapon,
    tables: Tables,
    step: float,
    site: Launches,
    pruned: bool,
    intercepts: NDArray[np.float64],
) -> int:
    """Return the shots of one battery at one flight, greedily, shoot-look-shoot.

    Parameters
    ----------
    course : Course
    commit : float
        Earliest launch [s].
    support, assessment : Windows
        When an intercept has support, and when a kill can be assessed after one.
    timing : TimingRow
    most : int
        Shots the magazine allows.
    weapon : Weapon
    tables : Tables
    step : float
        Greatest spacing of the nodes [s].
    site : Launches
        Of the same course and weapon.
    pruned : bool
        Pass over nodes before the earliest intercept (the same answer, sooner).
    intercepts : ndarray, shape (k, 4)
        The first ``k`` intercepts are written: launch [s], intercept [s], altitude [m], ground range [m], in columns
        ``SHOT_LAUNCH``, ``SHOT_TIME``, ``SHOT_ALTITUDE`` and ``SHOT_RANGE``.
    """
    row, path = course.row, course.path
    opens = math.inf
    for index in range(support.number):
        opens = min(opens, support.times[index, 0])
    earliest = max(commit + weapon.burn_time, opens, row[BURN_TIME])
    if most <= 0 or not earliest < row[IMPACT_TIME]:
        return 0
    node = site.first
    if pruned:
        node = max(node, int(np.searchsorted(path[TIME, : course.nodes], earliest)) - 1)
    margin = margin_of(step, weapon)
    shots, available, passed = 0, commit, max(math.ceil(earliest) - 1, math.floor(row[BURN_TIME]))
    while True:
        found, node = _next_shot(course, site, node, passed, available, support, weapon, tables, margin)
        if found < 0:
            return shots
        if shots < intercepts.shape[0]:
            ux, uy, uz, altitude = path_normal(row, path, stencil(course.boost, course.nodes, node), found)
            chord = math.sqrt(
                max(0.0, 2.0 - 2.0 * (ux * weapon.normal_x + uy * weapon.normal_y + uz * weapon.normal_z))
            )
            intercepts[shots, SHOT_LAUNCH] = launch_at(
                ux, uy, uz, altitude, found, available, weapon, tables.fan, tables.times, tables.floors
            )
            intercepts[shots, SHOT_TIME], intercepts[shots, SHOT_ALTITUDE] = found, altitude
            intercepts[shots, SHOT_RANGE] = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
        shots += 1
        passed, available = found, found + timing.kill_assessment + timing.reaction
        spent = not timing.look or shots >= most or available >= row[IMPACT_TIME]
        if spent or not inside(assessment, found):
            return shots


@embedded_kernel
def meets_at(
    course: Course, node: int, second: int, commit: float, support: Windows, weapon: Weapon, tables: Tables
) -> bool:
    """Tell whether an intercept by a first shot is feasible at a second, ``node`` the last one not after it."""
    row, path, boost, nodes = course
    if not (row[BURN_TIME] < second < row[IMPACT_TIME] and inside(support, second)):
        return False
    four = stencil(boost, nodes, node)
    launch = launch_between(row, path, four, second, commit, weapon, tables.fan, tables.times, tables.floors)
    return bool(launch >= commit)


@borrowing_kernel
def node_before(course: Course, second: int) -> int:
    """Return the node from which on a second is interpolated."""
    return int(np.searchsorted(course.path[TIME, : course.nodes], second)) - 1


@borrowing_kernel
def last_intercept(course: Course, commit: float, support: Windows, weapon: Weapon, tables: Tables) -> float:
    """Return the last feasible second of an intercept by any shot, NaN for none; arguments as :func:`count_shots`."""
    node = course.nodes - 2
    for second in range(math.ceil(course.row[IMPACT_TIME]) - 1, math.floor(course.row[BURN_TIME]), -1):
        while node > 0 and course.path[TIME, node] > second:
            node -= 1
        if meets_at(course, node, second, commit, support, weapon, tables):
            return float(second)
    return math.nan
