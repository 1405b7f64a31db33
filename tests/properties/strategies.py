"""What Hypothesis draws: places, flights, interceptors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyproj
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.flight.arc import solve_flights

SPHERE = pyproj.Geod(a=6371008.8, b=6371008.8)


@dataclass(frozen=True)
class Shot:
    """The inputs of one flight: launch and aim [deg], burnout, loft [rad]."""

    launch: tuple[float, float]
    aim: tuple[float, float]
    burn_time: float
    burnout_altitude: float
    burnout_ground_range: float
    loft: float

    def turned(self, longitude: float) -> Shot:
        """Return the same flight, its places turned about the polar axis [deg]."""
        (launch_lat, launch_lon), (aim_lat, aim_lon) = self.launch, self.aim
        launch, aim = (launch_lat, launch_lon + longitude), (aim_lat, aim_lon + longitude)
        return Shot(launch, aim, self.burn_time, self.burnout_altitude, self.burnout_ground_range, self.loft)

    def mirrored(self) -> Shot:
        """Return the same flight in the mirror of the equator."""
        launch, aim = (-self.launch[0], self.launch[1]), (-self.aim[0], self.aim[1])
        return Shot(launch, aim, self.burn_time, self.burnout_altitude, self.burnout_ground_range, self.loft)


def rows_of(*shots: Shot) -> NDArray[np.float64]:
    """Solve flights into rows of elements."""
    columns = (
        np.array([getattr(shot, name) for shot in shots])
        for name in ("burn_time", "burnout_altitude", "burnout_ground_range", "loft")
    )
    launch, aim = np.radians([shot.launch for shot in shots]), np.radians([shot.aim for shot in shots])
    rows: NDArray[np.float64] = solve_flights(launch, aim, *columns)
    return rows


@st.composite
def shots(draw: st.DrawFn, least_km: float = 300.0, most_km: float = 9000.0) -> Shot:
    """Draw a flight that a class of its range could fly: the burnout grows with the range."""
    latitude, longitude = draw(st.floats(-60.0, 60.0)), draw(st.floats(-180.0, 180.0))
    azimuth, distance = draw(st.floats(0.0, 360.0)), draw(st.floats(least_km, most_km))
    aim_longitude, aim_latitude, _ = SPHERE.fwd(longitude, latitude, azimuth, 1e3 * distance)
    scale = math.sqrt(distance / 2000.0)
    return Shot(
        (latitude, longitude),
        (aim_latitude, aim_longitude),
        burn_time=100.0 * scale * draw(st.floats(0.8, 1.2)),
        burnout_altitude=80e3 * scale * draw(st.floats(0.8, 1.2)),
        burnout_ground_range=100e3 * scale * scale * draw(st.floats(0.4, 1.2)),
        loft=math.radians(draw(st.floats(-5.0, 20.0))),
    )
