"""The kill chain of one engagement: factors of each battery's first shot, and which sensor discriminates the warhead.

Nothing here is the value of a real system: each factor is an assumption of the scenario, or follows from assumptions.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import OPPOSITE, fusion_of
from hoplon.analysis.engagement import engagement
from hoplon.analysis.flights import one_flight
from hoplon.analysis.predicted_intercept import PredictedIntercepts
from hoplon.analysis.records import Answer, Row
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.errors import InputError
from hoplon.intercept.lethality import (
    ShotFactors,
    acquisition_radius,
    handover_probability,
    salvo_kill_probability,
)
from hoplon.scenario.model import known_name
from hoplon.sensing.discrimination import combined_separation, selection_probability
from hoplon.sensing.radar import range_against
from hoplon.sensing.telling import WholeSeconds
from hoplon.units import DEGREE, KILOMETRE, MILLIRADIAN

if TYPE_CHECKING:
    from hoplon.analysis.engagement import BatteryAnswer, Engagement
    from hoplon.scenario.model import (
        Element,
        InterceptorType,
        Level,
        RadarType,
        ResolvedArchitecture,
        Scenario,
        Threat,
    )

_Given = TypeVar("_Given")
_FACTORS: Final = ("reliability", "hit_probability", "seeker", "divert_km")
_MATTERS: Final = 0.01  # a source counts if the probability of selecting the warhead falls by more than this without it


@dataclass(frozen=True)
class RadarSeparation:
    """One radar: its d', and when the warhead, held in track, first is within its discrimination range [s]."""

    separation: float
    discriminates_s: float
    before_launch_s: float


@dataclass(frozen=True)
class Selection:
    """How the warhead is discriminated from the objects that look like it.

    Attributes
    ----------
    objects : int
    radars : dict
        Those whose separation counts at handover, by name.
    seeker_separation : float
    separation : float
        Of all together.
    probability, radars_alone, seeker_alone, by_chance : float
        Probability of selecting the warhead with all sources, with either kind alone, and with none.
    at_launch : float
        With the radars whose discrimination is received by the launch of the interceptor, and the seeker.
    done_by : str
        Which sensor discriminates the warhead: "radars", "seeker", "both" (each is needed), "either" (each alone is
        enough), "nobody" (selection by chance alone), or "nothing to select".
    """

    objects: int
    radars: dict[str, RadarSeparation]
    seeker_separation: float
    separation: float
    probability: float
    radars_alone: float
    seeker_alone: float
    by_chance: float
    at_launch: float
    done_by: str


@dataclass(frozen=True)
class Handover:
    """Error of the predicted intercept point against seeker and divert."""

    pip_sigma_m: float
    radius_km: float
    bound_by: str
    probability: float


@dataclass(frozen=True)
class KillChain:
    """One battery's first shot.

    Attributes
    ----------
    interceptor : str
    reason : str or None
        Why there is no number.
    launch_s, intercept_s : float or None
        Of the first shot.
    shots : int
        Interceptors that this battery may launch at the flight: shot opportunities times salvo.
    fixed : bool
        The interceptor fixes ``single_shot_kill_probability``: no factor is computed.
    reliability, hit : float or None
    handover : Handover or None
    selection : Selection or None
    single_shot_kill_probability, kill_probability : float or None
        Of one interceptor, and of all ``shots`` if they fail independently.
    """

    interceptor: str
    reason: str | None
    launch_s: float | None = None
    intercept_s: float | None = None
    shots: int = 0
    fixed: bool = False
    reliability: float | None = None
    handover: Handover | None = None
    selection: Selection | None = None
    hit: float | None = None
    single_shot_kill_probability: float | None = None
    kill_probability: float | None = None


