"""Radar discrimination or interceptor discrimination: which sensor discriminates the warhead, when, and its value.

Question 8. No class of a scenario need say how many objects look like its warhead: the number is swept. Separations d',
seekers and hit probabilities are assumptions of the scenario; nothing here is the value of a real system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.city_sample import LARGE_CITY, Sample, city_sample
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.analysis.first_shots import FirstShotAnalysis, factors_of, handover, main_battery, single_shot
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.progress import Progress, silent
from hoplon.sensing.discrimination import combined_separations, selection_probability
from hoplon.sensing.radar import range_against
from hoplon.sensing.telling import WholeSeconds
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.questions.requests import CoverageRequest
    from hoplon.questions.study import Study
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import InterceptorType, Level, ResolvedArchitecture, Scenario

OBJECTS: Final = (1, 2, 5, 10, 20)  # [1] the warhead and the objects that look like it
SHOWN_OBJECTS: Final = 10  # of the tables by class and launch area
OUTER: Final[tuple[Level, ...]] = ("low", "high")
SOURCES: Final[Mapping[str, str]] = {
    "both": "radars and seeker",
    "seeker": "seeker alone",
    "radars": "radars alone",
    "neither": "neither",
}


@dataclass(frozen=True)
class SelectedShots:
    """The main shot (best first shot) of one architecture at each sampled flight that it can engage.

    Attributes
    ----------
    architecture : str
    flights : ndarray, shape (m,)
        Indices of the flights in the sample.
    battery : tuple of str
        That fires each shot.
    launch, intercept : ndarray, shape (m,)
        [s after ignition].
    reliability, handover, hit : ndarray, shape (m,)
        The other factors.
    radars, radars_at_launch, seeker : ndarray, shape (m,)
        Separation d' of the radars by handover, of the radars by the interceptor's launch, and of the seeker.
    received : ndarray, shape (m,)
        When the battery receives the discrimination of the first radar [s after ignition]; infinite for never.
    """

    architecture: str
    flights: NDArray[np.intp] = field(repr=False)
    battery: tuple[str, ...] = field(repr=False)
    launch: NDArray[np.float64] = field(repr=False)
    intercept: NDArray[np.float64] = field(repr=False)
    reliability: NDArray[np.float64] = field(repr=False)
    handover: NDArray[np.float64] = field(repr=False)
    hit: NDArray[np.float64] = field(repr=False)
    radars: NDArray[np.float64] = field(repr=False)
    radars_at_launch: NDArray[np.float64] = field(repr=False)
    seeker: NDArray[np.float64] = field(repr=False)
    received: NDArray[np.float64] = field(repr=False)

    def separation(self, source: str) -> NDArray[np.float64]:
        """Return d' with a source of :data:`SOURCES` alone, shape (m,)."""
        radars = self.radars if source in {"both", "radars"} else np.zeros_like(self.radars)
        seeker = self.seeker if source in {"both", "seeker"} else np.zeros_like(self.seeker)
        return combined_separations([radars, seeker])

    def selection(self, source: str, objects: int) -> NDArray[np.float64]:
        """Return the probability of selecting the warhead among so many objects, shape (m,)."""
        values, place = np.unique(np.round(self.separation(source), 9), return_inverse=True)
        return np.array([_selection(objects, float(value)) for value in values])[place]

    def chance(self, source: str, objects: int) -> NDArray[np.float64]:
        """Return the single-shot kill probability, shape (m,)."""
        return np.asarray(self.reliability * self.handover * self.selection(source, objects) * self.hit)

    @property
    def before_launch(self) -> NDArray[np.float64]:
        """Return how long before launch radar discrimination is received [s]; negative: after; -infinite: never."""
        return np.asarray(self.launch - self.received)


