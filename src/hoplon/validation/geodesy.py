"""Places, great circles and the Earth's turning against ERFA, GeographicLib and PROJ, codes of other hands.

The numbers of ERFA and of GeographicLib are those that the versions named print for the calls named; ERFA's own tests
hold the same ones. PROJ, whose geodesics are those of GeographicLib, is asked when the case is computed.

hoplon measures ground ranges on the mean sphere. The geodesic of the ellipsoid is longer or shorter by what the rows
GEO-07 to GEO-09 say.
"""

from __future__ import annotations

import math
from functools import cache, partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.constants import MEAN_RADIUS, ROTATION_RATE
from hoplon.earth.geodesy import azimuth_to, ground_range, normal_and_altitude, normal_of, position_of_normal
from hoplon.scenario.geography import EUROPE, places
from hoplon.scenario.load import load_scenario
from hoplon.validation.case import Case, absolute, of_model, relative
from hoplon.validation.published import published

_ERFA: Final = "pyerfa 2.0.1.5, {}; the same number is in ERFA's own tests, t_erfa_c.c"
_ERFA_URL: Final = "https://github.com/liberfa/erfa/blob/master/src/t_erfa_c.c"
_GEOGRAPHICLIB: Final = "geographiclib 2.1 for Python, Geodesic.WGS84.Inverse (Karney, J. Geodesy 87 (2013) 43)"
_GEOGRAPHICLIB_URL: Final = "https://geographiclib.sourceforge.io/Python/doc/examples.html"
_PROJ: Final = "PROJ's geodesics on WGS 84, those of GeographicLib, asked when the case is computed"
_PROJ_URL: Final = "https://proj.org/en/stable/geodesic.html"
_DOUBLE: Final = absolute(1e-6, "double precision at an Earth's radius, with room")
_ANGLE: Final = absolute(1e-12, "double precision")


def position(axis: int) -> float:
    """Return a component [m] of the position of ERFA's place."""
    return float(position_of_normal(*normal_of(-0.5, 3.1), 2500.0)[axis])


def place(what: str) -> float:
    """Return latitude [rad], longitude [rad] or altitude [m] of ERFA's position."""
    ux, uy, uz, altitude = normal_and_altitude(2e6, 3e6, 5.244e6)
    return {"latitude": math.atan2(uz, math.hypot(ux, uy)), "longitude": math.atan2(uy, ux), "altitude": altitude}[what]


def separation() -> float:
    """Return the angle [rad] between ERFA's two directions, as a great circle."""
    first, second = np.degrees([0.1, 1.0]), np.degrees([-3.0, 0.2])
    return float(ground_range(*first, *second)) / MEAN_RADIUS


_CODES: Final = (
    *(
        Case(
            "GEO-01",
            f"{name} of 28.6 S 177.6 E, 2,500 m",
            "m",
            partial(position, axis),
            expected,
            _DOUBLE,
            _ERFA.format("gd2gc(1, 3.1, -0.5, 2500)"),
            _ERFA_URL,
            "place to ECEF",
        )
        for axis, (name, expected) in enumerate(
            (("x", -5599000.5577049947), ("y", 233011.67223479203), ("z", -3040909.4706983363))
        )
    ),
    *(
        Case(
            "GEO-02",
            f"{name} of (2,000, 3,000, 5,244) km",
            unit,
            partial(place, name),
            expected,
            tolerance,
            _ERFA.format("gc2gd(1, (2e6, 3e6, 5.244e6))"),
            _ERFA_URL,
            "ECEF to place",
        )
        for name, unit, expected, tolerance in (
            ("latitude", "rad", 0.97160184819075459, absolute(1e-9, "what the model page promises")),
            ("longitude", "rad", 0.98279372324732907, absolute(1e-9, "what the model page promises")),
            ("altitude", "m", 331.41724614260599, absolute(1e-3, "what the model page promises")),
        )
    ),
    Case(
        "GEO-03",
        "angle between two directions",
        "rad",
        separation,
        2.3467220169969988,
        _ANGLE,
        _ERFA.format("seps(1, 0.1, 0.2, -3)"),
        _ERFA_URL,
        "ground range",
    ),
    Case(
        "GEO-04",
        "azimuth from one direction to another",
        "rad",
        lambda: math.remainder(float(azimuth_to(0.1, 1.0, -1.0, 0.2)), 2.0 * math.pi),
        -2.7245449229322703,
        _ANGLE,
        _ERFA.format("pas(1, 0.1, 0.2, -1)"),
        _ERFA_URL,
        "azimuth",
    ),
    Case(
        "GEO-05",
        "turning of the Earth in a second",
        "rad/s",
        lambda: ROTATION_RATE,
        7.292115146706979e-5,
        absolute(5e-12, "last printed digit of WGS 84"),
        "pyerfa 2.0.1.5, era00(2451545, 1) - era00(2451545, 0) and one turn, over a day (IAU 2000)",
        _ERFA_URL,
        "flight on the turning Earth",
    ),
)


