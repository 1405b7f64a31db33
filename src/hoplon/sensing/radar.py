"""Radars: a placed radar, its range by the fourth root of a cross-section, its numbers as kernels take them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.earth.geodesy import heading_vector, normal_of, position_of_normal
from hoplon.flight.information import SENSOR_COLUMNS, satellite_row, sensor_row
from hoplon.sensing.satellite import TrackingSatellite
from hoplon.sensing.volume import (
    ACQUISITION,
    BORESIGHTS,
    COSINE_HALFWIDTH,
    LEAST_ALTITUDE,
    MINIMUM_SQUARED,
    PARAMETERS,
    PLACE,
    SINE_HIGH,
    SINE_LOW,
    UP,
)

_ALL_ROUND = -2.0  # a cosine that every bearing exceeds


@dataclass(frozen=True)
class Radar:
    """A placed radar, SI and radians.

    Attributes
    ----------
    latitude, longitude : float
        Geodetic [rad].
    altitude : float
        Above the ellipsoid [m].
    search_ranges, track_ranges : tuple of float
        Greatest slant range against each threat class [m], in search and in track (cued).
    minimum_range : float
        [m].
    elevation_low, elevation_high : float
        Above the local geodetic horizon [rad]. Whatever they say the Earth ends the view: below zero a radar on a
        height sees down to the edge of the ellipsoid.
    boresights : tuple of float
        Azimuths clockwise from north [rad]; empty for all round.
    sector_halfwidth : float or None
        About each boresight [rad]; None for all round.
    acquisition, cued_acquisition : float
        Time in cover before a track starts, alone and with a cue [s].
    requires_cue : bool
        Starts no track of its own.
    tasked : bool
        Accepts cues; a partner's radar does not (a read-only feed is never tasked).
    latency : float
        Of its reports through the network [s].
    update : float
        Time between looks at a track [s].
    range_sigma, angle_sigma : float
        Errors of a look [m], [rad].
    """

    latitude: float
    longitude: float
    altitude: float
    search_ranges: tuple[float, ...]
    track_ranges: tuple[float, ...]
    minimum_range: float
    elevation_low: float
    elevation_high: float
    boresights: tuple[float, ...]
    sector_halfwidth: float | None
    acquisition: float
    cued_acquisition: float
    requires_cue: bool
    tasked: bool
    latency: float
    update: float
    range_sigma: float
    angle_sigma: float

    @property
    def partner(self) -> bool:
        """Whether it is a partner's read-only feed."""
        return not self.tasked

    def cover_key(self) -> tuple[object, ...]:
        """Return what the cover of this radar depends on (cueing and latency do not matter to it)."""
        return (
            self.latitude,
            self.longitude,
            self.altitude,
            self.search_ranges,
            self.track_ranges,
            self.minimum_range,
            self.elevation_low,
            self.elevation_high,
            self.boresights,
            self.sector_halfwidth,
            self.acquisition,
        )


Sensor = Radar | TrackingSatellite
"""What may hold a track of a body in free flight."""


def range_against(reference_range: float, reference_cross_section: float, cross_section: float, limit: float) -> float:
    """Return the detection range [m] against a radar cross-section [m2], no more than the instrumented ``limit``.

    References
    ----------
    .. [1] Skolnik, *Introduction to Radar Systems*, 3rd ed., 2001, eq. 1.8: range grows with the fourth root.
    """
    return float(min(limit, reference_range * (cross_section / reference_cross_section) ** 0.25))


def sensor_arrays(
    sensors: Sequence[Sensor],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return sensors as kernels take them: rows (r, PARAMETERS), boresights (r, b, 3), squared search and track ranges.

    A satellite has its least altitude alone; its ranges are 0.
    """
    widest = max([len(sensor.boresights) for sensor in sensors if isinstance(sensor, Radar)] + [1])
    rows, boresights = np.zeros((len(sensors), PARAMETERS)), np.zeros((len(sensors), widest, 3))
    search, track = [], []
    for row, directions, radar in zip(rows, boresights, sensors, strict=True):
        row[LEAST_ALTITUDE] = -1.0
        if isinstance(radar, TrackingSatellite):
            row[LEAST_ALTITUDE], row[BORESIGHTS] = radar.minimum_altitude, 1
            search.append((0.0,) * len(radar.track_starts))
            track.append(search[-1])
            continue
        search.append(radar.search_ranges)
        track.append(radar.track_ranges)
        up = normal_of(radar.latitude, radar.longitude)
        row[PLACE : PLACE + 3] = position_of_normal(*up, radar.altitude)
        row[UP : UP + 3] = up
        row[SINE_LOW], row[SINE_HIGH] = _signed_square(radar.elevation_low), _signed_square(radar.elevation_high)
        row[MINIMUM_SQUARED] = radar.minimum_range**2
        row[ACQUISITION] = radar.acquisition
        row[COSINE_HALFWIDTH], row[BORESIGHTS] = _ALL_ROUND, 1
        halfwidth = radar.sector_halfwidth
        if radar.boresights and halfwidth is not None and halfwidth < math.pi:
            row[COSINE_HALFWIDTH] = math.cos(halfwidth) * abs(math.cos(halfwidth))
            row[BORESIGHTS] = len(radar.boresights)
            for index, azimuth in enumerate(radar.boresights):
                directions[index] = heading_vector(radar.latitude, radar.longitude, azimuth)
    return rows, boresights, np.square(search), np.square(track)


def sensor_rows(sensors: Sequence[Sensor]) -> NDArray[np.float64]:
    """Return what the quality of tracks takes of each sensor, shape (sensors, SENSOR_COLUMNS)."""
    rows = np.empty((len(sensors), SENSOR_COLUMNS))
    for row, radar in zip(rows, sensors, strict=True):
        if isinstance(radar, TrackingSatellite):
            row[:] = satellite_row(radar.update, radar.position_sigma)
            continue
        place = position_of_normal(*normal_of(radar.latitude, radar.longitude), radar.altitude)
        row[:] = sensor_row(place, radar.update, radar.range_sigma, radar.angle_sigma)
    return rows


def _signed_square(elevation: float) -> float:
    return math.sin(elevation) * abs(math.sin(elevation))
