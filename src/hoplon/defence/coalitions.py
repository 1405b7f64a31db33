"""Coalitions of players whose sensors and batteries make a defence together, judged at one flight.

A player holds sensors and batteries. A coalition stands where those of its players stand, and what belongs to no
player; a sensor or battery may also stand only while a player is absent, as the predecessor of an upgrade does. Each
coalition is judged as the defence that it is: cues, tracks, earliest launches and support are worked out anew.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, kernel, separate_kernel
from hoplon.defence.tables import BatteryTable, SensorTable
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import most_nodes
from hoplon.intercept.battery import HANDOVER_ERROR, Batteries, timing_of
from hoplon.intercept.prediction import Looks, PredictionScratch, prediction_scratch, room_for_prediction
from hoplon.intercept.shots import Course
from hoplon.intercept.supported_shots import (
    ObservedFlight,
    Scratch,
    find_reach,
    scratch_for,
    shooter_of,
    shots_of_battery,
)
from hoplon.intercept.windows import commit_time, firm_times
from hoplon.sensing.cover import NEVER, cover_flight
from hoplon.sensing.track import LATENCY, follow


class Presence(NamedTuple):
    """With which players each sensor, battery and alert stands: bits of the players.

    Attributes
    ----------
    sensors, batteries, alerts : ndarray, shape (things, 2)
        Of each, the players any of whom brings it, and those any of whose absence brings it. One that always stands
        has a player in both.
    arrivals : ndarray, shape (alerts, classes)
        When each alert reaches every node, by threat class [s].
    """

    sensors: NDArray[np.int64]
    batteries: NDArray[np.int64]
    alerts: NDArray[np.int64]
    arrivals: NDArray[np.float64]


class Game(NamedTuple):
    """A defence whose sensors and batteries belong to players.

    Attributes
    ----------
    sensors : SensorTable
        Of one set, all of them.
    batteries : BatteryTable
    presence : Presence
    timing : ndarray, shape (1, 9)
    """

    sensors: SensorTable
    batteries: BatteryTable
    presence: Presence
    timing: NDArray[np.float64]


class Gathered(NamedTuple):
    """The sensors that stand in a coalition, gathered from those of all players.

    Attributes
    ----------
    members : ndarray, shape (m,)
    latencies : ndarray, shape (m,)
    looking : ndarray, shape (m, SENSOR_COLUMNS)
    own, supporters : ndarray, shape (batteries, m)
    """

    members: NDArray[np.int16]
    latencies: NDArray[np.float64]
    looking: NDArray[np.float64]
    own: NDArray[np.bool_]
    supporters: NDArray[np.bool_]


class Room(NamedTuple):
    """Working arrays of judging coalitions at one flight.

    Attributes
    ----------
    covers : ndarray, shape (sensors, slots, 3)
    most : ndarray, shape (1,)
        The most cover intervals that any sensor had of any flight.
    states, clearances, first, cue : ndarray
    tracks : ndarray, shape (m, 1, slots, 2)
    arc, stretches, found, delays, sums : ndarray
        Of :class:`hoplon.intercept.prediction.Looks`.
    prediction : PredictionScratch
    scratch : Scratch
    favourite : ndarray, shape (1,)
        The battery that last had the required shots.
    judged : ndarray, shape (1,)
        Coalitions judged so far.
    """

    covers: NDArray[np.int16]
    most: NDArray[np.int64]
    states: NDArray[np.float64]
    clearances: NDArray[np.int64]
    first: NDArray[np.float64]
    cue: NDArray[np.float64]
    tracks: NDArray[np.float32]
    arc: NDArray[np.float64]
    stretches: NDArray[np.float64]
    found: NDArray[np.int64]
    delays: NDArray[np.float64]
    sums: NDArray[np.float64]
    prediction: PredictionScratch
    scratch: Scratch
    favourite: NDArray[np.int64]
    judged: NDArray[np.int64]


@borrowing_kernel
def stands(coalition: int, players: NDArray[np.int64]) -> bool:
    """Tell whether a thing stands in a coalition."""
    return bool((coalition & players[0]) != 0 or (~coalition & players[1]) != 0)


@embedded_kernel
def _gather(coalition: int, every: bool, game: Game, covers: NDArray[np.int16], gathered: Gathered) -> int:
    """Write the sensors that stand in a coalition; return their number. Those that see nothing count where asked."""
    size = 0
    for sensor in range(game.presence.sensors.shape[0]):
        seen = every or covers[sensor, 0, 0] >= 0
        if seen and stands(coalition, game.presence.sensors[sensor]):
            gathered.members[size] = sensor
            gathered.latencies[size] = game.sensors.cueing[sensor, LATENCY]
            for column in range(game.sensors.sensors.shape[1]):
                gathered.looking[size, column] = game.sensors.sensors[sensor, column]
            for place in range(game.batteries.rows.shape[0]):
                gathered.own[place, size] = game.batteries.own[place, sensor]
                gathered.supporters[place, size] = game.batteries.supporters[place, sensor]
            size += 1
    return size


@separate_kernel
def shots_of_coalition(
    course: Course,
    number: int,
    threat: int,
    coalition: int,
    required: int,
    game: Game,
    step: float,
    gathered: Gathered,
    room: Room,
) -> int:
    """Return the shots of a coalition's best battery at a flight, counted up to those required."""
    sensors, batteries, presence = game.sensors, game.batteries, game.presence
    timing, networked = timing_of(game.timing[0]), sensors.networked[0]
    room.judged[0] += 1
    size = _gather(coalition, timing.handover_error > 0.0 and not timing.central, game, room.covers, gathered)
    alert = np.inf
    for source in range(presence.alerts.shape[0]):
        if stands(coalition, presence.alerts[source]):
            alert = min(alert, presence.arrivals[source, threat])
    follow(
        room.covers,
        gathered.members[:size],
        sensors.cueing,
        sensors.track_starts[threat],
        networked,
        alert,
        room.first,
        room.cue,
        room.tracks[:size, 0],
    )
    tracks = room.tracks[:size]
    firm = room.scratch.firm[:size]
    firm_times(tracks, 0, course.row[BURN_TIME], timing.firm_track, firm)
    room.found[0] = -1
    looks = Looks(
        room.arc,
        room.stretches,
        room.found,
        gathered.looking[:size],
        gathered.latencies[:size],
        room.delays[:size],
        room.sums,
        room.prediction,
    )
    observed = ObservedFlight(number, course, tracks, 0, looks)
    stacked = Batteries(
        batteries.rows,
        gathered.own,
        gathered.supporters,
        batteries.interceptors,
        batteries.fans,
        batteries.times,
        batteries.floors,
    )
    most, count = 0, batteries.rows.shape[0]
    for later in range(count):
        # The battery that had the required shots before goes first.
        place = (room.favourite[0] + later) % count
        if not stands(coalition, presence.batteries[place]):
            continue
        commit = commit_time(batteries.rows[place], gathered.own[place, :size], firm, gathered.latencies[:size], timing)
        if not commit < course.row[IMPACT_TIME]:
            continue
        shooter = shooter_of(stacked, place, batteries.sites[place], size, timing, commit)
        found = shots_of_battery(observed, shooter, required, later == 0 and required == 1, step, True, room.scratch)
        most = max(most, found)
        if found >= required:
            room.favourite[0] = place
            break
    return most


