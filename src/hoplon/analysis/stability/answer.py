"""Whether an architecture could engage a third party's strategic missiles (question 12).

Engageable means reachable in time, and nothing more: no kill, no discrimination, no number of interceptors against
warheads.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numba

from hoplon.analysis.defence import defence_of
from hoplon.analysis.engagement import BatteryAnswer, battery_answers, tracks_of_flight
from hoplon.analysis.margins.named_causes import nearest_in_words
from hoplon.analysis.records import Answer, Row
from hoplon.analysis.stability.crossing import crossing_angle
from hoplon.analysis.stability.speeds import DEFAULT_KM_S, SpeedScan
from hoplon.analysis.stability.views import (
    JUDGED,
    KINEMATIC,
    VIEWS,
    Engageable,
    Met,
    StrategicFlights,
    at_bounds,
    chosen_trajectories,
    strategic_flights,
)
from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.units import DEGREE

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.scenario.model import Level, Scenario, StrategicTrajectory

SLOWEST_KM_S: Final = 0.1
FASTEST_KM_S: Final = 15.0
CAUSES: Final = ("never_seen", "seen_too_late", "out_of_reach", "flight_time")


@dataclass(frozen=True)
class EngagedShare:
    """Which of the trajectories are engaged.

    Attributes
    ----------
    share : float
        Engaged over listed.
    trajectories : tuple of str
        Those engaged, in the scenario's order.
    """

    share: float
    trajectories: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {"share": self.share, "trajectories": list(self.trajectories)}


@dataclass(frozen=True)
class StatedShare:
    """Which of the trajectories are engaged at the scenario's own speeds, and between which shares that may lie.

    ``low`` and ``high`` are the least and the greatest share with every burnout speed, and the burn time of the
    trajectories' classes, at their bounds.
    """

    engaged: EngagedShare
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {**self.engaged.as_json(), "low": self.low, "high": self.high}


@dataclass(frozen=True)
class EngagedTrajectory:
    """The first intercept of a trajectory that is engaged at the scenario's own speeds.

    Attributes
    ----------
    trajectory, battery : str
    intercept_s, altitude_km : float
        Of the first intercept, [s after ignition].
    slack_s : float
        By how much the commitment could come later, and some intercept by the battery still be in time [s].
    crossing_angle_deg : float
        Between the two velocities at the first intercept; below 90 the interceptor chases the flight.
    """

    trajectory: str
    battery: str
    intercept_s: float
    altitude_km: float
    slack_s: float
    crossing_angle_deg: float


@dataclass(frozen=True, repr=False)
class StabilityAnswer(Answer):
    """Which strategic trajectories an architecture engages, by burnout speed.

    Attributes
    ----------
    scenario_name, architecture : str
    trajectories : tuple of (name, flight time, class)
        [s]; None where no arc exists.
    stated : mapping
        By view (``judged``, ``kinematic``).
    speeds : mapping
        By burnout speed [km/s], then view.
    first_speed_km_s : mapping
        By view, the least of 2.00, 2.05, .., 10.95 at which any is engaged; None for none.
    engaged : tuple of EngagedTrajectory
        At the scenario's own speeds.
    binding : mapping
        Of each trajectory that is not engaged at the scenario's own speeds, what keeps it from being engaged.
    explanations : mapping
        The same in words, of the battery that comes nearest to a shot.

    Notes
    -----
    The first that holds of: ``out_of_reach``, no interceptor could be there after the threat's burnout, whatever
    sensors and doctrine; ``flight_time``, none could within its flight-time limit; ``never_seen``, no battery is ever
    committed; ``seen_too_late``, the launch that the first firm track allows comes too late, or no sensor that may
    support the intercept follows the flight then.
    """

    scenario_name: str
    architecture: str
    trajectories: tuple[tuple[str, float | None, str], ...]
    stated: Mapping[str, StatedShare]
    speeds: Mapping[float, Mapping[str, EngagedShare]]
    first_speed_km_s: Mapping[str, float | None]
    engaged: tuple[EngagedTrajectory, ...]
    binding: Mapping[str, str]
    explanations: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "architecture": self.architecture,
            "trajectories": [
                {"name": name, "flight_time_s": time, "threat": threat} for name, time, threat in self.trajectories
            ],
            "stated": {view: share.as_json() for view, share in self.stated.items()},
            "speeds": [
                {"burnout_speed_km_s": speed, **{view: share.as_json() for view, share in by_view.items()}}
                for speed, by_view in self.speeds.items()
            ],
            "first_speed_km_s": dict(self.first_speed_km_s),
            "engaged": [dict(vars(item)) for item in self.engaged],
            "binding": dict(self.binding),
            "explanations": dict(self.explanations),
        }

    def line(self) -> str:
        """Return how many trajectories are engaged, in one line."""
        told = [f"{len(self.stated[view].engaged.trajectories)} {view}" for view in VIEWS]
        return (
            f"{self.architecture} of {self.scenario_name}: of {len(self.trajectories)} strategic trajectories "
            f"{', '.join(told)} at stated speeds"
        )

    def rows(self) -> list[Row]:
        """Return a row for each burnout speed."""
        return [
            {"burnout_speed_km_s": speed, **{f"{view}_share": share.share for view, share in by_view.items()}}
            for speed, by_view in self.speeds.items()
        ]


@dataclass(frozen=True, repr=False)
class StabilityAnswers(Answer):
    """The answers of several architectures."""

    answers: tuple[StabilityAnswer, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of one architecture, or those of each under its name."""
        if len(self.answers) == 1:
            return self.answers[0].as_json()
        return {"architectures": {item.architecture: item.as_json() for item in self.answers}}

    def line(self) -> str:
        """Return the lines of the architectures as one."""
        return "; ".join(item.line() for item in self.answers)

    def rows(self) -> list[Row]:
        """Return a row for each architecture and burnout speed."""
        return [{"architecture": item.architecture, **row} for item in self.answers for row in item.rows()]


