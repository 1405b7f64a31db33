"""One flight under every compared architecture: coverage, tracks and shots in time, and the accuracy of the track."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.architectures import (
    compared_architectures,
    counterpart,
    feeds_of,
    partner_variants,
)
from hoplon.analysis.city_sample import Sample, capital_sample
from hoplon.analysis.defence import defence_of, fusion_of
from hoplon.analysis.first_shots import FirstShotAnalysis
from hoplon.analysis.track import sensors_of
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.sensitivity import inertial_sensitivity
from hoplon.intercept.windows import commit_time
from hoplon.sensing.quality import FUSIONS, information_history, state_covariance

if TYPE_CHECKING:
    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Scenario

_STEP: Final = 5.0  # [s] between samples of the accuracy

Span = tuple[float, float]


@dataclass(frozen=True)
class RadarTimeline:
    """One radar or satellite: spans of track coverage, search coverage and track [s]; when its track is firm, or None.

    A satellite searches nothing.
    """

    name: str
    cover: tuple[Span, ...]
    search: tuple[Span, ...]
    track: tuple[Span, ...]
    firm_s: float | None


@dataclass(frozen=True)
class BatteryTimeline:
    """One battery: earliest launch, and launch and intercept of its first shot [s]; None for never."""

    name: str
    commit_s: float | None
    launch_s: float | None
    intercept_s: float | None


@dataclass(frozen=True)
class Timeline:
    """The named flight under one architecture.

    Attributes
    ----------
    architecture : str
    radars, batteries : tuple
    second : ndarray, shape (k,)
        From burnout to impact [s after ignition].
    sigma, sigma_fed : ndarray, shape (k,)
        Position error of the fused track [m]: root of the trace of the position covariance (Cramer-Rao bound, updates
        fused as the architecture's command structure has it, latencies included); infinite where the updates received
        so far do not determine the flight. Without and with the partner radars' feeds; equal where the scenario has
        none for the architecture.
    """

    architecture: str
    radars: tuple[RadarTimeline, ...]
    batteries: tuple[BatteryTimeline, ...]
    second: NDArray[np.float64] = field(repr=False)
    sigma: NDArray[np.float64] = field(repr=False)
    sigma_fed: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True)
class NamedFlight:
    """The flight and its timeline under every compared architecture.

    Attributes
    ----------
    threat, launch_area : str
    place, nation : str
        The aim.
    aim_deg : tuple of float
        Its latitude and longitude [deg].
    burnout_s, impact_s : float
        [s after ignition].
    timelines : tuple of Timeline
    """

    threat: str
    launch_area: str
    place: str
    nation: str
    aim_deg: tuple[float, float]
    burnout_s: float
    impact_s: float
    timelines: tuple[Timeline, ...] = field(repr=False)

    def options(self) -> tuple[str, ...]:
        """Return the options with which a command names this flight."""
        latitude, longitude = self.aim_deg
        return ("--threat", self.threat, "--from", self.launch_area, "--aim", f"{latitude:.5f},{longitude:.5f}")


def named_flight(scenario: Scenario, points: AimPoints, store: Store) -> NamedFlight | None:
    """Return the flight to a capital that most architectures engage; None if no class reaches any.

    Of equals, the one to the capital of most people, then the first in the scenario's order of classes and areas.
    """
    sample = capital_sample(scenario, points)
    if not len(sample.flights):
        return None
    met = np.zeros(len(sample.flights), dtype=np.int64)
    for name in compared_architectures(scenario):
        met += _analysis(scenario, store, name, sample.flights).shoots().any(axis=0)
    people = sample.places.population[sample.flights.points]
    index = int(np.lexsort((np.arange(len(met)), -people, -met))[0])
    chosen = sample.chosen(np.array([index]))
    flights, place = chosen.flights, int(chosen.flights.points[0])
    row = flights.elements[0]
    return NamedFlight(
        threat=chosen.threats[int(flights.classes[0])],
        launch_area=chosen.areas[int(flights.areas[0])],
        place=str(chosen.places.name[place]),
        nation=str(chosen.places.nation[place]),
        aim_deg=(float(chosen.places.latitude_deg[place]), float(chosen.places.longitude_deg[place])),
        burnout_s=float(row[BURN_TIME]),
        impact_s=float(row[IMPACT_TIME]),
        timelines=tuple(_timeline(scenario, store, name, chosen) for name in compared_architectures(scenario)),
    )


def _analysis(scenario: Scenario, store: Store, name: str, flights: Flights) -> FirstShotAnalysis:
    resolved = scenario.architecture(name)
    return FirstShotAnalysis(store, scenario, resolved, defence_of(scenario, resolved), flights)


def _timeline(scenario: Scenario, store: Store, name: str, chosen: Sample) -> Timeline:
    analysis = _analysis(scenario, store, name, chosen.flights)
    defence, row = analysis.defence, chosen.flights.elements[0]
    covers = stages.covers(store, chosen.flights, defence)
    radars = []
    for radar, radar_name in enumerate(defence.sensor_names):
        cover = [line for line in covers[radar][0].astype(float) if line[0] >= 0.0]
        firm = float(analysis.firm[radar, 0])
        radars.append(
            RadarTimeline(
                radar_name,
                tuple((float(first), float(last)) for first, last, _ in cover),
                tuple((float(search), float(last)) for _, last, search in cover if search >= 0.0),
                tuple((float(on), float(off)) for on, off in analysis.tracks.intervals[radar, 0] if on >= 0.0),
                firm if math.isfinite(firm) else None,
            )
        )
    second = np.append(np.arange(math.ceil(row[BURN_TIME] / _STEP) * _STEP, row[IMPACT_TIME], _STEP), row[IMPACT_TIME])
    sigma = _accuracy(scenario, analysis, second)
    variant = next(
        (
            other
            for other in partner_variants(scenario)
            if counterpart(scenario, other) == name and feeds_of(scenario.architecture(other))
        ),
        None,
    )
    fed = sigma if variant is None else _accuracy(scenario, _analysis(scenario, store, variant, chosen.flights), second)
    return Timeline(name, tuple(radars), _batteries(analysis), second, sigma, fed)


def _batteries(analysis: FirstShotAnalysis) -> tuple[BatteryTimeline, ...]:
    shots, defence = analysis.first_shots(), analysis.defence
    found = []
    for battery, name in enumerate(defence.battery_names):
        assert analysis.stacked is not None
        commit = commit_time(
            analysis.stacked.rows[battery],
            analysis.stacked.own[battery],
            np.ascontiguousarray(analysis.firm[:, 0]),
            defence.latencies,
            defence.timing.row(),
        )
        times = (commit, float(shots.launch[battery, 0]), float(shots.intercept[battery, 0]))
        found.append(BatteryTimeline(name, *(time if math.isfinite(time) else None for time in times)))
    return tuple(found)


def _accuracy(scenario: Scenario, analysis: FirstShotAnalysis, second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the position error of the fused track at each second [m]; infinite for none."""
    defence, row = analysis.defence, analysis.flights.elements[0]
    sigma = np.full(len(second), np.inf)
    if not defence.sensors:
        return sigma
    resolved = scenario.architecture(defence.architecture)
    sensors, fuse = sensors_of(resolved, defence), FUSIONS[fusion_of(resolved)]
    tracks = np.ascontiguousarray(analysis.tracks.intervals[:, 0])
    history, looks = information_history(row, tracks, sensors, defence.latencies, second)
    for place, time in enumerate(second):
        if not looks[place].any():
            continue
        fused = fuse(history[place], inertial_sensitivity(row, float(time))[:3])
        covariance = state_covariance(row, fused, float(time))
        if covariance is not None:
            sigma[place] = math.sqrt(float(np.trace(covariance[:3, :3])))
    return sigma
