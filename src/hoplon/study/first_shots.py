"""First shots at many flights by one defence, with the error of each predicted intercept point and the kill factors.

The same answers as :mod:`hoplon.study.engagement` and :mod:`hoplon.study.kill_chain` give for one flight, on the stages
that maps share (:mod:`hoplon.study.stages`), so that hundreds of flights take seconds.
Support at intercept is by held track; a scenario with ``support: predicted`` is asked about by the engagement alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.flight.arc import BURN_TIME
from hoplon.flight.information import (
    PACKED,
    STRETCH_COLUMNS,
    factor,
    gather_information,
    place_covariance,
    stretches_of,
)
from hoplon.flight.information import sigma_across as sigma_across_perifocal
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.flight.sensitivity import most_arc_nodes, place_arc_nodes
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.lethality import acquisition_radius, handover_probability
from hoplon.intercept.prediction import closing_velocity, heard_from
from hoplon.intercept.shots import count_shots, latest_launch
from hoplon.intercept.windows import commit_time, gather_windows
from hoplon.sensing.radar import sensor_rows
from hoplon.study import stages
from hoplon.study.track import sensors_of
from hoplon.units import KILOMETRE, MILLIRADIAN

if TYPE_CHECKING:
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import ResolvedArchitecture, Scenario
    from hoplon.sensing.track import Tracks
    from hoplon.study.flights import Flights
    from hoplon.study.store import Store

SHOTS: Final = 7  # column of a battery's row: shots that its magazine allows


@dataclass(frozen=True)
class FirstShots:
    """Each battery's first shot at each flight; infinite for none.

    Attributes
    ----------
    launch, intercept : ndarray, shape (batteries, n)
        [s after ignition].
    pip_sigma : ndarray, shape (batteries, n)
        Error of the predicted intercept point at handover [m]; infinite without a shot or without a prediction.
    """

    launch: NDArray[np.float64]
    intercept: NDArray[np.float64]
    pip_sigma: NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """What a battery's interceptor brings to the kill chain, whatever the flight.

    Attributes
    ----------
    reliability, hit : float
    radius : float
        How far from the predicted point a warhead may be and still be met [m].
    seeker_separation : float
        d' of the seeker.
    """

    reliability: float
    hit: float
    radius: float
    seeker_separation: float


def factors_of(scenario: Scenario, architecture: ResolvedArchitecture, defence: Defence) -> tuple[Factors | None, ...]:
    """Return the factors of each battery, base values; None for an interceptor that does not give them all."""
    found: list[Factors | None] = []
    for name in defence.battery_names:
        kind = scenario.interceptors[str(architecture.elements[name].battery)]
        seeker, divert = kind.seeker, kind.divert_km
        reliability, hit = kind.reliability, kind.hit_probability
        fixed = kind.single_shot_kill_probability is not None
        if fixed or seeker is None or divert is None or reliability is None or hit is None:
            found.append(None)
            continue
        radius = acquisition_radius(
            float(seeker.range_km) * KILOMETRE,
            float(seeker.field_of_view_mrad) * MILLIRADIAN,
            float(divert) * KILOMETRE,
        )
        found.append(Factors(float(reliability), float(hit), radius, float(seeker.separation)))
    return tuple(found)


def firm_times_of(intervals: NDArray[np.float32], burn: NDArray[np.float64], firm_track: float) -> NDArray[np.float64]:
    """Return when each radar's track of each flight becomes firm [s], infinite for never; shape (radars, n).

    Parameters
    ----------
    intervals : ndarray, shape (radars, n, slots, 2)
        Start and end of each track [s]; NaN pads.
    burn : ndarray, shape (n,)
        Burnout [s].
    firm_track : float
        How long a track must last after burnout [s].
    """
    ready = np.maximum(intervals[..., 0].astype(np.float64), burn[np.newaxis, :, np.newaxis]) + firm_track
    return np.asarray(np.where(ready <= intervals[..., 1], ready, np.inf).min(axis=2, initial=np.inf))


class Watched:
    """Flights under the eyes of one defence.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    architecture : ResolvedArchitecture
    defence : Defence
        Of the architecture, or a change of it with the same elements.
    flights : Flights
    tracks : Tracks, optional
        In place of the tracks that the radars would make.
    """

    def __init__(
        self,
        store: Store,
        scenario: Scenario,
        architecture: ResolvedArchitecture,
        defence: Defence,
        flights: Flights,
        tracks: Tracks | None = None,
    ) -> None:
        self.defence, self.flights = defence, flights
        self.tracks = stages.tracks(store, flights, defence) if tracks is None else tracks
        self.firm = firm_times_of(self.tracks.intervals, flights.elements[:, BURN_TIME], defence.timing.firm_track)
        reaches = [stages.reach(store, kind) for kind in defence.interceptors]
        self.stacked = (
            batteries_of(list(defence.batteries), reaches, len(defence.radars)) if defence.batteries else None
        )
        self._sensors = sensors_of(architecture, defence)
        self._looked = (-1, np.empty((0, 5)), np.empty((0, STRETCH_COLUMNS)), 0)

    @property
    def net_firm(self) -> NDArray[np.float64]:
        """Return when the first firm track of each flight has been reported [s], infinite for never; shape (n,)."""
        latencies = self.defence.latencies[:, np.newaxis]
        return np.asarray((self.firm + latencies).min(axis=0, initial=np.inf))

    @property
    def first_report(self) -> NDArray[np.float64]:
        """Return when the first track of each flight, firm or not, has been reported [s]; shape (n,)."""
        starts = self.tracks.intervals[:, :, 0, 0].astype(np.float64) + self.defence.latencies[:, np.newaxis]
        return np.asarray(np.where(np.isfinite(starts), starts, np.inf).min(axis=0, initial=np.inf))

    def shoots(self) -> NDArray[np.bool_]:
        """Tell whether each battery has a shot at each flight, shape (batteries, n)."""
        stacked, defence = self.stacked, self.defence
        if stacked is None:
            return np.zeros((0, len(self.flights)), dtype=np.bool_)
        rows = stacked.rows.copy()
        rows[:, SHOTS] = np.minimum(rows[:, SHOTS], 1.0)
        found = engage(
            self.flights.elements,
            self.tracks.intervals,
            sensor_rows(defence.radars),
            defence.latencies,
            defence.timing.row(),
            rows,
            stacked.own,
            stacked.interceptors,
            stacked.fans,
            stacked.times,
            stacked.floors,
            stages.MAP_STEP,
            True,
        )
        return np.asarray(found > 0)

    def first_shots(self) -> FirstShots:
        """Return each battery's first shot at each flight."""
        batteries, count = len(self.defence.batteries), len(self.flights)
        launch, intercept = np.full((batteries, count), np.inf), np.full((batteries, count), np.inf)
        sigma = np.full((batteries, count), np.inf)
        if self.stacked is None:
            return FirstShots(launch, intercept, sigma)
        length = most_nodes(self.flights.elements, stages.MAP_STEP)
        path = np.empty((ROWS, length))
        windows = self.tracks.intervals.shape[0] * self.tracks.intervals.shape[2] + 1
        room = (np.empty((windows, 2)), np.empty((windows, 2)), np.empty((1, 4)))
        scratch = (np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_))
        for flight in range(count):
            boost, nodes = sample_path(self.flights.elements[flight], stages.MAP_STEP, path)
            for battery in range(batteries):
                met = self._first_shot(flight, battery, path, (boost, nodes), room, scratch)
                if met is not None:
                    launch[battery, flight], intercept[battery, flight] = met
        for flight in range(count):
            for battery in np.flatnonzero(np.isfinite(intercept[:, flight])).tolist():
                sigma[battery, flight] = self.pip_sigma(flight, battery, float(intercept[battery, flight]))
        return FirstShots(launch, intercept, sigma)

    def _first_shot(
        self,
        flight: int,
        battery: int,
        path: NDArray[np.float64],
        sampled: tuple[int, int],
        room: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
        scratch: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]],
    ) -> tuple[float, float] | None:
        """Return launch and intercept of a battery's first shot [s], or None."""
        stacked, defence = self.stacked, self.defence
        assert stacked is not None
        row, (boost, nodes) = self.flights.elements[flight], sampled
        support, eyes, found = room
        line, own, kind = stacked.rows[battery], stacked.own[battery], defence.batteries[battery].reach
        timing, latencies = defence.timing.row(), defence.latencies
        commit = commit_time(line, own, np.ascontiguousarray(self.firm[:, flight]), latencies, timing)
        if not math.isfinite(commit) or defence.batteries[battery].shots < 1:
            return None
        supports, looks = gather_windows(self.tracks.intervals, flight, line, own, latencies, timing, support, eyes)
        weapon = weapon_of(line, stacked.interceptors[kind])
        tables = (stacked.fans[kind], stacked.times[kind], stacked.floors[kind])
        latest, first, end = latest_launch(path, boost, nodes, weapon, tables[2], stages.MAP_STEP, *scratch)
        if latest < commit:
            return None
        shots = count_shots(
            *(row, path, boost, nodes, commit, support, supports, eyes, looks, timing, 1, weapon),
            *(*tables, stages.MAP_STEP, first, end, *scratch, True, found),
        )
        return (float(found[0, 0]), float(found[0, 1])) if shots else None

    def pip_sigma(self, flight: int, battery: int, intercept: float) -> float:
        """Return the error [m] of a battery's predicted intercept point at handover; infinite without enough looks."""
        stacked, defence = self.stacked, self.defence
        assert stacked is not None
        row, radars = self.flights.elements[flight], len(defence.radars)
        if self._looked[0] != flight:
            self._looked = (flight, *self._looks(flight))
        _, nodes, stretches, count = self._looked
        delays = np.empty(radars)
        heard_from(stacked.own[battery], defence.networked, defence.latencies, delays)
        total, root = np.empty(PACKED), np.empty(PACKED)
        none = np.zeros((len(stretches), 1, PACKED))
        until = intercept - defence.timing.handover
        gather_information(row, nodes, stretches, count, self._sensors, delays, until, none, total)
        if not factor(total, root):
            return math.inf
        kind = defence.batteries[battery].reach
        weapon = weapon_of(stacked.rows[battery], stacked.interceptors[kind])
        covariance = place_covariance(row, nodes, root, intercept)
        x, y, z = closing_velocity(row, nodes, weapon, stacked.fans[kind], intercept)
        return float(sigma_across_perifocal(covariance, x, y, z))

    def _looks(self, flight: int) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
        """Return the arc nodes of a flight, the stretches of looks at it and their number."""
        row = self.flights.elements[flight]
        nodes = np.empty((most_arc_nodes(row[np.newaxis]), 5))
        place_arc_nodes(row, nodes)
        stretches = np.zeros((max(1, len(self.defence.radars) * self.tracks.intervals.shape[2]), STRETCH_COLUMNS))
        return nodes, stretches, stretches_of(row, self.tracks.intervals, flight, self._sensors, stretches)