def stability(
    store: Store,
    scenario: Scenario,
    architectures: Sequence[str],
    speeds_km_s: Sequence[float] | None = None,
    trajectories: Sequence[str] | None = None,
    progress: Progress = silent,
) -> StabilityAnswers:
    """Judge which strategic trajectories some architectures engage.

    Parameters
    ----------
    store : Store
    scenario : Scenario
    architectures : sequence of str
    speeds_km_s : sequence of float, optional
        Burnout speeds that every interceptor is given in turn; 3, 3.5, .., 9 by default.
    trajectories : sequence of str, optional
        Names; all of the scenario by default.
    progress : callable

    Raises
    ------
    InputError
        If the scenario has no strategic trajectories, or a speed lies outside 0.1 to 15 km/s.
    UnknownNameError
    """
    chosen = chosen_trajectories(scenario, trajectories)
    speeds = sorted({float(speed) for speed in (DEFAULT_KM_S if speeds_km_s is None else speeds_km_s)})
    for speed in speeds:
        if not SLOWEST_KM_S <= speed <= FASTEST_KM_S:
            hint = f"; m/s? Then {speed / 1000.0:g}" if SLOWEST_KM_S <= speed / 1000.0 <= FASTEST_KM_S else ""
            raise InputError(
                f"speeds_km_s: a burnout speed from {SLOWEST_KM_S:g} to {FASTEST_KM_S:g} km/s was expected, "
                f"got {speed:g}{hint}"
            )
    names = tuple(dict.fromkeys(scenario.architecture(name).name for name in architectures))
    engageable, found = Engageable(store), []
    with _one_thread():
        for place, name in enumerate(names):
            progress(place, len(names), name)
            found.append(_answer(scenario, name, chosen, speeds, engageable))
    progress(len(names), len(names), "judged")
    return StabilityAnswers(tuple(found))


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Let kernels run on one core: they are asked for a few flights at a time, less work than to start others."""
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        yield
    finally:
        numba.set_num_threads(threads)


def _answer(
    scenario: Scenario,
    architecture: str,
    chosen: tuple[StrategicTrajectory, ...],
    speeds: Sequence[float],
    engageable: Engageable,
) -> StabilityAnswer:
    flights = strategic_flights(scenario, chosen)

    def share(met: Met) -> EngagedShare:
        names = tuple(item.name for item, engaged in zip(chosen, met, strict=True) if engaged)
        return EngagedShare(len(names) / len(chosen), names)

    scans = {view: SpeedScan(engageable, scenario, architecture, flights, view) for view in VIEWS}
    met_at = {view: scan.at(speeds) for view, scan in scans.items()}
    met = {view: engageable.met(scenario, architecture, flights, view) for view in VIEWS}
    corners = _at_corners(scenario, architecture, chosen, engageable)
    stated = {}
    for view in VIEWS:
        shares = [float(met[view].mean()), *corners[view]]
        stated[view] = StatedShare(share(met[view]), min(shares), max(shares))
    batteries = _batteries(scenario, architecture, flights)
    timed = engageable.met(scenario, architecture, flights, KINEMATIC, timed=True)
    binding, explanations = {}, {}
    for place, item in enumerate(chosen):
        if met[JUDGED][place]:
            continue
        if not met[KINEMATIC][place]:
            binding[item.name] = "out_of_reach"
        elif not timed[place]:
            binding[item.name] = "flight_time"
        else:
            committed = any(found.commit_s is not None for found in batteries[place].values())
            binding[item.name] = "seen_too_late" if committed else "never_seen"
        explanations[item.name] = nearest_in_words(batteries[place])
    return StabilityAnswer(
        scenario.name,
        architecture,
        tuple((item.name, flights.flight_time_s(place), item.threat) for place, item in enumerate(chosen)),
        stated,
        {speed: {view: share(met_at[view][speed]) for view in VIEWS} for speed in speeds},
        {view: scan.first_km_s() for view, scan in scans.items()},
        _engaged(scenario, architecture, flights, met[JUDGED], batteries),
        binding,
        explanations,
    )


def _at_corners(
    scenario: Scenario, architecture: str, chosen: tuple[StrategicTrajectory, ...], engageable: Engageable
) -> dict[str, list[float]]:
    """Return by view the shares engaged with every speed, and every burn time, at their bounds."""
    bounds: tuple[Level, ...] = ("low", "high")
    shares: dict[str, list[float]] = {view: [] for view in VIEWS}
    threats = {item.threat for item in chosen}
    for speed, burn_time in itertools.product(bounds, bounds):
        moved = at_bounds(scenario, speed, burn_time, sorted(threats))
        flights = strategic_flights(moved, chosen)
        for view in VIEWS:
            shares[view].append(float(engageable.met(moved, architecture, flights, view).mean()))
    return shares


def _batteries(
    scenario: Scenario, architecture: str, flights: StrategicFlights
) -> tuple[Mapping[str, BatteryAnswer], ...]:
    """Return what each battery can do about each trajectory, one shot required: its time margin is that of one."""
    defence = replace(defence_of(scenario, scenario.architecture(architecture)), shots_required=1)
    found: list[Mapping[str, BatteryAnswer]] = []
    for place, flies in enumerate(flights.flies):
        if not flies or not defence.batteries:
            found.append({})
            continue
        row = flights.elements[place]
        tracks = tracks_of_flight(row, int(flights.classes[place]), defence)
        found.append(battery_answers(row, tracks, defence))
    return tuple(found)


def _engaged(
    scenario: Scenario,
    architecture: str,
    flights: StrategicFlights,
    met: Met,
    batteries: Sequence[Mapping[str, BatteryAnswer]],
) -> tuple[EngagedTrajectory, ...]:
    """Return the first intercept of each trajectory engaged, by the battery that has the shots required soonest."""
    defence = defence_of(scenario, scenario.architecture(architecture))
    engaged = []
    for place in met.nonzero()[0].tolist():
        able = {
            name: found
            for name, found in batteries[place].items()
            if len(found.intercepts) >= defence.shots_required and found.margin_s is not None
        }
        if not able:
            continue
        name = min(able, key=lambda name: able[name].intercepts[0].intercept_s)
        first, battery = able[name].intercepts[0], defence.batteries[defence.battery_names.index(name)]
        interceptor = defence.interceptors[battery.reach]
        angle = crossing_angle(flights.elements[place], first.intercept_s, battery, interceptor)
        engaged.append(
            EngagedTrajectory(
                trajectory=flights.trajectories[place].name,
                battery=name,
                intercept_s=first.intercept_s,
                altitude_km=first.altitude_km,
                slack_s=able[name].margin_s or 0.0,
                crossing_angle_deg=angle / DEGREE,
            )
        )
    return tuple(engaged)
