"""One flight judged by an architecture, asked for by names, for :mod:`hoplon.api`: engagement, tracks, kill chain.

Nothing heavy is imported until a function needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hoplon.scenario.given.place import place_of
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.analysis.engagement import Engagement
    from hoplon.analysis.kill_chain import KillChains
    from hoplon.analysis.track import TrackAnswer
    from hoplon.scenario.model import Level, Scenario

Place = tuple[float, float]
"""Latitude and longitude [degrees north and east]."""


def _flight(
    scenario: GivenScenario, architecture: str, area: str, aim: Any, threat: str
) -> tuple[Scenario, str, str, Place, str]:
    """Return scenario, names and place of one flight, each checked before anything is computed."""
    loaded = loaded_scenario(scenario)
    architecture = name_in(loaded, "architecture", architecture)
    area = name_in(loaded, "launch area", area)
    threat = name_in(loaded, "threat", threat)
    return loaded, architecture, area, place_of("aim", aim), threat


def engage(
    scenario: GivenScenario,
    architecture: str,
    area: str,
    aim: Place,
    threat: str,
    loft_deg: float = 0.0,
    year: int | None = None,
    drag: bool = False,
    apogee_km: float | None = None,
) -> Engagement:
    """Judge one flight by an architecture and explain the answer; ``aim`` is (latitude, longitude) in degrees.

    With ``drag`` the air slows the flight below 100 km before the batteries that intercept there alone. With
    ``apogee_km`` its greatest altitude takes the place of the loft.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not have.
    InputError
        For an aim that is no place, or what is no number. A flight that does not exist is an answer.
    """
    flight = _flight(scenario, architecture, area, aim, threat)
    from hoplon.analysis.engagement import engagement

    return engagement(*flight, loft_deg=loft_deg, year=year, drag=drag, apogee_km=apogee_km)


def track(
    scenario: GivenScenario,
    architecture: str,
    area: str,
    aim: Place,
    threat: str,
    *,
    loft_deg: float = 0.0,
    year: int | None = None,
    lose: Mapping[str, float] | None = None,
    fusion: str | None = None,
    step_s: float = 10.0,
) -> TrackAnswer:
    """Return how early and how well each radar, and the sensor network, know one flight.

    ``lose`` gives the radars that are switched off, and when [s]; ``fusion`` how looks are fused in place of what the
    architecture's ``c2`` has: central, covariance_intersection or single_best.
    """
    flight = _flight(scenario, architecture, area, aim, threat)
    from hoplon.analysis.track import track

    found = track(*flight, loft_deg=loft_deg, year=year, lose=lose or {}, fusion=fusion, step_s=step_s)
    return found.made_from(flight[0])


def kill_chain(
    scenario: GivenScenario,
    architecture: str,
    area: str,
    aim: Place,
    threat: str,
    *,
    loft_deg: float = 0.0,
    apogee_km: float | None = None,
    objects: int | None = None,
    pip_sigma_m: float | None = None,
    level: Level = "base",
) -> KillChains:
    """Return what one shot of each battery is worth, factor by factor, and which sensor discriminates the warhead.

    ``objects`` counts the warhead and its look-alikes in place of the class's own number; ``pip_sigma_m`` is the error
    of the predicted intercept point in place of the one that the track gives; ``apogee_km`` takes the place of the
    loft; ``level`` is that of every factor of the kill probability, with the geometry at base.
    """
    flight = _flight(scenario, architecture, area, aim, threat)
    from hoplon.analysis.defence import LEVELS
    from hoplon.analysis.kill_chain import kill_chains

    known_name("level", level, LEVELS)
    way: dict[str, Any] = {"loft_deg": loft_deg, "apogee_km": apogee_km}
    found = kill_chains(*flight, **way, objects=objects, pip_sigma_m=pip_sigma_m, level=level)
    return found.made_from(flight[0])
