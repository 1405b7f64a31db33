"""One flight, as numbers and samples; one fly-out time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hoplon.analysis.flights import one_flight, turning_note
from hoplon.analysis.placed.lines import SAMPLES, flight_line
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row
from hoplon.earth.geodesy import ground_range
from hoplon.errors import HoplonError, InputError
from hoplon.extras import extra
from hoplon.flight.arc import (
    AZIMUTH,
    BURNOUT_FLIGHT_PATH_ANGLE,
    BURNOUT_SPEED,
    IMPACT_TIME,
    STATUS,
    apogee,
    flight_state,
)
from hoplon.flight.flight_time import STATUS_REASONS
from hoplon.intercept.flyout import flyout_time
from hoplon.units import DEGREE, KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

MOST_APOGEE_KM = 100_000.0
DEFAULT_LEAST_SPEED_KM_S = 1.0  # of the scenario format


@dataclass(frozen=True, repr=False)
class Trajectory(Answer):
    """A flight from a launch point to an aim point; numbers are None where no trajectory exists.

    Attributes
    ----------
    reachable : bool
    reason : str or None
        Why there is no trajectory.
    ground_range_km, flight_time_s, burnout_speed_km_s, burnout_flight_path_angle_deg, apogee_km, azimuth_deg : float
        Burnout speed and flight-path angle are inertial; apogee is above the ellipsoid; azimuth at launch is clockwise
        from north.
    samples : ndarray, shape (m, 4)
        Time [s], geodetic latitude and longitude [deg], altitude [km]; the last row is the impact.
    note : str
        What is odd about the flight.
    made : mapping
        Version, and of a class of a scenario its name, the scenario and its digest, for files.
    """

    reachable: bool
    reason: str | None
    ground_range_km: float
    flight_time_s: float | None
    burnout_speed_km_s: float | None
    burnout_flight_path_angle_deg: float | None
    apogee_km: float | None
    azimuth_deg: float | None
    samples: NDArray[np.float64]
    note: str = ""
    made: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        told = {key: value for key, value in vars(self).items() if key not in ("note", "made")}
        return {**told, "samples": self.samples.tolist()}

    def line(self) -> str:
        """Return range, time and apogee in one line."""
        if not self.reachable:
            return f"out of reach: {self.reason}"
        return f"{self.ground_range_km:.0f} km in {self.flight_time_s:.0f} s, apogee {self.apogee_km:.0f} km"

    def rows(self) -> list[Row]:
        """Return the samples."""
        names = ("t_s", "latitude_deg", "longitude_deg", "altitude_km")
        return [dict(zip(names, sample, strict=True)) for sample in self.samples.tolist()]

    def placed_rows(self) -> list[PlacedRow]:
        """Return the place under each sample with the sample."""
        return list(zip(np.asarray(shapely.points(self.samples[:, [2, 1]])), self.rows(), strict=True))

    def provenance(self) -> dict[str, Any]:
        """Return version, and scenario and digest of a class of a scenario."""
        return {**super().provenance(), **self.made}

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the samples, and the flight as one line with its altitudes and times.

        Raises
        ------
        InputError
            If there is no trajectory.
        """
        if not len(self.samples):
            raise InputError(f"there is no trajectory to write: {self.reason}")
        path = self.samples * np.array([1.0, 1.0, 1.0, KILOMETRE])
        told = {key: value for key, value in self.as_json().items() if key != "samples"}
        flight = FeatureLayer("flight", self.line(), [(flight_line(path), told)], {"reason": str}, (path,))
        return (FeatureLayer(SAMPLES, "Places under the flight", self.placed_rows()), flight)

    def as_dataset(self) -> xr.Dataset:
        """Return the samples as labelled arrays over time."""
        with extra("netcdf", "as_dataset"):
            import xarray as xr

        names = ("latitude_deg", "longitude_deg", "altitude_km")
        numbers = {key: value for key, value in self.as_json().items() if key != "samples" and value is not None}
        return xr.Dataset(
            {name: ("t_s", self.samples[:, place].copy()) for place, name in enumerate(names, start=1)},
            coords={"t_s": self.samples[:, 0].copy()},
            attrs={key: int(value) if isinstance(value, bool) else value for key, value in numbers.items()},
        )

    def within_reach(self, least_km: float, most_km: float) -> Trajectory:
        """Return the flight judged by the reach of its class: out of reach where the ground range lies outside it."""
        if least_km <= self.ground_range_km <= most_km:
            return self
        distance = f"{self.ground_range_km:.0f} km"
        reason = f"{distance} is outside the reach of the class, {least_km:g} to {most_km:g} km"
        return replace(self, reachable=False, reason=reason)


@dataclass(frozen=True, repr=False)
class FlyoutTime(Answer):
    """The least time in which an interceptor reaches a point [s]; ``time_s`` is None when no path passes it."""

    burnout_speed_km_s: float
    burn_time_s: float
    ground_range_km: float
    altitude_km: float
    min_elevation_deg: float
    min_burnout_speed_km_s: float
    time_s: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return dict(vars(self))

    def line(self) -> str:
        """Return the point and the time in one line."""
        time = "no path" if self.time_s is None else f"{self.time_s:.1f} s"
        return f"{self.ground_range_km:g} km away, {self.altitude_km:g} km high: {time}"

    def rows(self) -> list[Row]:
        """Return one row: the interceptor, the point and the time."""
        return [self.as_json()]


