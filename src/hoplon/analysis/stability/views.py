"""Which strategic trajectories an architecture engages at a burnout speed, judged and by kinematics alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import one_flight
from hoplon.analysis.stages import SINGLE_STEP
from hoplon.defence.assembly import best_shots
from hoplon.errors import InputError
from hoplon.flight.arc import COLUMNS, IMPACT_TIME, STATUS, apogee
from hoplon.intercept.battery import Timing
from hoplon.intercept.reach import reach_of
from hoplon.scenario.model import Cited, known_name
from hoplon.sensing.satellite import TrackingSatellite

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.intercept.reach import Interceptor, Reach
    from hoplon.scenario.model import InterceptorType, Level, Scenario, StrategicTrajectory

JUDGED: Final = "judged"
KINEMATIC: Final = "kinematic"
VIEWS: Final = (JUDGED, KINEMATIC)
_GROUND: Final = 0.0  # [m] least altitude of a body that is followed, here until impact
_ABOVE: Final = 1.0e3  # [m] by which the limits lie above the highest flight

Met = NDArray[np.bool_]
"""Which trajectories are engaged, shape (n,)."""


@dataclass(frozen=True)
class StrategicFlights:
    """The strategic trajectories as flights, each at the first loft of its class.

    Attributes
    ----------
    trajectories : tuple of StrategicTrajectory
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
        Index of each one's class in the scenario.
    flies : ndarray, shape (n,)
        Whether an arc exists.
    """

    trajectories: tuple[StrategicTrajectory, ...]
    elements: NDArray[np.float64]
    classes: NDArray[np.int16]
    flies: NDArray[np.bool_]

    def flight_time_s(self, place: int) -> float | None:
        """Return the time from ignition to impact [s]; None where no arc exists."""
        return float(self.elements[place, IMPACT_TIME]) if self.flies[place] else None


def strategic_flights(scenario: Scenario, trajectories: Sequence[StrategicTrajectory]) -> StrategicFlights:
    """Solve strategic trajectories; launch areas, ranges and years of their classes do not matter."""
    elements = np.zeros((len(trajectories), COLUMNS))
    for row, item in zip(elements, trajectories, strict=True):
        kind = scenario.threats[item.threat]
        row[:] = one_flight(
            (item.from_.latitude_deg, item.from_.longitude_deg),
            (item.aim.latitude_deg, item.aim.longitude_deg),
            burn_time_s=float(kind.burn_time_s),
            burnout_altitude_km=float(kind.burnout_altitude_km),
            burnout_ground_range_km=float(kind.burnout_ground_range_km),
            loft_deg=float(kind.lofts_deg[0]),
        )
    names = list(scenario.threats)
    classes = np.array([names.index(item.threat) for item in trajectories], dtype=np.int16)
    return StrategicFlights(tuple(trajectories), elements, classes, elements[:, STATUS] == 0.0)


def chosen_trajectories(scenario: Scenario, names: Sequence[str] | None) -> tuple[StrategicTrajectory, ...]:
    """Return the strategic trajectories of some names, in the scenario's order; all of them for None.

    Raises
    ------
    InputError
        If the scenario has none, or none is among the names.
    UnknownNameError
        With the nearest known name.
    """
    if not scenario.strategic:
        raise InputError(
            f"{scenario.name}: no strategic trajectories, so that there is no stability to judge; list some under "
            "`strategic`, each with name, from, aim, threat"
        )
    if names is None:
        return scenario.strategic
    known = [item.name for item in scenario.strategic]
    if not names:
        raise InputError("trajectories: one name or more was expected, got none; leave it out for all of them")
    wanted = {known_name("strategic trajectory", name, known) for name in names}
    return tuple(item for item in scenario.strategic if item.name in wanted)


def at_speed(scenario: Scenario, speed_km_s: float) -> Scenario:
    """Return a scenario in which every interceptor has a burnout speed, and all else is as it is."""
    return _with_speeds(scenario, lambda _: speed_km_s)


def at_bounds(scenario: Scenario, speed: Level, burn_time: Level, threats: Sequence[str]) -> Scenario:
    """Return a scenario with every burnout speed, and the burn time of some classes, at a bound."""
    kinds = {
        name: replace(kind, burn_time_s=replace(kind.burn_time_s, value=kind.burn_time_s.at(burn_time)))
        if name in threats
        else kind
        for name, kind in scenario.threats.items()
    }
    moved = replace(scenario, threats=MappingProxyType(kinds))
    return _with_speeds(moved, lambda kind: kind.burnout_speed_km_s.at(speed))


def _with_speeds(scenario: Scenario, speed_of: Callable[[InterceptorType], float]) -> Scenario:
    kinds = {
        name: replace(kind, burnout_speed_km_s=Cited(speed_of(kind))) for name, kind in scenario.interceptors.items()
    }
    return replace(scenario, interceptors=MappingProxyType(kinds))


class Engageable:
    """Which strategic trajectories architectures engage; the store keeps reach tables for all that is asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def met(
        self, scenario: Scenario, architecture: str, flights: StrategicFlights, view: str, *, timed: bool = False
    ) -> Met:
        """Return which flights an architecture engages.

        Parameters
        ----------
        scenario : Scenario
            With the burnout speeds asked about.
        architecture : str
        flights : StrategicFlights
            Of the same scenario.
        view : {"judged", "kinematic"}
            By the architecture's own sensors, doctrine and limits, or by what no sensor and no doctrine can exceed: an
            intercept after burnout and above the interceptor's floor, launched at burnout of the threat or later.
        timed : bool
            Keep the interceptors' flight-time limits in the kinematic view.
        """
        found = np.zeros(len(flights.flies), dtype=np.bool_)
        flown = np.flatnonzero(flights.flies)
        defence = defence_of(scenario, scenario.architecture(architecture))
        if not len(flown) or not defence.batteries:
            return found
        if view == KINEMATIC:
            defence = unlimited(defence, scenario, flights, timed=timed)
        elements = np.ascontiguousarray(flights.elements[flown])
        shots = best_shots(
            elements,
            flights.classes[flown],
            [defence],
            [defence.shots_required],
            self._reach,
            SINGLE_STEP,
            [slice(0, len(flown))],
        )
        found[flown] = shots[0] >= defence.shots_required
        return found

    def _reach(self, interceptor: Interceptor) -> Reach:
        return self._store.get(("coarse reach", interceptor), lambda: reach_of(interceptor, coarse=True))