@dataclass(frozen=True, repr=False)
class KillChains(Answer):
    """The kill chains of every battery against one flight; ``reason`` says why when the flight does not exist.

    ``fusion`` names how the looks behind each predicted intercept point are fused.
    """

    architecture: str
    area: str
    threat: str
    reachable: bool
    reason: str | None
    flight_time_s: float | None
    objects: int
    batteries: dict[str, KillChain]
    fusion: str

    def as_json(self) -> dict[str, Any]:
        """Return the answer with JSON keys; what does not exist is null."""
        answer = asdict(self)
        answer["from"] = answer.pop("area")
        return answer

    def line(self) -> str:
        """Return the flight and what the best battery's shots are worth, in one line."""
        best = max((chain.kill_probability or 0.0 for chain in self.batteries.values()), default=0.0)
        told = f"kill probability {best:.3g}, best battery" if self.reachable else f"out of reach: {self.reason}"
        return f"{self.threat} from {self.area} against {self.architecture}: {told}"

    def rows(self) -> list[Row]:
        """Return a row for each battery: every factor."""
        return [
            {
                "battery": name,
                "reliability": chain.reliability,
                "handover": None if chain.handover is None else chain.handover.probability,
                "selection": None if chain.selection is None else chain.selection.probability,
                "hit": chain.hit,
                "single_shot_kill_probability": chain.single_shot_kill_probability,
                "shots": chain.shots,
                "kill_probability": chain.kill_probability,
                "reason": chain.reason,
            }
            for name, chain in self.batteries.items()
        ]


def kill_chains(
    scenario: Scenario,
    architecture: str,
    area: str,
    aim_deg: tuple[float, float],
    threat: str,
    *,
    loft_deg: float = 0.0,
    apogee_km: float | None = None,
    objects: int | None = None,
    pip_sigma_m: float | None = None,
    level: Level = "base",
) -> KillChains:
    """Return the kill chain of each battery of an architecture against one flight.

    Parameters
    ----------
    scenario : Scenario
    architecture, area, threat : str
        Names in the scenario.
    aim_deg : tuple of float
        Latitude and longitude [deg].
    loft_deg : float
        One of the lofts that the class flies.
    apogee_km : float, optional
        Greatest altitude of the flight, in place of a loft.
    objects : int, optional
        In place of the class's own number of objects that look alike.
    pip_sigma_m : float, optional
        Error of the predicted intercept point at handover [m], in place of the one that the track gives.
    level : {"low", "base", "high"}
        Of kill probability: ``low`` takes every factor of it (reliability, hit, seeker, divert, discrimination, number
        of look-alikes) at the bound worse for the defence, ``high`` at the better one. When and where the shot is
        fired, and the error of the track, stay as they are at base.

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name.
    InputError
        If ``objects`` or ``pip_sigma_m`` is out of range. A battery without a shot is an answer.
    """
    if objects is not None and objects < 1:
        raise InputError(f"objects must be 1 or more, got {objects}")
    if pip_sigma_m is not None and not (math.isfinite(pip_sigma_m) and pip_sigma_m >= 0.0):
        raise InputError(f"pip_sigma_m must be finite and not negative, got {pip_sigma_m:g}")
    resolved = scenario.architecture(architecture)
    judged = engagement(scenario, architecture, area, aim_deg, threat, loft_deg, apogee_km=apogee_km, explain=False)
    kind = scenario.threats[known_name("threat", threat, scenario.threats)]
    count = round(kind.objects.at(OPPOSITE[level])) if objects is None else objects
    fusion = fusion_of(resolved)
    if not judged.reachable:
        return KillChains(resolved.name, judged.area, judged.threat, False, judged.reason, None, count, {}, fusion)
    row = _elements(scenario, judged.area, kind, aim_deg, loft_deg, apogee_km)
    flight = _FlightInTrack(scenario, resolved, judged, kind, row, count, level)
    batteries = {name: flight.chain(name, answer, pip_sigma_m) for name, answer in judged.batteries.items()}
    return KillChains(
        resolved.name, judged.area, judged.threat, True, None, judged.flight_time_s, count, batteries, fusion
    )