def trajectory(
    launch_deg: tuple[float, float],
    aim_deg: tuple[float, float],
    *,
    burn_time_s: float,
    burnout_altitude_km: float,
    burnout_ground_range_km: float,
    loft_deg: float = 0.0,
    apogee_km: float | None = None,
    step_s: float = 10.0,
) -> Trajectory:
    """Solve one flight.

    Parameters
    ----------
    launch_deg, aim_deg : tuple of float
        Latitude and longitude [deg].
    burn_time_s, burnout_altitude_km, burnout_ground_range_km : float
        Of the class; none negative.
    loft_deg : float
        Added to the flight-path angle of least energy.
    apogee_km : float, optional
        Greatest altitude of the flight, in place of a loft. One too low for any flight is an answer.
    step_s : float
        Between samples, positive.

    Raises
    ------
    HoplonError
        For numbers out of range, or both a loft and an apogee. A flight that does not exist is an answer.
    """
    _require("burn_time_s", burn_time_s, 0.0, 3600.0)
    _require("burnout_altitude_km", burnout_altitude_km, 0.0, 5000.0)
    _require("burnout_ground_range_km", burnout_ground_range_km, 0.0, 20000.0)
    _require("loft_deg", loft_deg, -90.0, 90.0)
    _require("step_s", step_s, 1e-3, 1e6)
    require_one_way(loft_deg, apogee_km)
    for name, (latitude, longitude) in (("launch", launch_deg), ("aim", aim_deg)):
        _require(f"{name} latitude [deg]", latitude, -90.0, 90.0)
        _require(f"{name} longitude [deg]", longitude, -180.0, 360.0)
    row = one_flight(
        launch_deg,
        aim_deg,
        burn_time_s=burn_time_s,
        burnout_altitude_km=burnout_altitude_km,
        burnout_ground_range_km=burnout_ground_range_km,
        loft_deg=loft_deg,
        apogee_km=apogee_km,
    )
    distance = float(ground_range(*launch_deg, *aim_deg)) / KILOMETRE
    reason = STATUS_REASONS[int(row[STATUS])] or None
    if reason is not None:
        return Trajectory(False, reason, distance, None, None, None, None, None, np.empty((0, 4)))
    return Trajectory(
        reachable=True,
        reason=None,
        ground_range_km=distance,
        flight_time_s=float(row[IMPACT_TIME]),
        burnout_speed_km_s=float(row[BURNOUT_SPEED]) / KILOMETRE,
        burnout_flight_path_angle_deg=float(row[BURNOUT_FLIGHT_PATH_ANGLE]) / DEGREE,
        apogee_km=float(apogee(row)) / KILOMETRE,
        azimuth_deg=float(row[AZIMUTH]) / DEGREE % 360.0,
        samples=samples_of(row, step_s),
        note=turning_note(distance, burnout_ground_range_km),
    )


def require_one_way(loft_deg: float, apogee_km: float | None) -> None:
    """Refuse a loft beside an apogee, and an apogee out of range.

    Raises
    ------
    HoplonError
    """
    if apogee_km is None:
        return
    _require("apogee_km", apogee_km, 0.0, MOST_APOGEE_KM)
    if loft_deg != 0.0:
        raise HoplonError(f"either a loft or an apogee names a flight; got {loft_deg:g} degrees and {apogee_km:g} km")


def samples_of(row: NDArray[np.float64], step_s: float) -> NDArray[np.float64]:
    """Return time [s], latitude, longitude [deg] and altitude [km] along a flight, impact included."""
    impact = float(row[IMPACT_TIME])
    times = np.append(np.arange(0.0, impact, step_s), impact)
    states = np.array([flight_state(row, time) for time in times])
    return np.stack(
        [
            times,
            np.degrees(np.arcsin(np.clip(states[:, 2], -1.0, 1.0))),
            np.degrees(np.arctan2(states[:, 1], states[:, 0])),
            states[:, 3] / KILOMETRE,
        ],
        axis=-1,
    )


def flyout(
    *,
    burnout_speed_km_s: float,
    burn_time_s: float,
    ground_range_km: float,
    altitude_km: float,
    min_elevation_deg: float = 15.0,
    min_burnout_speed_km_s: float | None = None,
) -> float | None:
    """Return the least fly-out time of an interceptor to a point [s], None when no path reaches it.

    ``min_burnout_speed_km_s`` as :func:`least_burnout_speed` takes it.

    Raises
    ------
    HoplonError
        For numbers out of range.
    """
    _require("burnout_speed_km_s", burnout_speed_km_s, 1e-3, 100.0)
    _require("burn_time_s", burn_time_s, 0.0, 3600.0)
    _require("ground_range_km", ground_range_km, 0.0, 20015.0)
    _require("altitude_km", altitude_km, 0.0, 50000.0)
    _require("min_elevation_deg", min_elevation_deg, 0.0, 90.0)
    slowest = least_burnout_speed(min_burnout_speed_km_s, burnout_speed_km_s)
    time = flyout_time(
        burnout_speed_km_s * KILOMETRE,
        burn_time_s,
        min_elevation_deg * DEGREE,
        ground_range_km * KILOMETRE,
        altitude_km * KILOMETRE,
        slowest * KILOMETRE,
    )
    return time if math.isfinite(time) else None


def least_burnout_speed(asked_km_s: float | None, burnout_speed_km_s: float) -> float:
    """Return the speed [km/s] down to which an interceptor may give up speed: the lesser of 1 and its own if None.

    Raises
    ------
    HoplonError
        For one above the burnout speed.
    """
    if asked_km_s is None:
        return min(DEFAULT_LEAST_SPEED_KM_S, burnout_speed_km_s)
    _require("min_burnout_speed_km_s", asked_km_s, 1e-3, burnout_speed_km_s)
    return asked_km_s


def _require(name: str, value: float, low: float, high: float) -> None:
    if not (math.isfinite(value) and low <= value <= high):
        raise HoplonError(f"{name} must lie in [{low:g}, {high:g}], got {value:g}")
