"""Defences as the kernels of :mod:`hoplon.defence.evaluation` take them, and which are subsets of which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.defence.coalitions import Game, Presence
from hoplon.defence.evaluation import evaluate
from hoplon.defence.tables import BITS, BatteryTable, DefenceTable, SensorTable
from hoplon.intercept.battery import Battery, Timing, batteries_of
from hoplon.sensing.radar import sensor_arrays, sensor_rows
from hoplon.sensing.track import cueing_rows, track_starts
from hoplon.sensing.volume import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hoplon.intercept.reach import Interceptor, Reach
    from hoplon.sensing.radar import Radar, Sensor
    from hoplon.sensing.satellite import TrackingSatellite

_SLOTS = 3  # cover intervals of one radar that a flight rarely exceeds
_RELEVANT_TO_FIRST_SHOT = ("firm_track", "reaction", "support", "handover", "handover_error")


@dataclass(frozen=True)
class Defence:
    """Sensors and batteries under one doctrine, SI and radians.

    Attributes
    ----------
    architecture, level : str
    radar_names, battery_names : tuple of str
    radars : tuple of Radar
    batteries : tuple of Battery
        Their ``reach`` indexes ``interceptors``; ``own_radars`` and ``supporters`` index ``sensors``.
    interceptors : tuple of Interceptor
    timing : Timing
    alerts : tuple of float
        By threat class, when the first alert reaches every node, latency included [s]; infinite for never.
    networked : bool
        False in the organic mode.
    shots_required : int
    salvo : int
    satellites : tuple of TrackingSatellite
        None in the organic mode.
    satellite_names : tuple of str
    """

    architecture: str
    level: str
    radar_names: tuple[str, ...]
    battery_names: tuple[str, ...]
    radars: tuple[Radar, ...]
    batteries: tuple[Battery, ...]
    interceptors: tuple[Interceptor, ...]
    timing: Timing
    alerts: tuple[float, ...]
    networked: bool
    shots_required: int
    salvo: int
    satellites: tuple[TrackingSatellite, ...] = ()
    satellite_names: tuple[str, ...] = ()

    @cached_property
    def sensors(self) -> tuple[Sensor, ...]:
        """What may hold a track: the radars, then the tracking satellites."""
        return (*self.radars, *self.satellites)

    @cached_property
    def sensor_set(self) -> frozenset[Sensor]:
        """The different sensors of ``sensors``."""
        return frozenset(self.sensors)

    @property
    def sensor_names(self) -> tuple[str, ...]:
        """The names of ``sensors``."""
        return (*self.radar_names, *self.satellite_names)

    @property
    def latencies(self) -> NDArray[np.float64]:
        """Of each sensor's reports [s]."""
        return np.array([sensor.latency for sensor in self.sensors], dtype=np.float64)

    def content(self) -> tuple[object, ...]:
        """Return what the shots of this defence depend on."""
        return (
            self.sensors,
            tuple((battery, self.interceptors[battery.reach]) for battery in self.batteries),
            self.timing,
            self.alerts,
            self.networked,
        )


def is_subset(subset: Defence, superset: Defence) -> bool:
    """Tell whether each flight at which one defence has a shot is one at which another has a shot too.

    Another sensor or battery, a sensor that supports intercepts too, a later mode or an earlier decision makes no cue,
    track or commitment later and takes no window away. (That is so of the first shot alone: an earlier first intercept
    can fall into a moment at which no radar watches, and then there is no look for a second.)
    """
    later, sooner = superset.timing, subset.timing
    same = all(getattr(later, name) == getattr(sooner, name) for name in _RELEVANT_TO_FIRST_SHOT)
    fused = later.handover_error is None or later.central >= sooner.central  # a held track is fused with nothing
    alerted = not subset.networked or (
        superset.networked and all(mine <= theirs for mine, theirs in zip(superset.alerts, subset.alerts, strict=True))
    )
    return (
        same
        and fused
        and later.decision <= sooner.decision
        and alerted
        and subset.sensor_set <= superset.sensor_set
        and all(
            any(_can_replace(superset, mine, subset, theirs) for mine in superset.batteries)
            for theirs in subset.batteries
        )
    )


def _can_replace(superset: Defence, mine: Battery, subset: Defence, theirs: Battery) -> bool:
    """Tell whether a battery of one defence has a shot wherever one of the other has."""
    return (
        (mine.latitude, mine.longitude) == (theirs.latitude, theirs.longitude)
        and superset.interceptors[mine.reach] == subset.interceptors[theirs.reach]
        and {subset.radars[index] for index in theirs.own_radars}
        <= {superset.radars[index] for index in mine.own_radars}
        and mine.remote_commit >= theirs.remote_commit
        and {subset.sensors[index] for index in theirs.supporters}
        <= {superset.sensors[index] for index in mine.supporters}
        and (mine.shots > 0 or theirs.shots == 0)
    )