class _FlightInTrack:
    """One flight with the tracks that an architecture holds of it."""

    def __init__(
        self,
        scenario: Scenario,
        architecture: ResolvedArchitecture,
        judged: Engagement,
        threat: Threat,
        row: NDArray[np.float64],
        objects: int,
        level: Level,
    ) -> None:
        self.scenario, self.architecture, self.judged, self.threat = scenario, architecture, judged, threat
        self.objects, self.level = objects, level
        self.row = row
        self.predicted = PredictedIntercepts(scenario, architecture, self.row, judged.radars)
        self.radars = [name for name in judged.radars if architecture.elements[name].radar is not None]
        self.discriminating = {name: self._discriminates(name) for name in self.radars}  # a satellite does not

    def chain(self, name: str, answer: BatteryAnswer, pip_sigma_m: float | None) -> KillChain:
        """Return a battery's kill chain."""
        battery = self.architecture.elements[name]
        type_name = str(battery.battery)
        interceptor = self.scenario.interceptors[type_name]
        if not answer.intercepts:
            return KillChain(type_name, "no shot: no intercept in time, in reach and supported")
        first, doctrine = answer.intercepts[0], self.architecture.doctrine
        shots = min(len(answer.intercepts) * max(1, round(float(doctrine.salvo))), int(float(battery.count)))
        chain = KillChain(type_name, None, launch_s=first.launch_s, intercept_s=first.intercept_s, shots=shots)
        fixed = interceptor.single_shot_kill_probability
        if fixed is not None:
            return _concluded(replace(chain, fixed=True), fixed.at(self.level))
        missing = [key for key in _FACTORS if getattr(interceptor, key) is None]
        if missing:
            reason = f"interceptor {type_name} gives no single_shot_kill_probability, and no {', '.join(missing)}"
            return replace(chain, reason=reason)
        handover_s = first.intercept_s - float(doctrine.handover_s)
        chain = replace(
            chain,
            reliability=_given(interceptor.reliability).at(self.level),
            selection=self._selection(battery, interceptor, first.launch_s, handover_s),
            hit=_given(interceptor.hit_probability).at(self.level),
        )
        if pip_sigma_m is None:
            pip_sigma_m = self.predicted.sigma(name, first.intercept_s)
        if pip_sigma_m is None:
            return replace(chain, reason="no predicted intercept point: too few looks heard before handover")
        chain = replace(chain, handover=_handover(interceptor, pip_sigma_m, self.level))
        return _concluded(chain, _product(chain))

    def _selection(
        self, battery: Element, interceptor: InterceptorType, launch_s: float, handover_s: float
    ) -> Selection:
        """Return the selection of the warhead: by radars up to handover, by the seeker after it."""
        radars = {}
        for name in self.radars:
            own = name in battery.radars
            if not own and self.architecture.mode == "organic":
                continue
            element = self.architecture.elements[name]
            kind = self.scenario.radars[str(element.radar)]
            since = self.discriminating[name]
            if since is None or kind.discrimination is None:
                continue
            arrives = since + (0.0 if own else self._latency(element))
            if arrives <= handover_s:
                separation = kind.discrimination.separation.at(self.level)
                radars[name] = RadarSeparation(separation, arrives, launch_s - arrives)
        seeker = _given(interceptor.seeker).separation.at(self.level)
        of_radars = combined_separation([radar.separation for radar in radars.values()])
        early = combined_separation([radar.separation for radar in radars.values() if radar.before_launch_s >= 0.0])
        whole = combined_separation([of_radars, seeker])
        n = float(self.objects)
        all_sources, radars_alone, seeker_alone = (
            selection_probability(n, separation) for separation in (whole, of_radars, seeker)
        )
        return Selection(
            objects=self.objects,
            radars=radars,
            seeker_separation=seeker,
            separation=whole,
            probability=all_sources,
            radars_alone=radars_alone,
            seeker_alone=seeker_alone,
            by_chance=1.0 / n,
            at_launch=selection_probability(n, combined_separation([early, seeker])),
            done_by=_discriminating_sensor(self.objects, all_sources, radars_alone, seeker_alone),
        )

    def _discriminates(self, name: str) -> float | None:
        """Return when a radar that holds the track first has the warhead within its discrimination range [s].

        On whole seconds, after burnout; None for never.
        """
        element = self.architecture.elements[name]
        reach, place = self._discrimination_range(self.scenario.radars[str(element.radar)]), element.at
        if reach <= 0.0 or place is None:
            return None
        ux, uy, uz = normal_of(place.latitude_deg * DEGREE, place.longitude_deg * DEGREE)
        site = np.array(position_of_normal(ux, uy, uz, place.altitude_m))
        held = np.array([[self.judged.radars[name].track_s or [(math.nan, math.nan)]]], dtype=np.float32)
        since = WholeSeconds(self.row[np.newaxis]).first_within(
            np.zeros(1, dtype=np.intp), held, site[np.newaxis], np.array([[reach]])
        )[0, 0]
        return float(since) if math.isfinite(since) else None

    def _discrimination_range(self, kind: RadarType) -> float:
        """Return a radar's discrimination range against the class [m]; 0 for none."""
        known, cross_section = kind.discrimination, self.threat.rcs_m2.get(kind.band)
        if known is None or cross_section is None:
            return 0.0
        return range_against(
            known.range_km.at(self.level) * KILOMETRE,
            float(known.reference_rcs_m2),
            float(cross_section),
            float(kind.max_range_km) * KILOMETRE,
        )

    def _latency(self, element: Element) -> float:
        return float(element.latency_s if element.latency_s is not None else self.architecture.network.latency_s)