@embedded_kernel
def see(course: Course, threat: int, game: Game, room: Room) -> int:
    """Find the cover of every sensor; return the players whose sensors or alerts matter to the flight."""
    sensors, presence = game.sensors, game.presence
    matter = 0
    room.covers[:] = NEVER
    for sensor in range(presence.sensors.shape[0]):
        found = cover_flight(
            course.row,
            course.path,
            course.boost,
            course.nodes,
            room.states,
            room.clearances,
            sensors.radars[sensor],
            sensors.boresights[sensor],
            sensors.search_squared[sensor, threat],
            sensors.track_squared[sensor, threat],
            room.covers[sensor],
        )
        room.most[0] = max(room.most[0], found)
        if found > 0:
            matter |= presence.sensors[sensor, 0] | presence.sensors[sensor, 1]
    if sensors.networked[0]:
        for source in range(presence.alerts.shape[0]):
            if presence.arrivals[source, threat] < np.inf:
                matter |= presence.alerts[source, 0] | presence.alerts[source, 1]
    return matter


@embedded_kernel
def in_reach(course: Course, number: int, game: Game, step: float, gathered: Gathered, room: Room) -> int:
    """Return the players with a battery that could launch in time if the flight were tracked from burnout on."""
    batteries, timing = game.batteries, timing_of(game.timing[0])
    soonest = course.row[BURN_TIME] + timing.firm_track + timing.decision + timing.reaction
    nothing = Looks(
        room.arc,
        room.stretches,
        room.found,
        gathered.looking[:0],
        gathered.latencies[:0],
        room.delays[:0],
        room.sums,
        room.prediction,
    )
    observed = ObservedFlight(number, course, room.tracks[:0], 0, nothing)
    stacked = Batteries(
        batteries.rows,
        gathered.own,
        gathered.supporters,
        batteries.interceptors,
        batteries.fans,
        batteries.times,
        batteries.floors,
    )
    matter = 0
    for place in range(batteries.rows.shape[0]):
        site = batteries.sites[place]
        shooter = shooter_of(stacked, place, site, 0, timing, soonest)
        find_reach(observed, site, shooter.weapon, shooter.tables, step, room.scratch.reach)
        if room.scratch.reach.latest[site] >= soonest:
            matter |= game.presence.batteries[place, 0] | game.presence.batteries[place, 1]
    return matter


