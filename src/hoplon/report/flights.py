"""One threat flight and one interceptor fly-out, for :mod:`hoplon.api`.

Nothing heavy is imported until a function needs it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hoplon.analysis.records import provenance_of
from hoplon.errors import InputError
from hoplon.scenario.given.place import place_of
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in

if TYPE_CHECKING:
    from hoplon.analysis.trajectory import FlyoutTime, Trajectory

DEFAULT_SCENARIO: Final = "nato-europe"
PlaceDeg = tuple[float, float]
"""Latitude and longitude [degrees north and east]."""


def trajectory(
    launch: PlaceDeg,
    aim: PlaceDeg,
    *,
    scenario: GivenScenario | None = None,
    threat: str | None = None,
    burn_time_s: float | None = None,
    burnout_altitude_km: float | None = None,
    burnout_ground_range_km: float | None = None,
    loft_deg: float = 0.0,
    apogee_km: float | None = None,
    step_s: float = 10.0,
) -> Trajectory:
    """Solve one flight; places are (latitude, longitude) in degrees.

    Parameters
    ----------
    launch, aim : pair of float
    scenario, threat : optional
        A class of a scenario, whose reach is kept to; else the three numbers of a class of your own.
    burn_time_s, burnout_altitude_km, burnout_ground_range_km : float, optional
    loft_deg : float
        Added to the flight-path angle of least energy.
    apogee_km : float, optional
        Greatest altitude above the ellipsoid, in place of a loft.
    step_s : float
        Between samples.

    Raises
    ------
    InputError
        For a place or a number that is none, or a flight of neither a threat nor all three numbers.
    HoplonError
        For numbers out of range, or both a loft and an apogee. A flight that does not exist is an answer.
    """
    launch, aim = place_of("launch", launch, 360.0), place_of("aim", aim, 360.0)
    given = {
        "burn_time_s": burn_time_s,
        "burnout_altitude_km": burnout_altitude_km,
        "burnout_ground_range_km": burnout_ground_range_km,
    }
    flown = {key: float(value) for key, value in given.items() if value is not None}
    reach, made = None, {}
    if threat is not None:
        if flown:
            raise InputError(f"trajectory: either a threat, or {', '.join(given)}; not both")
        loaded = loaded_scenario(DEFAULT_SCENARIO if scenario is None else scenario)
        kind = loaded.threats[name_in(loaded, "threat", threat)]
        flown = {key: float(getattr(kind, key)) for key in given}
        made = {"threat": threat, **provenance_of(loaded.name, loaded.sha256)}
        reach = (float(kind.min_range_km), float(kind.max_range_km))
    if len(flown) < len(given):
        raise InputError(f"trajectory: a threat of a scenario, or all of {', '.join(given)}, was expected")
    from hoplon.analysis.trajectory import trajectory

    found = replace(trajectory(launch, aim, **flown, loft_deg=loft_deg, apogee_km=apogee_km, step_s=step_s), made=made)
    return found if reach is None else found.within_reach(*reach)


def flyout(
    *,
    burnout_speed_km_s: float,
    burn_time_s: float,
    ground_range_km: float,
    altitude_km: float,
    min_elevation_deg: float = 15.0,
    min_burnout_speed_km_s: float | None = None,
) -> FlyoutTime:
    """Return the least fly-out time of an interceptor to a point: ``time_s`` [s], None when no path reaches it.

    It may give up speed down to ``min_burnout_speed_km_s``, by default the lesser of 1 and its burnout speed.

    Raises
    ------
    InputError, HoplonError
        For what is no number, and for one out of range.
    """
    from hoplon.analysis.trajectory import FlyoutTime, flyout, least_burnout_speed

    asked = {
        "burnout_speed_km_s": burnout_speed_km_s,
        "burn_time_s": burn_time_s,
        "ground_range_km": ground_range_km,
        "altitude_km": altitude_km,
        "min_elevation_deg": min_elevation_deg,
        "min_burnout_speed_km_s": least_burnout_speed(min_burnout_speed_km_s, burnout_speed_km_s),
    }
    return FlyoutTime(**asked, time_s=flyout(**asked))
