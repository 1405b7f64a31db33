"""The flights to one place as paths over the ground, for arcs on a map or a globe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.flights import flown_against, may_launch, one_flight
from hoplon.analysis.trajectory import samples_of
from hoplon.earth.geodesy import ground_range
from hoplon.flight.arc import IMPACT_TIME, STATUS
from hoplon.flight.flight_time import STATUS_REASONS
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.scenario.model import Scenario, Threat

_VERTICES: Final = 64  # of a path, besides its impact
_DECIMALS: Final = 4  # of degrees: about ten metres


def paths_to(
    scenario: Scenario, architecture: str, place: tuple[float, float], threats: Sequence[str], areas: Sequence[str]
) -> dict[str, Any]:
    """Return the flights of some classes from some launch areas to a place, at the lofts an architecture is judged on.

    Parameters
    ----------
    scenario : Scenario
    architecture : str
    place : tuple of float
        Latitude and longitude [deg].
    threats, areas : sequence of str

    Returns
    -------
    dict
        ``tracks``: class, launch area, loft, and time [s], latitude, longitude [deg] and altitude [km] along the path;
        ``refused``: class, launch area and the reason why it does not fly.
    """
    flown = flown_against(scenario, scenario.architecture(architecture))
    tracks: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    for area in areas:
        at = flown.launch_areas[area].at
        launch = at.latitude_deg, at.longitude_deg
        distance = float(ground_range(*launch, *place)) / KILOMETRE
        for name in threats:
            threat = flown.threats[name]
            reason = _out_of_reach(threat, area, distance)
            if reason:
                refused.append({"threat": name, "area": area, "reason": reason})
                continue
            for loft in threat.lofts_deg:
                found = _path(threat, launch, place, loft)
                if isinstance(found, str):
                    refused.append({"threat": name, "area": area, "reason": found})
                else:
                    tracks.append({"threat": name, "area": area, "loft_deg": loft, **found})
    return {"tracks": tracks, "refused": refused}


def _out_of_reach(threat: Threat, area: str, distance_km: float) -> str:
    if not may_launch(threat, area):
        return f"not launched from {area}"
    least, most = float(threat.min_range_km), float(threat.max_range_km)
    if least <= distance_km <= most:
        return ""
    return f"{distance_km:.0f} km is outside the reach of the class, {least:g} to {most:g} km"


def _path(threat: Threat, launch: tuple[float, float], place: tuple[float, float], loft: float) -> dict[str, Any] | str:
    row = one_flight(
        launch,
        place,
        burn_time_s=float(threat.burn_time_s),
        burnout_altitude_km=float(threat.burnout_altitude_km),
        burnout_ground_range_km=float(threat.burnout_ground_range_km),
        loft_deg=loft,
    )
    if reason := STATUS_REASONS[int(row[STATUS])]:
        return str(reason)
    impact = float(row[IMPACT_TIME])
    samples = samples_of(row, impact / _VERTICES)
    return {
        "burnout_s": float(threat.burn_time_s),
        "impact_s": impact,
        "apogee_km": round(float(samples[:, 3].max()), 3),
        "time_s": samples[:, 0].round(2).tolist(),
        "lat": samples[:, 1].round(_DECIMALS).tolist(),
        "lon": samples[:, 2].round(_DECIMALS).tolist(),
        "altitude_km": samples[:, 3].round(3).tolist(),
    }
