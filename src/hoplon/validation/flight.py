"""Published numbers on ballistic flight, and the closed forms of a spherical Earth.

The Earth of these cases is a sphere of 6371 km that does not turn, the gravitational parameter 398600.4418 km3/s2.
Launch and impact are at its surface and the impulse is instantaneous unless a case says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from scipy.optimize import brentq

from hoplon.earth.geodesy import ground_range
from hoplon.flight.ballistic import arc_shape, hit_speed_squared, minimum_energy_angle, time_of_flight
from hoplon.validation.case import Case, Kind, absolute, relative, rounded

RADIUS = 6371e3  # [m]
MU = 398600.4418e9  # [m3 s-2]
FOOT, NAUTICAL_MILE = 0.3048, 1852.0  # [m], exact
CANONICAL_SPEED = math.sqrt(MU / RADIUS)  # [m s-1] one DU/TU with DU = RADIUS; the cases do not depend on DU

BMW = "Bate, Mueller, White, Fundamentals of Astrodynamics, 1971"
KEPLER = "recomputed from Kepler's laws by a second build; closed forms of BMW ch. 6"


def speed(ground_range_km: float, flight_path_angle: float | None = None) -> float:
    """Return the speed [m s-1] of a surface-to-surface flight; of least energy unless an angle [rad] is given."""
    psi = ground_range_km * 1e3 / RADIUS
    angle = minimum_energy_angle(RADIUS, RADIUS, psi) if flight_path_angle is None else flight_path_angle
    return math.sqrt(hit_speed_squared(RADIUS, RADIUS, psi, angle))


def least_speed_km_s(ground_range_km: float) -> float:
    """Return the least speed [km s-1] of a surface-to-surface flight."""
    return speed(ground_range_km) / 1e3


def least_energy_angle_deg(ground_range_km: float) -> float:
    """Return the flight-path angle [deg] of least energy, surface to surface."""
    return math.degrees(minimum_energy_angle(RADIUS, RADIUS, ground_range_km * 1e3 / RADIUS))


def apogee_km(ground_range_km: float, flight_path_angle: float | None = None) -> float:
    """Return the apogee [km] of a surface-to-surface flight; of least energy unless an angle [rad] is given."""
    angle = math.radians(least_energy_angle_deg(ground_range_km)) if flight_path_angle is None else flight_path_angle
    axis, eccentricity, _ = arc_shape(RADIUS, speed(ground_range_km, angle) ** 2, angle)
    return (axis * (1.0 + eccentricity) - RADIUS) / 1e3


def flight_time(ground_range_km: float, flight_path_angle: float | None = None) -> float:
    """Return the time [s] of a surface-to-surface flight; of least energy unless an angle [rad] is given."""
    angle = math.radians(least_energy_angle_deg(ground_range_km)) if flight_path_angle is None else flight_path_angle
    psi = ground_range_km * 1e3 / RADIUS
    return float(time_of_flight(RADIUS, speed(ground_range_km, angle) ** 2, angle, psi))


def lofted_angle(ground_range_km: float, apogee: float) -> float:
    """Return the steep flight-path angle [rad] that takes a flight to an apogee [km]."""
    least = math.radians(least_energy_angle_deg(ground_range_km))
    return float(
        brentq(lambda angle: apogee_km(ground_range_km, angle) - apogee, least, math.radians(86.0), xtol=1e-12)
    )


def shallow_angle(ground_range_km: float, apogee: float) -> float:
    """Return the flight-path angle [rad], at or below that of least energy, that takes a flight to an apogee [km]."""
    least = math.radians(least_energy_angle_deg(ground_range_km))
    return float(
        brentq(lambda angle: apogee_km(ground_range_km, angle) - apogee, 0.5 * least, least + 0.02, xtol=1e-12)
    )


def canonical_apogee(radius: float, burnout_speed: float, angle_deg: float) -> float:
    """Return the radius of apogee [DU] of a burnout in canonical units."""
    axis, eccentricity, _ = arc_shape(radius * RADIUS, (burnout_speed * CANONICAL_SPEED) ** 2, math.radians(angle_deg))
    return axis * (1.0 + eccentricity) / RADIUS


def canonical_energy(radius: float, burnout_speed: float, angle_deg: float) -> float:
    """Return the energy [DU2/TU2] of a burnout in canonical units."""
    axis, _, _ = arc_shape(radius * RADIUS, (burnout_speed * CANONICAL_SPEED) ** 2, math.radians(angle_deg))
    return -0.5 * RADIUS / axis


def canonical_range_angle_deg(radius: float, burnout_speed: float, angle_deg: float) -> float:
    """Return the free-flight range angle [deg] between equal radii at which the hit equation gives a speed."""
    squared = (burnout_speed * CANONICAL_SPEED) ** 2
    r = radius * RADIUS
    excess = partial(hit_speed_squared, r, r)
    return math.degrees(brentq(lambda psi: excess(psi, math.radians(angle_deg)) - squared, 0.05, 3.0, xtol=1e-13))


def canonical_path_angle_deg(radius: float, burnout_speed: float, range_angle_deg: float) -> float:
    """Return the only non-negative flight-path angle [deg] of a flight faster than circular speed."""
    squared, psi, r = (burnout_speed * CANONICAL_SPEED) ** 2, math.radians(range_angle_deg), radius * RADIUS
    least = minimum_energy_angle(r, r, psi)
    steep = brentq(lambda angle: hit_speed_squared(r, r, psi, angle) - squared, least, math.radians(89.0), xtol=1e-13)
    return math.degrees(steep)


def greatest_range_angle_deg(radius: float, burnout_speed: float) -> float:
    """Return the range angle [deg] whose least-energy speed [m s-1] is the given one, between equal radii [m]."""

    def excess(psi: float) -> float:
        return hit_speed_squared(radius, radius, psi, minimum_energy_angle(radius, radius, psi)) - burnout_speed**2

    return math.degrees(brentq(excess, 0.05, 3.1, xtol=1e-13))


_PHI = 51.3178  # [deg] printed in BAL-01
_BAL01 = f"{BMW}, p. 290, example (2nd ed. p. 243), through a transcription"
_BAL04 = f"{BMW}, inputs of p. 294 in the exact formula of section 6.2, sin(Psi/2) = Q/(2 - Q)"
_BAL04_RADIUS, _BAL04_SPEED = 6378.145e3 + 258.0 * NAUTICAL_MILE, 24300.0 * FOOT
_ROUNDED_INPUT = relative(1e-4, "the path angle is put in as printed, six digits")
_TEXTBOOK = [
    Case(
        "BAL-01",
        "energy at burnout",
        "DU2/TU2",
        lambda: canonical_energy(1.2, 2 / 3, _PHI),
        -11 / 18,
        relative(1e-9, "exact"),
        _BAL01,
    ),
    Case("BAL-01", "radius of apogee", "DU", lambda: canonical_apogee(1.2, 2 / 3, _PHI), 1.5, _ROUNDED_INPUT, _BAL01),
    Case(
        "BAL-01",
        "free-flight range angle",
        "deg",
        lambda: canonical_range_angle_deg(1.2, 2 / 3, _PHI),
        36.39,
        rounded(2),
        _BAL01,
    ),
    Case(
        "BAL-01",
        "free-flight range at 60 nmi a degree",
        "nmi",
        lambda: 60 * canonical_range_angle_deg(1.2, 2 / 3, _PHI),
        2183.4,
        _ROUNDED_INPUT,
        _BAL01,
    ),
    Case(
        "BAL-02",
        "flight-path angle above circular speed",
        "deg",
        lambda: canonical_path_angle_deg(1.025, 1.0817, math.degrees(math.acos(-0.625))),
        39.33,
        absolute(0.05, "the book rounds Q to 1.2 and prints 39.36"),
        f"{BMW}, p. 291, through a transcription",
    ),
    Case(
        "BAL-04",
        "greatest range angle of a burnout",
        "deg",
        lambda: greatest_range_angle_deg(_BAL04_RADIUS, _BAL04_SPEED),
        126.55,
        rounded(2),
        _BAL04,
    ),
    Case(
        "BAL-04",
        "the same against the book's slide rule",
        "deg",
        lambda: greatest_range_angle_deg(_BAL04_RADIUS, _BAL04_SPEED),
        129.0,
        relative(0.025, "the book reads Q = 0.95 for 0.9436"),
        f"{BMW}, p. 294",
    ),
]

_CSIS = "CSIS Missile Threat on the flight of 15 September 2017, revised 15 June 2018"
_KCNA = "KCNA as carried on 29 November 2017 (53 min, 950 km, 4475 km)"
_SECOND_BUILD = "recomputed from the same inputs by a second build"
_OBSERVED = [
    Case(
        "BAL-09",
        "apogee at least energy, 3700 km, against the observed one",
        "km",
        lambda: apogee_km(3700),
        770.0,
        relative(0.05, "the flight was near, not at, least energy"),
        _CSIS,
    ),
    Case("BAL-09", "apogee at least energy, 3700 km", "km", lambda: apogee_km(3700), 778.7, rounded(1), _SECOND_BUILD),
    Case(
        "BAL-09",
        "free flight at least energy, 3700 km",
        "s",
        lambda: flight_time(3700),
        1019.9,
        rounded(1),
        _SECOND_BUILD,
    ),
    Case(
        "BAL-09",
        "speed through 3700 km and 770 km",
        "m/s",
        lambda: speed(3700, shallow_angle(3700, 770)),
        5278.0,
        absolute(0.5, "last printed digit"),
        _SECOND_BUILD,
    ),
    Case(
        "BAL-09",
        "observed less impulsive time: the powered flight",
        "s",
        lambda: 19 * 60 - flight_time(3700, shallow_angle(3700, 770)),
        130.0,
        absolute(70.0, "a powered flight of 60 to 200 s; the time is printed to the minute"),
        _CSIS,
    ),
    Case(
        "BAL-11",
        "speed of the lofted flight",
        "m/s",
        lambda: speed(950, lofted_angle(950, 4475)),
        7195.0,
        absolute(0.5, "last printed digit"),
        _SECOND_BUILD,
    ),
    Case(
        "BAL-11",
        "flight-path angle of the lofted flight",
        "deg",
        lambda: math.degrees(lofted_angle(950, 4475)),
        84.83,
        rounded(2),
        _SECOND_BUILD,
    ),
    Case(
        "BAL-11",
        "free flight of the lofted flight",
        "s",
        lambda: flight_time(950, lofted_angle(950, 4475)),
        3017.0,
        absolute(0.5, "last printed digit"),
        _SECOND_BUILD,
    ),
    Case(
        "BAL-11",
        "observed less impulsive time",
        "s",
        lambda: 53 * 60 - flight_time(950, lofted_angle(950, 4475)),
        200.0,
        absolute(100.0, "powered flight and drag, 100 to 300 s"),
        _KCNA,
    ),
]

_HAVERSINE = "haversine formula, R = 6371 km"
_RADIUS_RATIO = relative(1e-4, "hoplon's mean radius is 6371.0088 km")
_DISTANCES = [
    Case(
        "BAL-18",
        "great circle Tehran to London",
        "km",
        lambda: float(ground_range(35.69, 51.39, 51.51, -0.13)) / 1e3,
        4396.74,
        _RADIUS_RATIO,
        _HAVERSINE,
    ),
    Case(
        "BAL-18",
        "great circle Tehran to Istanbul",
        "km",
        lambda: float(ground_range(35.69, 51.39, 41.01, 28.98)) / 1e3,
        2035.22,
        _RADIUS_RATIO,
        _HAVERSINE,
    ),
]

# Ground range [km]: speed [km/s], flight-path angle [deg], apogee [km], time of flight [s].
_LEAST_ENERGY = {
    300: (1.6965, 44.326, 74.1, 251.0),
    1000: (3.0161, 42.752, 239.9, 474.4),
    2000: (4.1129, 40.503, 458.8, 701.8),
    3000: (4.8650, 38.255, 655.2, 895.0),
    5500: (6.0752, 32.634, 1040.5, 1315.8),
    8000: (6.8046, 27.014, 1263.7, 1679.5),
    12000: (7.4796, 18.020, 1264.5, 2143.1),
}


def _least_energy_cases() -> list[Case]:
    cases = []
    for distance, (velocity, angle, height, time) in _LEAST_ENERGY.items():
        name = f"MET-{distance}"
        cases += [
            Case(
                name,
                f"least speed for {distance} km",
                "km/s",
                partial(least_speed_km_s, distance),
                velocity,
                rounded(4),
                KEPLER,
            ),
            Case(
                name,
                f"flight-path angle for {distance} km",
                "deg",
                partial(least_energy_angle_deg, distance),
                angle,
                rounded(3),
                KEPLER,
            ),
            Case(name, f"apogee for {distance} km", "km", partial(apogee_km, distance), height, rounded(1), KEPLER),
            Case(
                name, f"time of flight for {distance} km", "s", partial(flight_time, distance), time, rounded(1), KEPLER
            ),
        ]
    return cases


def _of_models() -> Iterator[Case]:
    """Yield the cases with the model that each validates and the kind of its source."""
    for case in (*_TEXTBOOK, *_OBSERVED, *_DISTANCES, *_least_energy_cases()):
        kind: Kind = "closed form"
        if case.source in (_CSIS, _KCNA):
            kind = "observed flight"
        elif case.source.startswith(BMW):
            kind = "literature"
        if case.id == "BAL-18":
            model = "ground range"
        elif (case.id in ("BAL-01", "BAL-02", "BAL-11") and case.unit != "s") or case.quantity.startswith("speed"):
            model = "hit equation"
        else:
            model = "time of flight" if case.unit == "s" else "least energy"
        yield replace(case, model=model, kind=kind)


CASES = tuple(_of_models())
