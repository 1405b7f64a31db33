"""An architecture of a scenario as kernels take it: the one place where file units become SI."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from hoplon.analysis.corners import OPPOSITE as OPPOSITE
from hoplon.analysis.corners import at_corner
from hoplon.analysis.radar_range import reference_range_km
from hoplon.defence.assembly import Defence
from hoplon.errors import HoplonError
from hoplon.intercept.battery import Battery, Timing
from hoplon.intercept.reach import Interceptor
from hoplon.sensing.radar import Radar, range_against
from hoplon.sensing.satellite import TrackingSatellite
from hoplon.units import DEGREE, KILOMETRE, MILLIRADIAN

if TYPE_CHECKING:
    from hoplon.scenario.model import Doctrine, Element, Level, RadarType, ResolvedArchitecture, Scenario

LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")
CENTRAL_FORMS: Final = frozenset({"hub", "hub_hot", "hub_cold"})  # of command, in which one node has every look


def defence_of(scenario: Scenario, architecture: ResolvedArchitecture, level: Level = "base") -> Defence:
    """Turn an architecture into kernel records.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
        From ``scenario.architecture(name)``.
    level : {"low", "base", "high"}
        Worst corner, base values or best corner of the disputed inputs (:mod:`hoplon.analysis.corners`).
    """
    scenario, architecture = at_corner(scenario, architecture, level)
    of_form = {form: _elements(architecture, form) for form in ("radar", "satellite")}
    of_form["battery"] = {
        name: element for name, element in _elements(architecture, "battery").items() if not element.partner
    }  # a partner's element is never tasked
    doctrine, network_latency = architecture.doctrine, float(architecture.network.latency_s)
    radar_names = tuple(of_form["radar"])
    radars = tuple(_radar(scenario, element, network_latency) for element in of_form["radar"].values())
    tracking = _tracking_satellites(scenario, architecture)
    satellites = tuple(_satellite(scenario, element, network_latency) for element in tracking.values())
    roles = tuple(scenario.radars[str(element.radar)].may_support for element in of_form["radar"].values())
    supporters = {place for place, role in enumerate((*roles, *(True for _ in satellites))) if role}
    types = tuple(dict.fromkeys(str(element.battery) for element in of_form["battery"].values()))
    salvo = max(1, round(float(doctrine.salvo)))
    remote_commit, remote_support = architecture.mode != "organic", architecture.mode == "engage_on_remote"
    batteries = tuple(
        Battery(
            latitude=element.at.latitude_deg * DEGREE if element.at else math.nan,
            longitude=element.at.longitude_deg * DEGREE if element.at else math.nan,
            reach=types.index(str(element.battery)),
            own_radars=own,
            remote_commit=remote_commit,
            supporters=tuple(sorted(supporters if remote_support else supporters.intersection(own))),
            shots=int(float(element.count)) // salvo,
        )
        for element in of_form["battery"].values()
        for own in (tuple(radar_names.index(name) for name in element.radars if name in radar_names),)
    )
    return Defence(
        architecture=architecture.name,
        level=level,
        radar_names=radar_names,
        battery_names=tuple(of_form["battery"]),
        radars=radars,
        batteries=batteries,
        interceptors=tuple(_interceptor(scenario, name) for name in types),
        timing=Timing(
            firm_track=float(doctrine.firm_track_s),
            decision=float(doctrine.decision_s),
            reaction=float(doctrine.reaction_s),
            support=float(doctrine.support_s),
            handover=float(doctrine.handover_s),
            kill_assessment=float(doctrine.kill_assessment_s),
            look=doctrine.look,
            handover_error=handover_error(doctrine),
            central=fusion_of(architecture) == "central",
        ),
        alerts=alerts_of(scenario, architecture),
        networked=architecture.mode != "organic",
        shots_required=max(1, round(float(doctrine.shots_required))),
        salvo=salvo,
        satellites=satellites,
        satellite_names=tuple(tracking),
    )


def fusion_of(architecture: ResolvedArchitecture) -> str:
    """Return how an architecture fuses looks: a name of :data:`hoplon.sensing.quality.FUSIONS`.

    Centrally where one node has every look; else the local tracks are intersected.
    """
    return "central" if architecture.c2 in CENTRAL_FORMS else "covariance_intersection"


def handover_error(doctrine: Doctrine) -> float | None:
    """Return the greatest error of a predicted intercept [m] that supports one; None where a held track does."""
    if doctrine.support == "held":
        return None
    if doctrine.handover_error_km is None:
        raise HoplonError(
            "support: predicted needs handover_error_km, the greatest error of the predicted intercept point; "
            "state it beside support in the doctrine"
        )
    return float(doctrine.handover_error_km) * KILOMETRE


def alerts_of(scenario: Scenario, architecture: ResolvedArchitecture) -> tuple[float, ...]:
    """Return by threat class when an alert reaches every node [s], latency included; infinite for never."""
    arrivals = []
    for threat in scenario.threats.values():
        earliest = math.inf
        for element in _elements(architecture, "satellite").values():
            kind = scenario.satellites[str(element.satellite)]
            latency = float(element.latency_s if element.latency_s is not None else architecture.network.latency_s)
            alert = kind.alert_of(float(threat.burn_time_s))
            if alert is not None:
                earliest = min(earliest, alert + latency)
        arrivals.append(earliest)
    return tuple(arrivals)


def _tracking_satellites(scenario: Scenario, architecture: ResolvedArchitecture) -> dict[str, Element]:
    """Return the satellites that follow the body after burnout; none in the organic mode: nothing is networked."""
    if architecture.mode == "organic":
        return {}
    placed = _elements(architecture, "satellite")
    return {n: element for n, element in placed.items() if scenario.satellites[str(element.satellite)].tracking}


def _satellite(scenario: Scenario, element: Element, network_latency: float) -> TrackingSatellite:
    tracking = scenario.satellites[str(element.satellite)].tracking
    if tracking is None:
        raise ValueError("a satellite that does not track")
    return TrackingSatellite(
        track_starts=tuple(
            float(threat.burn_time_s) + float(tracking.acquisition_s) for threat in scenario.threats.values()
        ),
        acquisition=float(tracking.acquisition_s),
        minimum_altitude=float(tracking.min_altitude_km) * KILOMETRE,
        latency=float(element.latency_s) if element.latency_s is not None else network_latency,
        update=float(tracking.update_s),
        position_sigma=float(tracking.position_sigma_m),
        partner=element.partner,
    )


def _elements(architecture: ResolvedArchitecture, form: str) -> dict[str, Element]:
    return {name: element for name, element in architecture.elements.items() if element.form == form}


def _radar(scenario: Scenario, element: Element, network_latency: float) -> Radar:
    kind = scenario.radars[str(element.radar)]
    place = element.at
    if place is None:
        raise ValueError("a radar without a place")
    halfwidth = kind.sector_halfwidth_deg
    return Radar(
        latitude=place.latitude_deg * DEGREE,
        longitude=place.longitude_deg * DEGREE,
        altitude=place.altitude_m,
        search_ranges=radar_ranges(scenario, kind, search=True),
        track_ranges=radar_ranges(scenario, kind, search=False),
        minimum_range=float(kind.min_range_km) * KILOMETRE if kind.min_range_km is not None else 0.0,
        elevation_low=float(kind.elevation_deg[0]) * DEGREE,
        elevation_high=float(kind.elevation_deg[1]) * DEGREE,
        boresights=tuple(float(azimuth) * DEGREE for azimuth in element.boresights_deg),
        sector_halfwidth=float(halfwidth) * DEGREE if halfwidth is not None else None,
        acquisition=float(kind.acquisition_s),
        cued_acquisition=float(kind.cued_acquisition_s),
        requires_cue=kind.requires_cue,
        tasked=not element.partner,
        latency=float(element.latency_s) if element.latency_s is not None else network_latency,
        update=float(kind.update_s),
        range_sigma=float(kind.range_sigma_m),
        angle_sigma=float(kind.angle_sigma_mrad) * MILLIRADIAN,
    )


def radar_ranges(scenario: Scenario, kind: RadarType, *, search: bool) -> tuple[float, ...]:
    """Return the range against each class [m]; 0 against a class without a cross-section in the band."""
    reference = kind.search if search else kind.track
    ranges = []
    for threat in scenario.threats.values():
        cross_section = threat.rcs_m2.get(kind.band)
        ranges.append(
            0.0
            if cross_section is None
            else range_against(
                reference_range_km(reference) * KILOMETRE,
                float(reference.reference_rcs_m2),
                float(cross_section),
                float(kind.max_range_km) * KILOMETRE,
            )
        )
    return tuple(ranges)


def _interceptor(scenario: Scenario, name: str) -> Interceptor:
    kind = scenario.interceptors[name]
    burnout_speed = float(kind.burnout_speed_km_s)
    return Interceptor(
        burnout_speed=burnout_speed * KILOMETRE,
        burn_time=float(kind.burn_time_s),
        altitude_low=float(kind.intercept_altitude_km[0]) * KILOMETRE,
        altitude_high=float(kind.intercept_altitude_km[1]) * KILOMETRE,
        maximum_flight_time=float(kind.max_flight_time_s),
        minimum_elevation=float(kind.min_elevation_deg) * DEGREE,
        slowest_burnout=min(float(kind.min_burnout_speed_km_s), burnout_speed) * KILOMETRE,
    )
