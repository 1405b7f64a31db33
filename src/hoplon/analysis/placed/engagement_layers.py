"""One engagement as layers of a map: the flight, and the intercepts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hoplon.analysis.placed.lines import SAMPLES, flight_line
from hoplon.analysis.records import FeatureLayer, PlacedRow
from hoplon.flight.arc import IMPACT_TIME, flight_state
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STEP_S: Final = 10.0  # between samples of a flight
_SAME_PLACE_M: Final = 1000.0  # an intercept whose altitude is farther from the arc's is of a flight that drag slowed


def flight_path(row: NDArray[np.float64], step_s: float = _STEP_S) -> NDArray[np.float64]:
    """Return time [s], latitude, longitude [deg] and altitude [m] along a flight, impact included, shape (m, 4)."""
    impact = float(row[IMPACT_TIME])
    times = np.append(np.arange(0.0, impact, step_s), impact)
    return np.array([(time, *_place(row, float(time))) for time in times])


def _place(row: NDArray[np.float64], time: float) -> tuple[float, float, float]:
    """Return latitude and longitude [deg] and altitude [m] of a flight at a time [s]."""
    ux, uy, uz, altitude, *_ = flight_state(row, time)
    return float(np.degrees(np.arcsin(min(1.0, max(-1.0, uz))))), float(np.degrees(np.arctan2(uy, ux))), float(altitude)


def flight_layers(row: NDArray[np.float64], told: Mapping[str, Any]) -> tuple[FeatureLayer, FeatureLayer]:
    """Return the flight of an engagement as a line, and the places under its samples."""
    path = flight_path(row)
    samples: list[PlacedRow] = [
        (
            shapely.Point(longitude, latitude),
            {"t_s": time, "latitude_deg": latitude, "longitude_deg": longitude, "altitude_km": altitude / KILOMETRE},
        )
        for time, latitude, longitude, altitude in path.tolist()
    ]
    line = [(flight_line(path), {**told, "flight_time_s": float(row[IMPACT_TIME])})]
    return (
        FeatureLayer("flight", "The flight", line, paths=(path,)),
        FeatureLayer(SAMPLES, "Places under the flight", samples),
    )


def intercept_layer(
    row: NDArray[np.float64], shots: Mapping[str, Sequence[tuple[float, float, float, float]]]
) -> FeatureLayer:
    """Return where each shot opportunity of each battery would meet the flight.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Of the flight.
    shots : mapping
        Battery to launch and intercept [s after ignition], altitude and ground range from the battery [km] of each.

    Returns
    -------
    FeatureLayer
        Where drag slows the flight before a battery, its intercepts are not on the arc and have no place.
    """
    rows: list[PlacedRow] = []
    for battery, opportunities in shots.items():
        for number, (launch, time, altitude, distance) in enumerate(opportunities):
            latitude, longitude, above = _place(row, time)
            met = abs(above - altitude * KILOMETRE) <= _SAME_PLACE_M
            told = {
                "battery": battery,
                "shot": number + 1,
                "launch_s": launch,
                "intercept_s": time,
                "altitude_km": altitude,
                "ground_range_km": distance,
            }
            place = shapely.Point(longitude, latitude, altitude * KILOMETRE) if met else None
            rows.append((place, told))
    return FeatureLayer("intercepts", "Shot opportunities", rows)
