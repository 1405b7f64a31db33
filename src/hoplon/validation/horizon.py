"""The radar horizon without refraction, on a circle.

The equator of the ellipsoid is a circle of radius a, so the published numbers for a sphere of 6371 km hold on it with
every length scaled by a / 6371 km. A flight that goes straight up along the equator's normal stands at a known
altitude on a whole second, at burnout; radars beside it on the equator see it or do not.
"""

from __future__ import annotations

import math
from functools import cache, partial

import numpy as np

from hoplon.constants import WGS84_SEMI_MAJOR_AXIS
from hoplon.flight.arc import STATUS, solve_flights
from hoplon.sensing.cover import FIRST, LAST, cover_of
from hoplon.sensing.radar import Radar
from hoplon.validation.case import Case, of_model, relative

SCALE = WGS84_SEMI_MAJOR_AXIS / 6371e3
BURN_TIME = 100.0  # [s] a whole number, so that burnout stands on the grid of whole seconds
FAR_AWAY = 1e9  # [m]


def seen_at_burnout(
    altitude: float, ground_range: float, slant_range: float = FAR_AWAY, site: float = 0.0, lowest: float = 0.0
) -> bool:
    """Tell whether a radar of such an altitude and least elevation, so far behind the launch, sees it at burnout."""
    elements = solve_flights(
        np.zeros((1, 2)),
        np.array([[0.0, 0.35]]),
        *(np.array([value]) for value in (BURN_TIME, altitude, 0.0, 0.0)),
    )
    assert elements[0, STATUS] == 0.0
    radar = Radar(
        latitude=0.0,
        longitude=-ground_range / WGS84_SEMI_MAJOR_AXIS,
        altitude=site,
        search_ranges=(slant_range,),
        track_ranges=(slant_range,),
        minimum_range=0.0,
        elevation_low=lowest,
        elevation_high=0.5 * math.pi,
        boresights=(),
        sector_halfwidth=None,
        acquisition=1.0,
        cued_acquisition=1.0,
        requires_cue=False,
        tasked=True,
        latency=0.0,
        update=1.0,
        range_sigma=10.0,
        angle_sigma=1e-3,
    )
    (intervals,) = cover_of(elements, np.zeros(1, dtype=np.int16), [radar], 5.0)
    return any(row[FIRST] <= BURN_TIME <= row[LAST] for row in intervals[0] if row[FIRST] >= 0)


@cache
def horizon_km(altitude_km: float, site: float = 0.0, lowest: float = 0.0) -> float:
    """Return the greatest ground range of sight by bisection, in the published sphere's kilometres."""
    near, far = 0.0, 6000.0
    while far - near > 1e-3:
        middle = 0.5 * (near + far)
        if seen_at_burnout(altitude_km * 1e3 * SCALE, middle * 1e3 * SCALE, FAR_AWAY, site, lowest):
            near = middle
        else:
            far = middle
    return near


def slant_km(altitude_km: float) -> float:
    """Return the least instrumented range that still sees the flight from a hair inside its horizon."""
    ground = horizon_km(altitude_km) * 1e3 * SCALE * (1.0 - 1e-6)
    near, far = 0.0, 9000.0
    while far - near > 1e-3:
        middle = 0.5 * (near + far)
        if seen_at_burnout(altitude_km * 1e3 * SCALE, ground, middle * 1e3 * SCALE):
            far = middle
        else:
            near = middle
    return far


_SOURCE = "closed form R acos(R/(R + h)), slant sqrt(2 R h + h^2)"
_PRINTED = relative(1e-4, "printed to 0.1 km")
_PUBLISHED = {
    100: (1121.5, 1133.2),
    200: (1575.9, 1608.9),
    300: (1917.9, 1978.0),
    500: (2445.5, 2573.1),
    1000: (3357.3, 3707.0),
}


def _cases() -> list[Case]:
    cases = []
    for altitude, (ground, slant) in _PUBLISHED.items():
        cases += [
            Case(
                "HOR-03",
                f"ground range of first sight at {altitude} km",
                "km",
                partial(horizon_km, altitude),
                ground,
                _PRINTED,
                _SOURCE,
            ),
            Case(
                "HOR-03",
                f"slant range of first sight at {altitude} km",
                "km",
                partial(slant_km, altitude),
                slant,
                _PRINTED,
                _SOURCE,
            ),
        ]
    return cases


CASES = of_model("radar cover", "closed form", _cases())
