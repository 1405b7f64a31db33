"""Seven lofted flights as the launching state announced them: range and apogee go in, the time of flight comes out.

The announcements give ground range, apogee and time of flight and nothing of the powered flight, so that burn time,
burnout altitude and burnout range are one notional set for all seven. They are read in newspapers and agencies that
quote the announcement; other observers agree to the minute and the hundred kilometres.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Final, NamedTuple

from hoplon.analysis.flights import one_flight
from hoplon.constants import MEAN_RADIUS
from hoplon.flight.arc import IMPACT_TIME, STATUS
from hoplon.validation.case import Case, of_model, relative
from hoplon.validation.published import published


class AnnouncedFlight(NamedTuple):
    """A flight as it was announced: when, ground range and apogee [km], time of flight [s], and where that was read."""

    date: str
    ground_range_km: float
    apogee_km: float
    time_s: float
    source: str
    url: str


OBSERVED: Final = tuple(AnnouncedFlight(**flight) for flight in published()["flights"])
LAUNCH: Final = (39.2, 125.7)
BURN: Final = {"burn_time_s": 240.0, "burnout_altitude_km": 250.0, "burnout_ground_range_km": 30.0}
NOTIONAL: Final = relative(
    0.08,
    "the powered flight was not announced, one notional burn of 240 s stands for all seven; and the announced times "
    "disagree: of two flights the one that rose 208 km higher took 83 s less",
)


def aim_at(ground_range_km: float) -> tuple[float, float]:
    """Return the place [degrees] at a ground range from the launch, a little north of east."""
    angle, azimuth, latitude = 1e3 * ground_range_km / MEAN_RADIUS, math.radians(70.0), math.radians(LAUNCH[0])
    sine = math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(azimuth)
    east = math.atan2(
        math.sin(azimuth) * math.sin(angle) * math.cos(latitude), math.cos(angle) - math.sin(latitude) * sine
    )
    return math.degrees(math.asin(sine)), LAUNCH[1] + math.degrees(east)


def time_of_flight_s(ground_range_km: float, apogee_km: float) -> float:
    """Return the time [s] of the flight of a ground range and an apogee; not a number where there is none."""
    row = one_flight(LAUNCH, aim_at(ground_range_km), **BURN, apogee_km=apogee_km)
    return float(row[IMPACT_TIME]) if row[STATUS] == 0.0 else math.nan


CASES = of_model(
    "flight of a given apogee",
    "observed flight",
    (
        Case(
            f"LOF-{number:02d}",
            f"time of flight of {flight.date}: {flight.ground_range_km:g} km, apogee {flight.apogee_km:g} km",
            "s",
            partial(time_of_flight_s, flight.ground_range_km, flight.apogee_km),
            flight.time_s,
            NOTIONAL,
            flight.source,
            flight.url,
        )
        for number, flight in enumerate(OBSERVED, 1)
    ),
)