class DefenceEvaluator:
    """Counts the shots of several defences at flights, a piece of the flights at a time.

    Parameters
    ----------
    defences : sequence of Defence
    required_shots : sequence of int
        Shots of each beyond which none are counted.
    reach_of : callable
        Returns an interceptor's reach table.
    step : float
        Node spacing [s].
    opened_below : sequence of int, optional
        Where flights are judged by aim: shots of each below which a flight opens its aim; those required by default.
    """

    def __init__(
        self,
        defences: Sequence[Defence],
        required_shots: Sequence[int],
        reach_of: Callable[[Interceptor], Reach],
        step: float,
        opened_below: Sequence[int] | None = None,
    ) -> None:
        armed = [place for place, defence in enumerate(defences) if defence.batteries]
        self._order = sorted(armed, key=lambda place: (_size(defences[place]), -defences[place].timing.decision))
        self._count, self._step, self._slots = len(defences), step, _SLOTS
        below = required_shots if opened_below is None else opened_below
        if self._order:
            self._arrays = _arrays(
                [defences[place] for place in self._order],
                [required_shots[place] for place in self._order],
                [below[place] for place in self._order],
                reach_of,
            )

    def shots(
        self,
        elements: NDArray[np.float64],
        classes: NDArray[np.int16],
        by_aim: tuple[NDArray[np.int32], NDArray[np.intp]] | None = None,
    ) -> NDArray[np.int8]:
        """Return the shots of each defence's best battery at each flight; shape (defences, n).

        Parameters
        ----------
        elements : ndarray, shape (n, COLUMNS)
        classes : ndarray, shape (n,)
        by_aim : (aims, edges), optional
            As :func:`hoplon.defence.evaluation.evaluate`.
        """
        shots = np.zeros((self._count, len(elements)), dtype=np.int8)
        if not self._order:
            return shots
        while True:
            found, most = evaluate(elements, classes, *self._arrays, self._step, self._slots, by_aim)
            if most <= self._slots:
                break
            self._slots = most
        shots[self._order] = found
        return shots


def best_shots(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    defences: Sequence[Defence],
    required_shots: Sequence[int],
    reach_of: Callable[[Interceptor], Reach],
    step: float,
    slices: Iterable[slice],
    by_aim: tuple[NDArray[np.int32], NDArray[np.intp]] | None = None,
) -> NDArray[np.int8]:
    """Return the shots of each defence's best battery at each flight, no more than required; shape (defences, n).

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
    defences, required_shots, reach_of, step
        As :class:`DefenceEvaluator`.
    slices : iterable of slice
        Which flights are evaluated at a time, for an iterable that tells of progress.
    by_aim : (aims, edges), optional
        As :func:`hoplon.defence.evaluation.evaluate`, for a single slice of all flights.
    """
    evaluator = DefenceEvaluator(defences, required_shots, reach_of, step)
    shots = np.zeros((len(defences), len(elements)), dtype=np.int8)
    for piece in slices:
        shots[:, piece] = evaluator.shots(elements[piece], classes[piece], by_aim)
    return shots


def _size(defence: Defence) -> int:
    remote = sum(battery.remote_commit + len(battery.supporters) for battery in defence.batteries)
    return len(defence.sensors) + len(defence.batteries) + remote + defence.networked


def _arrays(
    defences: list[Defence],
    required_shots: list[int],
    opened_below: list[int],
    reach_of: Callable[[Interceptor], Reach],
) -> tuple[SensorTable, BatteryTable, DefenceTable]:
    """Return what :func:`evaluate` takes of defences."""
    groups = list(dict.fromkeys(_group(defence) for defence in defences))
    table = _defence_table(defences, required_shots, opened_below, groups)
    return _sensor_table(groups), _battery_table(defences, reach_of), table


_Group = tuple[tuple["Sensor", ...], tuple[float, ...], bool]


def _group(defence: Defence) -> _Group:
    """Return what the tracks of a defence depend on: defences alike in it share them."""
    return defence.sensors, defence.alerts, defence.networked