def _elements(
    scenario: Scenario,
    area: str,
    threat: Threat,
    aim_deg: tuple[float, float],
    loft_deg: float,
    apogee_km: float | None,
) -> NDArray[np.float64]:
    launch = scenario.launch_areas[area].at
    return one_flight(
        (launch.latitude_deg, launch.longitude_deg),
        aim_deg,
        burn_time_s=float(threat.burn_time_s),
        burnout_altitude_km=float(threat.burnout_altitude_km),
        burnout_ground_range_km=float(threat.burnout_ground_range_km),
        loft_deg=loft_deg,
        apogee_km=apogee_km,
    )


def _product(chain: KillChain) -> float:
    """Return the product of the factors of a chain that has them all."""
    factors = ShotFactors(
        reliability=_given(chain.reliability),
        handover=_given(chain.handover).probability,
        selection=_given(chain.selection).probability,
        hit=_given(chain.hit),
    )
    return factors.single_shot_kill_probability


def _concluded(chain: KillChain, single_shot: float) -> KillChain:
    """Return a chain with the kill probability of one shot and of all."""
    every = float(salvo_kill_probability(single_shot, float(chain.shots)))
    return replace(chain, single_shot_kill_probability=single_shot, kill_probability=every)


def _handover(interceptor: InterceptorType, pip_sigma_m: float, level: Level) -> Handover:
    seeker, divert = _given(interceptor.seeker), _given(interceptor.divert_km).at(level) * KILOMETRE
    radius = acquisition_radius(
        seeker.range_km.at(level) * KILOMETRE, seeker.field_of_view_mrad.at(level) * MILLIRADIAN, divert
    )
    return Handover(
        pip_sigma_m=pip_sigma_m,
        radius_km=radius / KILOMETRE,
        bound_by="divert" if radius == divert else "field of view",
        probability=float(handover_probability(radius, pip_sigma_m)),
    )


def _discriminating_sensor(objects: int, all_sources: float, radars_alone: float, seeker_alone: float) -> str:
    """Return which sensor discriminates the warhead, from what is lost without each."""
    if objects == 1:
        return "nothing to select"
    if all_sources - 1.0 / objects <= _MATTERS:
        return "nobody"
    radars_needed, seeker_needed = all_sources - seeker_alone > _MATTERS, all_sources - radars_alone > _MATTERS
    if radars_needed and seeker_needed:
        return "both"
    if radars_needed:
        return "radars"
    return "seeker" if seeker_needed else "either"


def _given(value: _Given | None) -> _Given:
    if value is None:
        raise ValueError("a factor that was checked to be there is missing")
    return value