def single_shot(shots: FirstShots, factors: tuple[Factors | None, ...]) -> NDArray[np.float64]:
    """Return the kill probability of each battery's first shot at a single object, shape (batteries, n).

    Reliability x handover x hit: with one object there is nothing to select. 0 without a shot, or for an interceptor
    that does not give its factors.
    """
    chance = np.zeros(shots.intercept.shape)
    for battery, known in enumerate(factors):
        if known is not None:
            chance[battery] = known.reliability * known.hit * handover(known.radius, shots.pip_sigma[battery])
    return chance


def handover(radius: float, pip_sigma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of each handover, shape as ``pip_sigma``."""
    return np.array([float(handover_probability(radius, sigma)) for sigma in pip_sigma])


def main_battery(shots: FirstShots, chance: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the battery whose first shot at each flight is the best, the earlier of equals; -1 where none shoots.

    Parameters
    ----------
    shots : FirstShots
    chance : ndarray, shape (batteries, n)
        From :func:`single_shot`.
    """
    batteries, count = chance.shape
    chosen = np.full(count, -1, dtype=np.intp)
    for flight in range(count):
        able = [battery for battery in range(batteries) if chance[battery, flight] > 0.0]
        if able:
            chosen[flight] = min(
                able,
                key=lambda battery: (-round(chance[battery, flight], 6), shots.intercept[battery, flight], battery),
            )
    return chosen
