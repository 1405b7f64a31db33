"""First shots at many flights by one defence, with the error of each predicted intercept point and the kill factors.

The same answers as :mod:`hoplon.analysis.engagement` and :mod:`hoplon.analysis.kill_chain` give for one flight, on the
stages that maps share (:mod:`hoplon.analysis.stages`), so that hundreds of flights take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.track import sensors_of
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.first_shots import firm_table, first_shots
from hoplon.intercept.lethality import acquisition_radius, handover_probability
from hoplon.units import KILOMETRE, MILLIRADIAN

if TYPE_CHECKING:
    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario
    from hoplon.sensing.track import Tracks

_NONE_GIVEN: Final = np.empty((0, 0))


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
    """Kill-chain factors of a battery's interceptor that do not depend on the flight.

    Attributes
    ----------
    reliability, hit : float
    radius : float
        Largest distance of the warhead from the predicted point at which it can still be acquired and reached [m].
    seeker_separation : float
        d' of the seeker.
    """

    reliability: float
    hit: float
    radius: float
    seeker_separation: float


def factors_of(scenario: Scenario, architecture: ResolvedArchitecture, defence: Defence) -> tuple[Factors | None, ...]:
    """Return the factors of each battery at the defence's level; None where an interceptor does not give them all."""
    level = cast("Level", defence.level)
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
            seeker.range_km.at(level) * KILOMETRE,
            seeker.field_of_view_mrad.at(level) * MILLIRADIAN,
            divert.at(level) * KILOMETRE,
        )
        found.append(Factors(reliability.at(level), hit.at(level), radius, seeker.separation.at(level)))
    return tuple(found)


class FirstShotAnalysis:
    """First firm tracks and first shots of one defence at many flights.

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
        self._store, self._whole = store, tracks is None
        self.defence, self.flights = defence, flights
        self.tracks = stages.tracks(store, flights, defence) if tracks is None else tracks
        self.firm = firm_table(flights.elements, self.tracks.intervals, defence.timing.firm_track)
        reaches = [stages.reach(store, kind) for kind in defence.interceptors]
        self.stacked = (
            batteries_of(list(defence.batteries), reaches, len(defence.sensors)) if defence.batteries else None
        )
        self._sensors = sensors_of(architecture, defence)

    @property
    def first_firm_track(self) -> NDArray[np.float64]:
        """Return when the first firm track of each flight, of any radar, has been reported [s]; infinite for never.

        Shape (n,).
        """
        latencies = self.defence.latencies[:, np.newaxis]
        return np.asarray((self.firm + latencies).min(axis=0, initial=np.inf))

    def shoots(self) -> NDArray[np.bool_]:
        """Return whether each battery has a shot at each flight, shape (batteries, n)."""
        return np.isfinite(self._first_shots(_NONE_GIVEN, errors=False).intercept)

    def first_shots(self) -> FirstShots:
        """Return each battery's first shot at each flight."""
        if self._whole:
            key = ("first shots", self.flights.key, stages.MAP_STEP, self.defence.content())
            return self._store.get(key, lambda: self._first_shots(_NONE_GIVEN))
        return self._first_shots(_NONE_GIVEN)

    def pip_sigmas(self, intercepts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the errors of batteries' predicted intercept points at handover [m]; infinite with too few updates.

        Parameters
        ----------
        intercepts : ndarray, shape (batteries, n)
            [s after ignition], infinite where none is requested.
        """
        return self._first_shots(intercepts).pip_sigma

    def _first_shots(self, given: NDArray[np.float64], *, errors: bool = True) -> FirstShots:
        stacked, defence = self.stacked, self.defence
        if stacked is None:
            return FirstShots(*(np.full((0, len(self.flights)), np.inf) for _ in range(3)))
        found = first_shots(
            self.flights.elements,
            self.tracks.intervals,
            self._sensors,
            defence.latencies,
            defence.timing.row(),
            stacked,
            stages.MAP_STEP,
            defence.networked,
            given,
            errors,
        )
        return FirstShots(found[..., 0], found[..., 1], found[..., 2])


def single_shot(shots: FirstShots, factors: tuple[Factors | None, ...]) -> NDArray[np.float64]:
    """Return the kill probability of each battery's first shot at a single object, shape (batteries, n).

    Reliability x handover x hit: a single object needs no selection. 0 without a shot, or for an interceptor
    that does not give its factors.
    """
    chance = np.zeros(shots.intercept.shape)
    for battery, known in enumerate(factors):
        if known is not None:
            chance[battery] = known.reliability * known.hit * handover(known.radius, shots.pip_sigma[battery])
    return chance


def handover(radius: float, pip_sigma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each handover, shape as ``pip_sigma``."""
    return np.array([float(handover_probability(radius, sigma)) for sigma in pip_sigma])


def main_battery(shots: FirstShots, chance: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the battery with the best first shot at each flight, the earlier of equals; -1 where none has a shot.

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