class Geodesic(NamedTuple):
    """A geodesic of WGS 84: its ends by name and in degrees, its length [km]."""

    name: str
    start: tuple[float, float]
    end: tuple[float, float]
    length_km: float


GEODESICS: Final = tuple(Geodesic(**item) for item in published()["geodesics"])
_ANY_SPHERE: Final = relative(
    0.0057, "no sphere does better: the radii of curvature of WGS 84 differ from the mean radius by up to 0.56 %"
)


def ground_range_km(item: Geodesic) -> float:
    """Return the ground range [km] between the ends of a geodesic."""
    return float(ground_range(*item.start, *item.end)) / 1e3


@cache
def _lengths(study: str, european: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return ground ranges and geodesics [m] from launch areas of a study to places of its nations, or of Europe."""
    from pyproj import Geod

    scenario, ellipsoid = load_scenario(study), Geod(ellps="WGS84")
    aims, ranges, geodesics = places(tuple(EUROPE if european else scenario.nations)), [], []
    for area in scenario.launch_areas.values():
        start = (area.at.latitude_deg, area.at.longitude_deg)
        ranges.append(ground_range(*start, aims.latitude_deg, aims.longitude_deg))
        latitude, longitude = (np.full(len(aims.name), value) for value in start)
        geodesics.append(ellipsoid.inv(longitude, latitude, aims.longitude_deg, aims.latitude_deg)[2])
    return np.concatenate(ranges), np.concatenate(geodesics)


def greatest_share(study: str, european: bool) -> float:
    """Return the greatest difference of ground range and geodesic [%] from launch areas to places of a study."""
    ranges, geodesics = _lengths(study, european)
    return 100.0 * float(np.max(np.abs(ranges / geodesics - 1.0)))


def greatest_length(study: str, european: bool) -> float:
    """Return the greatest difference of ground range and geodesic [km] from launch areas to places of a study."""
    ranges, geodesics = _lengths(study, european)
    return float(np.max(np.abs(ranges - geodesics))) / 1e3


_STATED: Final = published()["distances"]
_SPHERE: Final = (
    *(
        Case(
            "GEO-06",
            f"ground range {item.name}, against the geodesic",
            "km",
            partial(ground_range_km, item),
            item.length_km,
            _ANY_SPHERE,
            _GEOGRAPHICLIB,
            _GEOGRAPHICLIB_URL,
        )
        for item in GEODESICS
    ),
    *(
        case
        for stated in _STATED
        for case in (
            Case(
                stated["id"],
                f"greatest difference from the geodesic, launch areas to places of {stated['where']}",
                "%",
                partial(greatest_share, stated["study"], stated.get("european", False)),
                0.0,
                absolute(stated["within_percent"], "what the model page states"),
                _PROJ,
                _PROJ_URL,
                needs=("pyproj",),
            ),
            Case(
                stated["id"],
                f"the same in kilometres, {stated['where']}",
                "km",
                partial(greatest_length, stated["study"], stated.get("european", False)),
                0.0,
                absolute(stated["within_km"], "what the model page states"),
                _PROJ,
                _PROJ_URL,
                needs=("pyproj",),
            ),
        )
    ),
)
CASES = (
    *(case for one in _CODES for case in of_model(one.model, "other code", (one,))),
    *of_model("ground range", "other code", _SPHERE),
)