@dataclass(frozen=True)
class WarheadSelection:
    """Question 8.

    Attributes
    ----------
    sample : Sample
        The flights.
    shots : mapping
        Architecture to its main shots, base values.
    at : mapping
        Architecture to its main shots at low and at high values.
    """

    sample: Sample = field(repr=False)
    shots: Mapping[str, SelectedShots] = field(repr=False)
    at: Mapping[str, Mapping[Level, SelectedShots]] = field(repr=False)

    def chance(self, name: str, source: str, objects: int) -> tuple[float, float, float]:
        """Return an architecture's mean single-shot kill probability with a source: low, base, high; 0 for none."""
        found = (self.at[name].get(level, self.shots[name]) for level in LEVELS)
        low, base, high = (
            float(np.mean(shots.chance(source, objects))) if len(shots.flights) else 0.0 for shots in found
        )
        return low, base, high


@cache
def _selection(objects: int, separation: float) -> float:
    return selection_probability(objects, separation)


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return no coverages: the question is answered on sampled flights."""
    return ()


def answer(study: Study) -> WarheadSelection | None:
    """Return the answer to question 8; None if no shot has its factors given, or no sensor discriminates."""
    return warhead_selection(study.scenario, study.points, study.store, study.progress)


def warhead_selection(
    scenario: Scenario, points: AimPoints, store: Store, progress: Progress = silent
) -> WarheadSelection | None:
    """Return the main shots of every architecture; None if none has its factors given, or no sensor discriminates.

    Parameters
    ----------
    scenario : Scenario
    points : AimPoints
        The study's; capitals and large cities are sampled.
    store : Store
    progress : callable
        Told of each architecture.
    """
    names = compared_architectures(scenario)
    if not any(_discriminates(scenario, scenario.architecture(name)) for name in names):
        return None
    sample = city_sample(scenario, points, LARGE_CITY)
    if not len(sample.flights):
        return None
    seconds = WholeSeconds(sample.flights.elements)
    shots: dict[str, SelectedShots] = {}
    bounds: dict[str, Mapping[Level, SelectedShots]] = {}
    for place, name in enumerate(names):
        progress(place, len(names), f"{name}, discrimination")
        found = _selected(scenario, store, name, sample, seconds)
        if len(found.flights):
            shots[name] = found
            bounds[name] = {level: _selected(scenario, store, name, sample, seconds, level) for level in OUTER}
    return WarheadSelection(sample, shots, bounds) if shots else None


def _discriminates(scenario: Scenario, architecture: ResolvedArchitecture) -> bool:
    """Return whether an architecture has a radar, or an interceptor's seeker, with a d' above 0 at some level."""
    return any(
        (item.radar is not None and _separation_of(scenario, architecture, name, level) > 0.0)
        or (item.battery is not None and _seeker_separation(scenario.interceptors[item.battery], level) > 0.0)
        for name, item in architecture.elements.items()
        for level in LEVELS
    )


def _seeker_separation(kind: InterceptorType, level: Level) -> float:
    """Return the d' of an interceptor's seeker; 0 for none."""
    return 0.0 if kind.seeker is None else kind.seeker.separation.at(level)


def _selected(
    scenario: Scenario, store: Store, name: str, sample: Sample, seconds: WholeSeconds, level: Level = "base"
) -> SelectedShots:
    resolved = scenario.architecture(name)
    defence = defence_of(scenario, resolved, level)
    analysis = FirstShotAnalysis(store, scenario, resolved, defence, sample.flights)
    shots, factors = analysis.first_shots(), factors_of(scenario, resolved, defence)
    main = main_battery(shots, single_shot(shots, factors))
    flights = np.flatnonzero(main >= 0)
    chosen = main[flights]
    known = [factors[battery] for battery in chosen]
    assert all(item is not None for item in known)
    launch, intercept = shots.launch[chosen, flights], shots.intercept[chosen, flights]
    sigma = shots.pip_sigma[chosen, flights]
    received = _received(scenario, resolved, defence, analysis, (flights, chosen), seconds)
    separations = np.array([_separation_of(scenario, resolved, radar, level) for radar in defence.radar_names])
    by_handover = received <= (intercept - defence.timing.handover)[np.newaxis]
    by_launch = by_handover & (received <= launch[np.newaxis])
    return SelectedShots(
        architecture=name,
        flights=flights,
        battery=tuple(defence.battery_names[battery] for battery in chosen),
        launch=launch,
        intercept=intercept,
        reliability=np.array([item.reliability for item in known if item is not None]),
        handover=np.array(
            [float(handover(item.radius, sigma[i : i + 1])[0]) for i, item in enumerate(known) if item is not None]
        ),
        hit=np.array([item.hit for item in known if item is not None]),
        radars=np.sqrt((separations[:, np.newaxis] ** 2 * by_handover).sum(axis=0)),
        radars_at_launch=np.sqrt((separations[:, np.newaxis] ** 2 * by_launch).sum(axis=0)),
        seeker=np.array([item.seeker_separation for item in known if item is not None]),
        received=np.where(by_handover, received, np.inf).min(axis=0, initial=np.inf),
    )


def _separation_of(scenario: Scenario, architecture: ResolvedArchitecture, radar: str, level: Level) -> float:
    """Return a radar's d'; 0 for one that does not discriminate, and for a partner's: its feed carries tracks alone."""
    element = architecture.elements[radar]
    known = scenario.radars[str(element.radar)].discrimination
    return 0.0 if known is None or element.partner else known.separation.at(level)