@kernel
def _gathered_for(widest: int, columns: int, batteries: int) -> Gathered:
    """Return room for the sensors of a coalition."""
    return Gathered(
        np.empty(widest, dtype=np.int16),
        np.empty(widest),
        np.empty((widest, columns)),
        np.empty((batteries, widest), dtype=np.bool_),
        np.empty((batteries, widest), dtype=np.bool_),
    )


@kernel
def room_for(game: Game, slots: int, nodes: int, room: tuple[int, int, int], most: NDArray[np.int64]) -> Room:
    """Return working arrays with nothing in them."""
    sensors, batteries = game.sensors, game.batteries
    widest, places, sites = sensors.members.shape[1], batteries.rows.shape[0], batteries.sites.max() + 1
    arc_nodes, stretches, runs = room
    return Room(
        np.empty((sensors.radars.shape[0], slots, 3), dtype=np.int16),
        most,
        np.empty(nodes),
        np.empty(nodes, dtype=np.int64),
        np.empty(widest),
        np.empty(widest),
        np.empty((widest, 1, slots, 2), dtype=np.float32),
        np.empty((arc_nodes, 5)),
        np.empty((stretches, STRETCH_COLUMNS)),
        np.empty(1, dtype=np.int64),
        np.empty(widest),
        np.empty((stretches, runs, PACKED)),
        prediction_scratch(widest),
        scratch_for(nodes, widest, slots, places, sites),
        np.zeros(1, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
    )


def space_for(elements: NDArray[np.float64], game: Game, step: float, slots: int) -> tuple[int, tuple[int, int, int]]:
    """Return the room that paths and predictions of some flights need."""
    predicted = bool(game.timing[0, HANDOVER_ERROR] > 0.0)
    return most_nodes(elements, step), room_for_prediction(elements, game.sensors.sensors, slots, predicted)


def gathered_room(game: Game) -> Gathered:
    """Return room for the sensors of any coalition of a game."""
    return _gathered_for(game.sensors.members.shape[1], game.sensors.sensors.shape[1], len(game.batteries.rows))
