"""The sensors of a raid model from a scenario: radars, tracking satellites, satellites that warn, and their looks."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.radar_range import reference_range_km
from hoplon.backbone.draws import LOOK_CERTAIN
from hoplon.backbone.raid_model import RadarEntry, SatelliteEntry
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.flight.arc import slant_ranges
from hoplon.sensing.detection import look_detection_probability
from hoplon.sensing.radar import Radar, range_against
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.backbone.doctrine import Conditions
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Element, ResolvedArchitecture, Scenario
    from hoplon.sensing.satellite import TrackingSatellite

LEAST_UPDATE: Final = 0.01  # [s] between looks of a radar


def key_of_name(name: str) -> int:
    """Return a number of 31 bits that stands for a name in the keys of draws, whatever else is in the scenario."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "big") >> 1


def availability_of(element: Element) -> float:
    """Return the chance that an element works at all in a raid; 1 where the scenario does not say."""
    return 1.0 if element.availability is None else float(element.availability)


def radar_entry(scenario: Scenario, element: Element, name: str, radar: Radar, home: int) -> RadarEntry:
    """Return a radar as the raid model takes it, bound to its ``home`` node."""
    kind = scenario.radars[str(element.radar)]
    return RadarEntry(
        key=key_of_name(name),
        update=max(LEAST_UPDATE, float(kind.update_s)),
        acquisition=radar.acquisition,
        cued_acquisition=radar.cued_acquisition,
        capacity=0 if kind.capacity is None else max(1, int(float(kind.capacity))),
        requires_cue=radar.requires_cue,
        tasked=radar.tasked,
        latency=radar.latency,
        home=home,
        availability=availability_of(element),
        supports=kind.may_support,
    )


def tracking_entry(
    scenario: Scenario,
    element: Element,
    name: str,
    satellite: TrackingSatellite,
    home: int,
    burn_times: Sequence[float],
) -> RadarEntry:
    """Return a tracking satellite as the raid model takes it: a radar that misses nothing, and may warn too."""
    kind = scenario.satellites[str(element.satellite)]
    return RadarEntry(
        key=key_of_name(name),
        update=max(LEAST_UPDATE, satellite.update),
        acquisition=satellite.acquisition,
        cued_acquisition=satellite.acquisition,
        capacity=0,
        requires_cue=False,
        tasked=False,
        latency=satellite.latency,
        home=home,
        availability=availability_of(element),
        after_burnout=satellite.acquisition,
        seen=tuple(map(kind.alert_of, burn_times)),
    )


def satellite_entry(
    scenario: Scenario, architecture: ResolvedArchitecture, name: str, element: Element, burn_times: Sequence[float]
) -> SatelliteEntry:
    """Return a satellite that warns alone as the raid model takes it; ``burn_times`` [s] are those of the missiles."""
    kind = scenario.satellites[str(element.satellite)]
    latency = element.latency_s if element.latency_s is not None else architecture.network.latency_s
    seen = tuple(map(kind.alert_of, burn_times))
    return SatelliteEntry(key_of_name(name), float(latency), seen, availability_of(element))


def looks_of(
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    defence: Defence,
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    conditions: Conditions,
    seconds: int,
) -> NDArray[np.int32]:
    """Return the thresholds of looks by radar, flight, (search, cued), second: 0 outside the range of each.

    A satellite's looks miss nothing.
    """
    looks = np.full((len(defence.sensors), len(elements), 2, seconds), LOOK_CERTAIN, dtype=np.int32)
    looks[: len(defence.radars)] = 0
    names = list(scenario.threats)
    for index, (name, radar) in enumerate(zip(defence.radar_names, defence.radars, strict=True)):
        kind = scenario.radars[str(architecture.elements[name].radar)]
        place = np.array(
            position_of_normal(*normal_of(radar.latitude, radar.longitude), radar.altitude), dtype=np.float64
        )
        for flight, row in enumerate(elements):
            slant = slant_ranges(row, place, seconds)
            cross_section = scenario.threats[names[classes[flight]]].rcs_m2.get(kind.band)
            if cross_section is None:
                continue
            for beam, (reference, limits) in enumerate(
                ((kind.search, radar.search_ranges), (kind.track, radar.track_ranges))
            ):
                reach = range_against(
                    reference_range_km(reference) * KILOMETRE,
                    float(reference.reference_rcs_m2),
                    float(cross_section),
                    math.inf,
                )
                seen = look_detection_probability(slant, reach, conditions.false_alarm)
                if conditions.perfect_sensing:
                    seen = np.ones_like(seen)
                # A whole second on the edge of cover was judged by the interval itself: a metre is let go there.
                inside = slant <= limits[classes[flight]] + 1e4
                looks[index, flight, beam] = np.where(inside, np.round(seen * LOOK_CERTAIN), 0.0).astype(np.int32)
    return looks