def unlimited(defence: Defence, scenario: Scenario, flights: StrategicFlights, *, timed: bool = False) -> Defence:
    """Return a defence whose batteries are limited by nothing but speed, burn time, least elevation and floor.

    Each threat is followed from its burnout to its impact, and reported and decided upon without any delay; there is
    no ceiling, and a fly-out may last as long as the longest flight or, ``timed``, as the interceptor can.
    """
    rows = flights.elements[flights.flies]
    highest = max(float(apogee(row)) for row in rows) + _ABOVE
    latest = float(rows[:, IMPACT_TIME].max())
    watch = TrackingSatellite(
        track_starts=tuple(float(kind.burn_time_s) for kind in scenario.threats.values()),
        acquisition=0.0,
        minimum_altitude=_GROUND,
        latency=0.0,
        update=1.0,
        position_sigma=1.0,
    )
    return replace(
        defence,
        radar_names=(),
        radars=(),
        satellites=(watch,),
        satellite_names=("burnout to impact",),
        batteries=tuple(
            replace(item, own_radars=(), remote_commit=True, supporters=(0,), shots=min(item.shots, 1))
            for item in defence.batteries
        ),
        interceptors=tuple(
            replace(
                kind,
                altitude_high=max(highest, kind.altitude_low + _ABOVE),
                maximum_flight_time=kind.maximum_flight_time if timed else latest,
            )
            for kind in defence.interceptors
        ),
        timing=Timing(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, look=False),
        alerts=(math.inf,) * len(scenario.threats),
        networked=True,
        shots_required=1,
        salvo=1,
    )