def game_of(defence: Defence, presence: Presence, reach_of: Callable[[Interceptor], Reach]) -> Game:
    """Return a defence as the kernels of :mod:`hoplon.defence.winning_sets` take it.

    Parameters
    ----------
    defence : Defence
        With every sensor and battery that may stand.
    presence : Presence
        With which players each of them stands, in the order of the defence.
    reach_of : callable
        Returns an interceptor's reach table.
    """
    members = np.arange(max(len(defence.sensors), 1), dtype=np.int16)[np.newaxis]
    sensors = _table_of_sensors(list(defence.sensors), [_group(defence)], members)
    return Game(sensors, _battery_table([defence], reach_of), presence, np.array([defence.timing.row()]))


def _sensor_table(groups: list[_Group]) -> SensorTable:
    every = list(dict.fromkeys(sensor for group in groups for sensor in group[0]))
    place_of = {sensor: place for place, sensor in enumerate(every)}
    members = np.zeros((len(groups), max([len(group[0]) for group in groups] + [1])), dtype=np.int16)
    for row, (chosen, _, _) in zip(members, groups, strict=True):
        row[: len(chosen)] = [place_of[sensor] for sensor in chosen]
    return _table_of_sensors(every, groups, members)


def _table_of_sensors(every: list[Sensor], groups: list[_Group], members: NDArray[np.int16]) -> SensorTable:
    classes = len(groups[0][1])
    rows, boresights, search_squared, track_squared = _sensor_arrays(every, classes)
    return SensorTable(
        rows,
        boresights,
        search_squared,
        track_squared,
        cueing_rows(every),
        track_starts(every, classes),
        sensor_rows(every),
        members,
        np.array([len(group[0]) for group in groups], dtype=np.int16),
        np.array([group[2] for group in groups], dtype=np.bool_),
        np.array([group[1] for group in groups], dtype=np.float64),
    )


def _battery_table(defences: list[Defence], reach_of: Callable[[Interceptor], Reach]) -> BatteryTable:
    interceptors = list(dict.fromkeys(kind for defence in defences for kind in defence.interceptors))
    batteries = [
        replace(battery, reach=interceptors.index(defence.interceptors[battery.reach]))
        for defence in defences
        for battery in defence.batteries
    ]
    widest = max([len(defence.sensors) for defence in defences] + [1])
    stacked = batteries_of(batteries, [reach_of(kind) for kind in interceptors], widest)
    spots = [(battery.latitude, battery.longitude, battery.reach) for battery in batteries]
    sites = list(dict.fromkeys(spots))
    return BatteryTable(
        stacked.rows,
        stacked.own,
        stacked.supporters,
        stacked.interceptors,
        stacked.fans,
        stacked.times,
        stacked.floors,
        _padded([list(battery.own_radars) for battery in batteries]),
        np.array([sites.index(spot) for spot in spots], np.int64),
    )


def _defence_table(
    defences: list[Defence], required_shots: list[int], opened_below: list[int], groups: list[_Group]
) -> DefenceTable:
    within = [
        [other for other in range(len(defences)) if other != place and is_subset(defences[other], superset)]
        for place, superset in enumerate(defences)
    ]
    subsets = [held if required_shots[place] == 1 else [] for place, held in enumerate(within)]
    supersets = [[other for other, held in enumerate(within) if place in held] for place in range(len(defences))]
    return DefenceTable(
        np.array([groups.index(_group(defence)) for defence in defences], dtype=np.int16),
        np.array([defence.timing.row() for defence in defences]),
        np.array(required_shots, dtype=np.int16),
        np.array(opened_below, dtype=np.int16),
        _bits(subsets),
        _bits(supersets),
        np.cumsum([0, *(len(defence.batteries) for defence in defences)]).astype(np.int32),
    )


def _sensor_arrays(
    sensors: list[Sensor], classes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return :func:`sensor_arrays`, of the same dimensions when there is no sensor at all."""
    if sensors:
        return sensor_arrays(sensors)
    return np.empty((0, PARAMETERS)), np.empty((0, 1, 3)), np.empty((0, classes)), np.empty((0, classes))


def _bits(rows: list[list[int]]) -> NDArray[np.int64]:
    """Return rows of places among as many as there are rows, a bit each."""
    words = np.zeros((len(rows), len(rows) // (1 << BITS) + 1), dtype=np.uint64)
    for row, places in zip(words, rows, strict=True):
        for place in places:
            row[place >> BITS] |= np.uint64(1) << np.uint64(place & ((1 << BITS) - 1))
    return words.view(np.int64)


def _padded(rows: list[list[int]]) -> NDArray[np.int16]:
    """Return rows of indices as one array; -1 pads."""
    padded = np.full((len(rows), max([len(row) for row in rows] + [1])), -1, dtype=np.int16)
    for row, found in zip(padded, rows, strict=True):
        row[: len(found)] = found
    return padded
