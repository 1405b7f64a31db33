"""By how much a battery meets a flight or misses it: seconds of launch time, and metres of reach (model section 7).

An intercept at a whole second t is launched at t - F. With the support that the mode asks for it is feasible when that
is not before the earliest launch, t_commit. So

- the *time margin* is the greatest launch time of a supported intercept, less t_commit: a release later by less than
  that still meets the flight, a release later by more does not; where it is negative, a release must come that much
  earlier;
- the *reach margin* is the greatest distance by which every point of the flight could lie farther away over the ground,
  all else the same, and the flight still be met; where it is negative, they must lie that much nearer.

Both are -infinity where no delay, or no distance, makes an intercept feasible.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel, kernel, side_by_side
from hoplon.constants import MEAN_RADIUS
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import TIME, most_nodes, path_normal, sample_path, stencil
from hoplon.intercept.battery import SHOTS, Batteries, TimingRow
from hoplon.intercept.launch import Weapon, launch_at, launch_between
from hoplon.intercept.prediction import Looks, look_at, looks_for, predicted_support, room_for_prediction
from hoplon.intercept.shots import Course, Launches, Tables, count_shots, latest_launch, launch_bound, node_before
from hoplon.intercept.supported_shots import ObservedFlight, Scratch, Shooter, scratch_for, shooter_of
from hoplon.intercept.windows import Windows, commit_time, firm_times, gather_windows, inside

TIME_MARGIN, TIME_BATTERY, REACH_MARGIN, REACH_BATTERY = range(4)  # columns of what is returned
_COLUMNS: Final = 4
_LEAST_CHUNK: Final = 64  # flights that one call of the kernel takes at least
_CHUNKS_A_THREAD: Final = 8
_NO_BOUND: Final = -1.0e9  # [s] before any launch
_EXACT: Final = 1.0  # [m] to which a distance is found
_STRIDE_GROWTH: Final = 8.0  # of the strides by which a greater distance is sought
_TRIED: Final = 32  # distances tried, nearer and nearer, before there is none at which a point can be reached
_SOONER: Final = 1.0e-6  # [s] before a launch time: a release then allows that launch, whatever is rounded


class _Chance(NamedTuple):
    """What one battery may do about one flight: its earliest launch [s], and when intercepts have what they need."""

    commit: float
    support: Windows
    assessment: Windows


@borrowing_kernel
def _launch_at_second(
    course: Course, node: int, second: int, available: float, weapon: Weapon, tables: Tables
) -> float:
    """Return the launch time of an intercept at a second [s], ``node`` the last one not after it."""
    row, path, boost, nodes = course
    four = stencil(boost, nodes, node)
    return float(
        launch_between(row, path, four, float(second), available, weapon, tables.fan, tables.times, tables.floors)
    )


@borrowing_kernel
def latest_supported_launch(
    course: Course, support: Windows, weapon: Weapon, tables: Tables, site: Launches, least: float
) -> float:
    """Return the latest launch of an intercept that has support [s]; ``least`` where none is later than that.

    Parameters
    ----------
    course : Course
        Its normals placed.
    support : Windows
    weapon : Weapon
    tables : Tables
    site : Launches
        Of the same course and weapon.
    least : float
        Launches before it do not matter [s]; -infinity for all.
    """
    path, latest = course.path, least
    first_second, last_second = math.floor(course.row[BURN_TIME]) + 1, math.ceil(course.row[IMPACT_TIME]) - 1
    favourite = -1
    for node in range(site.first + 1, site.end):
        if favourite < 0 or site.times[node] > site.times[favourite]:
            favourite = node
    for turn in range(site.first, site.end):
        node = favourite if turn == site.first else turn  # one that promises much goes first: most others drop out
        if node <= site.first or not launch_bound(path, node, weapon, site.columns, site.times, tables.floors) > latest:
            continue
        low, high = math.floor(path[TIME, node - 1]) + 1, math.floor(path[TIME, node])
        for second in range(max(low, first_second), min(high, last_second) + 1):
            if inside(support, second):
                launch = _launch_at_second(course, node - 1, second, max(latest, _NO_BOUND), weapon, tables)
                latest = max(latest, launch)
    return float(latest)


@embedded_kernel
def _latest_launch_of_shots(
    course: Course,
    chance: _Chance,
    timing: TimingRow,
    required: int,
    weapon: Weapon,
    tables: Tables,
    step: float,
    site: Launches,
    first: NDArray[np.float64],
) -> float:
    """Return the release [s] up to which a battery has the shots required, from its earliest launch on.

    Where it has too few: the last release before that with which it would have them; -infinity for none.

    Notes
    -----
    The shots change only where a release passes a launch time: between two of the first shots that a later and later
    release would allow, all follow from the same first intercept.
    """
    before, after, record, node = -math.inf, -math.inf, -math.inf, 0
    for second in range(math.floor(course.row[BURN_TIME]) + 1, math.ceil(course.row[IMPACT_TIME])):
        while node < course.nodes - 2 and course.path[TIME, node + 1] <= second:
            node += 1
        if not inside(chance.support, second):
            continue
        launch = _launch_at_second(course, node, second, _NO_BOUND, weapon, tables)
        if not launch > record:
            continue
        record = launch
        shots = count_shots(
            course,
            launch - _SOONER,
            chance.support,
            chance.assessment,
            timing,
            required,
            weapon,
            tables,
            step,
            site,
            True,
            first,
        )
        if launch < chance.commit:
            before = launch if shots >= required else before
        elif shots >= required:
            after = launch
        else:
            break
    return float(after if after > -math.inf else before)


@inlined_kernel
def _reaches(ground_range: float, altitude: float, second: int, commit: float, weapon: Weapon, tables: Tables) -> bool:
    """Tell whether an interceptor launched at the earliest is at a ground range and altitude by a second."""
    angle = ground_range / MEAN_RADIUS
    site = Weapon(
        1.0,
        0.0,
        0.0,
        weapon.chord_scale,
        weapon.altitude_scale,
        weapon.burnout_speed,
        weapon.burn_time,
        weapon.altitude_low,
        weapon.altitude_high,
        weapon.maximum_flight_time,
        weapon.minimum_elevation,
        weapon.slowest_burnout,
    )
    launch = launch_at(
        math.cos(angle),
        math.sin(angle),
        0.0,
        altitude,
        float(second),
        commit,
        site,
        tables.fan,
        tables.times,
        tables.floors,
    )
    return bool(launch >= commit)


@borrowing_kernel
def reach_beyond(
    ground_range: float, altitude: float, second: int, commit: float, weapon: Weapon, tables: Tables, least: float
) -> float:
    """Return how much farther away over the ground a point could lie and be reached by a second [m].

    Negative where it must lie nearer; ``least`` where it could lie no farther than that.
    """
    if least > -math.inf:
        reached = max(0.0, ground_range + least)
        if not _reaches(reached, altitude, second, commit, weapon, tables):
            return least
    else:
        reached = -1.0
        for tried in range(_TRIED, -1, -1):
            nearer = ground_range * tried / _TRIED
            if _reaches(nearer, altitude, second, commit, weapon, tables):
                reached = nearer
                break
        if reached < 0.0:
            return least
    stride = _EXACT
    while _reaches(reached + stride, altitude, second, commit, weapon, tables):
        reached += stride
        stride *= _STRIDE_GROWTH
    missed = reached + stride
    while missed - reached > _EXACT:
        middle = 0.5 * (reached + missed)
        if _reaches(middle, altitude, second, commit, weapon, tables):
            reached = middle
        else:
            missed = middle
    return max(least, reached - ground_range)


@borrowing_kernel
def _greatest_reach_beyond(course: Course, chance: _Chance, weapon: Weapon, tables: Tables, least: float) -> float:
    """Return the reach margin of a battery [m]; ``least`` where it is no greater."""
    row, path, boost, nodes = course
    beyond = least
    begin = max(math.floor(row[BURN_TIME]) + 1, math.ceil(chance.commit + weapon.burn_time))
    end, coarser = math.ceil(row[IMPACT_TIME]), 0
    for stride in (64, 8, 1):  # [s] the most is nearly known before every second is tried
        for second in range(begin, end, stride):
            if (coarser > 0 and (second - begin) % coarser == 0) or not inside(chance.support, second):
                continue
            four = stencil(boost, nodes, min(node_before(course, second), nodes - 2))
            ux, uy, uz, altitude = path_normal(row, path, four, float(second))
            if altitude < weapon.altitude_low or altitude > weapon.altitude_high:
                continue
            squared = 2.0 - 2.0 * (ux * weapon.normal_x + uy * weapon.normal_y + uz * weapon.normal_z)
            ground_range = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * math.sqrt(max(0.0, squared))))
            beyond = reach_beyond(ground_range, altitude, second, chance.commit, weapon, tables, beyond)
        coarser = stride
    return float(beyond)


@embedded_kernel
def battery_margins(
    course: Course,
    commit: float,
    support: Windows,
    assessment: Windows,
    timing: TimingRow,
    required: int,
    weapon: Weapon,
    tables: Tables,
    step: float,
    site: Launches,
    reach: bool,
    least_time: float,
    least_reach: float,
    first: NDArray[np.float64],
) -> tuple[float, float]:
    """Return the time margin [s] and the reach margin [m] of one battery at one flight.

    Parameters
    ----------
    course : Course
        Its normals placed.
    commit : float
        Earliest launch [s]; finite.
    support, assessment : Windows
        When an intercept has support, and when a kill can be assessed after one.
    timing : TimingRow
    required : int
        Shots that the battery must have.
    weapon : Weapon
    tables : Tables
    step : float
        Greatest spacing of the nodes [s].
    site : Launches
        Of the same course and weapon.
    reach : bool
        Whether the reach margin is wanted; it is of one shot, and none where more are required.
    least_time, least_reach : float
        Margins below them are of no interest; -infinity for all.
    first : ndarray, shape (1, 4)
        Working array.
    """
    chance = _Chance(commit, support, assessment)
    if required > 1:
        latest = _latest_launch_of_shots(course, chance, timing, required, weapon, tables, step, site, first)
    else:
        latest = latest_supported_launch(course, support, weapon, tables, site, commit + least_time)
    beyond = least_reach
    if reach and required == 1:
        beyond = _greatest_reach_beyond(course, chance, weapon, tables, least_reach)
    return latest - commit if latest > commit + least_time else least_time, beyond


@embedded_kernel
def _chance_of(observed: ObservedFlight, shooter: Shooter, scratch: Scratch) -> _Chance:
    """Return what a battery may do about a flight, by tracks held or by prediction as the doctrine has it."""
    course, looks, timing = observed.course, observed.looks, shooter.timing
    supports, assessments = gather_windows(
        observed.tracks,
        observed.flight,
        shooter.battery,
        shooter.own,
        shooter.supporters,
        looks.latencies,
        timing,
        scratch.support,
        scratch.assessment,
    )
    if timing.handover_error > 0.0:
        look_at(course.row, observed.tracks, observed.flight, looks)
        begin = math.floor(course.row[BURN_TIME]) + 1.0
        supports = predicted_support(
            course.row,
            looks,
            shooter.own,
            shooter.battery,
            timing,
            begin,
            shooter.weapon,
            shooter.tables.fan,
            scratch.support,
        )
    return _Chance(shooter.commit, Windows(scratch.support, supports), Windows(scratch.assessment, assessments))


@borrowing_kernel
def _write_margins(
    row: NDArray[np.float64],
    number: int,
    tracks: NDArray[np.float32],
    looks: Looks,
    timing: TimingRow,
    batteries: Batteries,
    required: int,
    step: float,
    reach: bool,
    scratch: Scratch,
    found: NDArray[np.float64],
) -> None:
    """Write the margins of the best battery at one flight, and which one that is."""
    firm_times(tracks, number, row[BURN_TIME], timing.firm_track, scratch.firm)
    boost, nodes = sample_path(row, step, scratch.path)
    course = Course(row, scratch.path, boost, nodes)
    looks.found[0] = -1
    observed = ObservedFlight(number, course, tracks, number, looks)
    columns, times, bounds = scratch.reach.columns[0], scratch.reach.times[0], scratch.reach.bounds[0]
    for place in range(batteries.rows.shape[0]):
        commit = commit_time(batteries.rows[place], batteries.own[place], scratch.firm, looks.latencies, timing)
        if not commit < math.inf or batteries.rows[place, SHOTS] < required:
            continue
        shooter = shooter_of(batteries, place, 0, tracks.shape[0], timing, commit)
        chance = _chance_of(observed, shooter, scratch)
        weapon, tables = shooter.weapon, shooter.tables
        _, first, end = latest_launch(course, weapon, tables.floors, step, columns, times, bounds)
        seconds, metres = battery_margins(
            course,
            commit,
            chance.support,
            chance.assessment,
            timing,
            required,
            weapon,
            tables,
            step,
            Launches(first, end, columns, times, bounds),
            reach,
            found[TIME_MARGIN],
            found[REACH_MARGIN],
            scratch.first,
        )
        if seconds > found[TIME_MARGIN]:
            found[TIME_MARGIN], found[TIME_BATTERY] = seconds, place
        if metres > found[REACH_MARGIN]:
            found[REACH_MARGIN], found[REACH_BATTERY] = metres, place


@kernel
def _margins_of_some(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    required: int,
    step: float,
    reach: bool,
    nodes: int,
    room: tuple[int, int, int],
    found: NDArray[np.float64],
) -> None:
    """Write the margins of some flights, with working arrays of their own."""
    scratch = scratch_for(nodes, tracks.shape[0], tracks.shape[2], batteries.rows.shape[0], 1)
    looks = looks_for(sensors, latencies, room)
    for number in range(elements.shape[0]):
        found[number, TIME_MARGIN] = found[number, REACH_MARGIN] = -math.inf
        found[number, TIME_BATTERY] = found[number, REACH_BATTERY] = -1.0
        if elements[number, STATUS] == 0.0:
            _write_margins(
                elements[number],
                number,
                tracks,
                looks,
                timing,
                batteries,
                required,
                step,
                reach,
                scratch,
                found[number],
            )


def margins_of(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    required: int,
    step: float,
    reach: bool,
) -> NDArray[np.float64]:
    """Return the margins of the best battery at each flight.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    tracks : ndarray, shape (sensors, n, slots, 2)
        From :func:`hoplon.sensing.track.tracks_of`.
    sensors : ndarray, shape (sensors, SENSOR_COLUMNS)
        What the quality of tracks takes of each sensor.
    latencies : ndarray, shape (sensors,)
        Of the sensors' reports [s].
    timing : TimingRow
    batteries : Batteries
    required : int
        Shots that one battery must have.
    step : float
        Node spacing [s].
    reach : bool
        Whether reach margins are wanted; they take most of the time.

    Returns
    -------
    ndarray, shape (n, 4)
        Time margin [s] and the battery that has it, reach margin [m] and the battery that has it; -infinity and -1
        for none. Reach margins are of one shot: none where more are required.
    """
    count = len(elements)
    found = np.empty((count, _COLUMNS))
    threads = numba.get_num_threads()
    size = max(_LEAST_CHUNK, -(-count // (_CHUNKS_A_THREAD * threads)))
    chunks = [slice(first, min(count, first + size)) for first in range(0, count, size)]
    nodes = most_nodes(elements, step)
    room = room_for_prediction(elements, sensors, tracks.shape[2], timing.handover_error > 0.0)

    def some(number: int) -> None:
        chosen = chunks[number]
        _margins_of_some(
            elements[chosen],
            np.ascontiguousarray(tracks[:, chosen]),
            sensors,
            latencies,
            timing,
            batteries,
            required,
            step,
            reach,
            nodes,
            room,
            found[chosen],
        )

    side_by_side(some, len(chunks))
    return found
