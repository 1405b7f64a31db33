"""The shots of one battery at one flight, whichever way the doctrine has an intercept supported (model section 7).

:func:`shots_of_battery` is the step of every loop over flights and batteries: :mod:`hoplon.intercept.engagement`,
:mod:`hoplon.intercept.first_shots` and :mod:`hoplon.defence.evaluation`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import embedded_kernel, inlined_kernel, kernel
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.path import ROWS, place_normals, stencil
from hoplon.intercept.battery import REACH, SHOTS, Batteries, TimingRow
from hoplon.intercept.known_shots import KnownShots, known_shots, recall, remember, write_question
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.prediction import Looks, look_at, predicted_at, predicted_support
from hoplon.intercept.shots import (
    SHOT_TIME,
    Course,
    Launches,
    Tables,
    count_shots,
    latest_launch,
    meets_at,
    node_before,
)
from hoplon.intercept.windows import WINDOWS, Windows, gather_windows, merge_windows

_LATER: Final = 5  # [s] after the first feasible second: feasible too, and still so at the next flight


class ObservedFlight(NamedTuple):
    """A flight as a set of radars observes it.

    Attributes
    ----------
    number : int
        Tells it from the other flights of a :class:`ReachCache`.
    course : Course
    tracks : ndarray, shape (radars, n, slots, 2)
        Start and end of each track [s]; NaN pads.
    flight : int
        Its index in ``tracks``.
    looks : Looks
        At this flight, if any prediction was requested yet; else they are found when one is.
    """

    number: int
    course: Course
    tracks: NDArray[np.float32]
    flight: int
    looks: Looks


class Shooter(NamedTuple):
    """A battery, and when it may commit to a flight.

    Attributes
    ----------
    place, site : int
        Its row among the batteries, and its site in a :class:`ReachCache`.
    battery : ndarray, shape (BATTERY_COLUMNS,)
    own, supporters : ndarray, shape (radars,)
        Its own radars, and the sensors whose held tracks support its intercepts.
    timing : TimingRow
    commit : float
        Earliest launch [s].
    weapon : Weapon
    tables : Tables
    """

    place: int
    site: int
    battery: NDArray[np.float64]
    own: NDArray[np.bool_]
    supporters: NDArray[np.bool_]
    timing: TimingRow
    commit: float
    weapon: Weapon
    tables: Tables


class ReachCache(NamedTuple):
    """What batteries can reach of one flight from their sites, as far as any was requested.

    Attributes
    ----------
    complete : ndarray, shape (1,)
        Number of the flight whose normals are all placed.
    prepared : ndarray, shape (sites,)
        Number of the flight that the rest of a site is of.
    latest : ndarray, shape (sites,)
        No launch is later [s].
    spans : ndarray, shape (sites, 2)
    columns, times, bounds : ndarray, shape (sites, nodes)
        :class:`hoplon.intercept.shots.Launches`.
    """

    complete: NDArray[np.int64]
    prepared: NDArray[np.int64]
    latest: NDArray[np.float64]
    spans: NDArray[np.int64]
    columns: NDArray[np.float64]
    times: NDArray[np.float64]
    bounds: NDArray[np.bool_]


class Scratch(NamedTuple):
    """Working arrays of a loop over flights and batteries.

    Attributes
    ----------
    path : ndarray, shape (ROWS, nodes)
    firm : ndarray, shape (radars,)
        When each radar's track becomes firm [s].
    commits : ndarray, shape (batteries,)
        Earliest launch of each battery at this flight [s].
    support, assessment : ndarray, shape (m, 2)
        Room for windows.
    always : ndarray, shape (1, 2)
        The window of all times.
    first : ndarray, shape (1, 4)
        The first intercept of the last battery that had one, columns as :func:`hoplon.intercept.shots.count_shots`.
    last_met : ndarray, shape (batteries,)
        A second at which each battery met an earlier flight, 0 for none.
    reach : ReachCache
    known : KnownShots
    """

    path: NDArray[np.float64]
    firm: NDArray[np.float64]
    commits: NDArray[np.float64]
    support: NDArray[np.float64]
    assessment: NDArray[np.float64]
    always: NDArray[np.float64]
    first: NDArray[np.float64]
    last_met: NDArray[np.int64]
    reach: ReachCache
    known: KnownShots


@kernel
def _reach_cache(sites: int, nodes: int) -> ReachCache:
    """Return a cache for so many sites and flights of up to so many nodes, with nothing in it."""
    return ReachCache(
        np.full(1, -1),
        np.full(sites, -1),
        np.empty(sites),
        np.empty((sites, 2), dtype=np.int64),
        np.empty((sites, nodes)),
        np.empty((sites, nodes)),
        np.empty((sites, nodes), dtype=np.bool_),
    )


@kernel
def scratch_for(nodes: int, radars: int, slots: int, batteries: int, sites: int) -> Scratch:
    """Return working arrays for flights of up to so many nodes, with up to so many tracks by each radar."""
    windows = max(radars * slots + 1, WINDOWS)
    return Scratch(
        np.empty((ROWS, nodes)),
        np.empty(radars),
        np.empty(batteries),
        np.empty((windows, 2)),
        np.empty((windows, 2)),
        np.array([[-np.inf, np.inf]]),
        np.empty((1, 4)),
        np.zeros(batteries, dtype=np.int64),
        _reach_cache(sites, nodes),
        known_shots(sites),
    )


@inlined_kernel
def shooter_of(batteries: Batteries, place: int, site: int, radars: int, timing: TimingRow, commit: float) -> Shooter:
    """Return one of the batteries as a shooter, with the first ``radars`` radars of its defence."""
    battery = batteries.rows[place]
    kind = int(battery[REACH])
    return Shooter(
        place,
        site,
        battery,
        batteries.own[place, :radars],
        batteries.supporters[place, :radars],
        timing,
        commit,
        weapon_of(battery, batteries.interceptors[kind]),
        Tables(batteries.fans[kind], batteries.times[kind], batteries.floors[kind]),
    )


@inlined_kernel
def shots_of_battery(
    observed: ObservedFlight,
    shooter: Shooter,
    most: int,
    retry: bool,
    step: float,
    pruned: bool,
    scratch: Scratch,
) -> int:
    """Return the shots of one battery at one flight.

    Parameters
    ----------
    observed : ObservedFlight
        Its positions sampled; normals are placed when they are needed.
    shooter : Shooter
    most : int
        Shots that are counted.
    retry : bool
        Try first, where one shot is all that counts, the second at which the battery met an earlier flight: flights
        in order are mostly neighbours. Which intercept is the first is then not known.
    step : float
        Greatest spacing of the nodes [s].
    pruned : bool
        Pass over nodes without an intercept (the same answer, sooner).
    scratch : Scratch
        Its ``first`` and ``last_met`` are written where there is a shot; its ``reach`` and ``known`` keep what is found
        on the way.
    """
    course, timing, commit, weapon = observed.course, shooter.timing, shooter.commit, shooter.weapon
    limit = min(int(shooter.battery[SHOTS]), most)
    supports, assessments = gather_windows(
        observed.tracks,
        observed.flight,
        shooter.battery,
        shooter.own,
        shooter.supporters,
        observed.looks.latencies,
        timing,
        scratch.support,
        scratch.assessment,
    )
    soonest, impact = max(commit + weapon.burn_time, course.row[BURN_TIME]), course.row[IMPACT_TIME]
    supports = merge_windows(scratch.support, supports, soonest, impact)
    assessments = merge_windows(scratch.assessment, assessments, soonest, impact) if limit > 1 and timing.look else 0
    support, assessment = Windows(scratch.support, supports), Windows(scratch.assessment, assessments)
    found = 0
    if timing.handover_error > 0.0:
        if retry and _meets_again_by_prediction(observed, shooter, scratch):
            found = 1
        else:
            found = _shots_by_prediction(observed, shooter, limit, assessment, step, pruned, scratch)
    elif supports > 0 and limit > 0:
        found = _shots_by_tracks(observed, shooter, limit, retry, support, assessment, step, pruned, scratch)
    return found


@embedded_kernel
def _shots_by_tracks(
    observed: ObservedFlight,
    shooter: Shooter,
    limit: int,
    retry: bool,
    support: Windows,
    assessment: Windows,
    step: float,
    pruned: bool,
    scratch: Scratch,
) -> int:
    """Return the shots of one battery at one flight where a track that is held supports an intercept."""
    known, site, place = scratch.known, shooter.site, shooter.place
    asked = write_question(known, site, observed.number, shooter.commit, shooter.timing, limit, support, assessment)
    if asked:
        entry = recall(known, site, scratch.first)
        if entry >= 0:
            found = int(known.shots[site, entry])
            if found > 0:
                scratch.last_met[place] = known.seconds[site, entry]
            return found
    if retry and _meets_again(observed, shooter, support, scratch):
        found = 1
    else:
        found = _count(observed, shooter, limit, support, assessment, step, pruned, scratch)
        if found > 0:
            scratch.last_met[place] = int(scratch.first[0, SHOT_TIME]) + _LATER
    if asked:
        remember(known, site, found, scratch.last_met[place], scratch.first)
    return found


@embedded_kernel
def _count(
    observed: ObservedFlight,
    shooter: Shooter,
    limit: int,
    support: Windows,
    assessment: Windows,
    step: float,
    pruned: bool,
    scratch: Scratch,
) -> int:
    """Return the shots of one battery at one flight with support in some windows."""
    site, reach, commit = shooter.site, scratch.reach, shooter.commit
    find_reach(observed, site, shooter.weapon, shooter.tables, step, reach)
    if pruned and reach.latest[site] < commit:
        return 0
    launches = Launches(
        reach.spans[site, 0], reach.spans[site, 1], reach.columns[site], reach.times[site], reach.bounds[site]
    )
    return count_shots(
        observed.course,
        commit,
        support,
        assessment,
        shooter.timing,
        limit,
        shooter.weapon,
        shooter.tables,
        step,
        launches,
        pruned,
        scratch.first,
    )


@inlined_kernel
def _place_for(observed: ObservedFlight, second: int, scratch: Scratch) -> int:
    """Return the node before a second, with the normals placed that interpolate there."""
    course = observed.course
    node = node_before(course, second)
    if scratch.reach.complete[0] != observed.number:
        four = stencil(course.boost, course.nodes, node)
        if four >= 0:
            place_normals(course.path, max(four, course.boost), four + 4)
    return node


@inlined_kernel
def _meets_again(observed: ObservedFlight, shooter: Shooter, support: Windows, scratch: Scratch) -> bool:
    """Tell whether a battery meets a flight at the second at which it met an earlier one; it may still if not."""
    second = scratch.last_met[shooter.place]
    met = False
    if second != 0:
        node = _place_for(observed, second, scratch)
        met = meets_at(observed.course, node, second, shooter.commit, support, shooter.weapon, shooter.tables)
    return met


@inlined_kernel
def _meets_again_by_prediction(observed: ObservedFlight, shooter: Shooter, scratch: Scratch) -> bool:
    """Tell what :func:`_meets_again` does where a prediction supports an intercept."""
    second, course, looks = scratch.last_met[shooter.place], observed.course, observed.looks
    met = False
    if second != 0:
        node = _place_for(observed, second, scratch)
        always = Windows(scratch.always, 1)
        if meets_at(course, node, second, shooter.commit, always, shooter.weapon, shooter.tables):
            look_at(course.row, observed.tracks, observed.flight, looks)
            met = predicted_at(
                course.row,
                looks,
                shooter.own,
                shooter.battery,
                shooter.timing,
                second,
                shooter.weapon,
                shooter.tables.fan,
                scratch.support,
            )
    return met


@embedded_kernel
def find_reach(
    observed: ObservedFlight, site: int, weapon: Weapon, tables: Tables, step: float, reach: ReachCache
) -> None:
    """Find what can be reached of a flight from a site, unless that was requested before."""
    if reach.prepared[site] == observed.number:
        return
    reach.prepared[site] = observed.number
    course = observed.course
    if reach.complete[0] != observed.number:
        place_normals(course.path, course.boost, course.nodes)
        reach.complete[0] = observed.number
    reach.latest[site], reach.spans[site, 0], reach.spans[site, 1] = latest_launch(
        course, weapon, tables.floors, step, reach.columns[site], reach.times[site], reach.bounds[site]
    )


@inlined_kernel
def _shots_by_prediction(
    observed: ObservedFlight,
    shooter: Shooter,
    limit: int,
    assessment: Windows,
    step: float,
    pruned: bool,
    scratch: Scratch,
) -> int:
    """Return the shots of one battery at one flight where a prediction good enough supports an intercept."""
    course, looks = observed.course, observed.looks
    found = 0
    # Only from the first intercept on that a support at every second would allow.
    if limit > 0 and _count(observed, shooter, 1, Windows(scratch.always, 1), assessment, step, True, scratch) > 0:
        look_at(course.row, observed.tracks, observed.flight, looks)
        begin = scratch.first[0, SHOT_TIME]
        supports = predicted_support(
            course.row,
            looks,
            shooter.own,
            shooter.battery,
            shooter.timing,
            begin,
            shooter.weapon,
            shooter.tables.fan,
            scratch.support,
        )
        if supports > 0:
            support = Windows(scratch.support, supports)
            found = _count(observed, shooter, limit, support, assessment, step, pruned, scratch)
            if found > 0:
                scratch.last_met[shooter.place] = int(scratch.first[0, SHOT_TIME]) + _LATER
    return found