def _received(
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    defence: Defence,
    analysis: FirstShotAnalysis,
    engaged: tuple[NDArray[np.intp], NDArray[np.intp]],
    seconds: WholeSeconds,
) -> NDArray[np.float64]:
    """Return when the battery that shoots at each flight receives each radar's discrimination [s]: (radars, m)."""
    flights, chosen = engaged
    if analysis.stacked is None:
        return np.full((len(defence.radars), 0), np.inf)
    level = cast("Level", defence.level)
    discriminates = np.array(
        [_separation_of(scenario, architecture, name, level) > 0.0 for name in defence.radar_names]
    )
    radars = len(defence.radars)  # a satellite discriminates nothing
    own = analysis.stacked.own[chosen, :radars].T
    admitted = discriminates[:, np.newaxis] & (own | defence.networked)
    reaches = np.zeros((len(defence.radars), len(scenario.threats)))
    for radar in np.flatnonzero(discriminates):
        kind = str(architecture.elements[defence.radar_names[radar]].radar)
        reaches[radar] = [
            _discrimination_range(scenario, kind, threat, level) for threat in range(len(scenario.threats))
        ]
    sites = np.array(
        [position_of_normal(*normal_of(radar.latitude, radar.longitude), radar.altitude) for radar in defence.radars]
    ).reshape(-1, 3)
    ranges = np.where(admitted, reaches[:, analysis.flights.classes[flights]], 0.0)
    since = seconds.first_within(flights, analysis.tracks.intervals[:radars], sites, ranges)
    return since + np.where(own, 0.0, defence.latencies[:radars, np.newaxis])


def _discrimination_range(scenario: Scenario, kind_name: str, threat: int, level: Level) -> float:
    """Return a radar's discrimination range against a class [m]; 0 for none."""
    kind = scenario.radars[kind_name]
    known = kind.discrimination
    cross_section = list(scenario.threats.values())[threat].rcs_m2.get(kind.band)
    if known is None or cross_section is None:
        return 0.0
    return range_against(
        known.range_km.at(level) * KILOMETRE,
        float(known.reference_rcs_m2),
        cross_section.at(level),
        float(kind.max_range_km) * KILOMETRE,
    )


def discriminating_sensor(shots: SelectedShots, objects: int, matters: float = 0.01) -> tuple[str, ...]:
    """Return which sensor discriminates the warhead at each shot, named as in :mod:`hoplon.analysis.kill_chain`.

    Parameters
    ----------
    shots : SelectedShots
    objects : int
    matters : float
        A source counts if the probability of selecting the warhead falls by more than this without it.
    """
    if objects == 1:
        return ("nothing to select",) * len(shots.flights)
    every, radars, seeker = (shots.selection(source, objects) for source in ("both", "radars", "seeker"))
    sensors = []
    for whole, by_radars, by_seeker in zip(every, radars, seeker, strict=True):
        needed = (whole - by_seeker > matters, whole - by_radars > matters)
        if whole - 1.0 / objects <= matters:
            sensors.append("nobody")
        elif needed == (True, True):
            sensors.append("both")
        else:
            sensors.append({(True, False): "radars", (False, True): "seeker"}.get(needed, "either"))
    return tuple(sensors)
