"""Published numbers on the atmosphere, re-entry and powered flight."""

from __future__ import annotations

import math
from functools import cache, partial

import numpy as np

from hoplon.earth.atmosphere import STANDARD_GRAVITY, air_pressure, density, density_and_sound_speed
from hoplon.flight.motion import (
    V2_COEFFICIENT,
    V2_MACH,
    Drag,
    Surroundings,
    drag_of_ballistic_coefficient,
)
from hoplon.flight.powered import DynamicFlight, Stage, Vehicle, fall, launch
from hoplon.flight.reentry import AllenEggers
from hoplon.validation.case import Case, absolute, of_model, relative, rounded

FOOT = 0.3048  # [m], exact
SLUG_PER_CUBIC_FOOT = 14.59390 / FOOT**3  # [kg m-3]
V2_DIAMETER, V2_FUEL, V2_THRUST = 1.65, 8900.0, 27461.0  # [m], [kg], [kgf]

# Allen and Eggers 1958, pp. 2-3: an iron sphere of one foot, falling straight down.
SPHERE = AllenEggers(
    entry_speed=30000 * FOOT,
    entry_angle=0.5 * math.pi,
    ballistic_coefficient=7874.0 * 4.0 / 3.0 * 0.5 * FOOT,
    surface_density=0.0034 * SLUG_PER_CUBIC_FOOT,
    scale_height=22000 * FOOT,
)


def v2(thrust_newton: float = V2_THRUST * STANDARD_GRAVITY) -> Vehicle:
    """Return the V-2 of the published inputs; what re-enters has the area that the source gives it, pi d / 4."""
    boost = Drag(math.pi * (0.5 * V2_DIAMETER) ** 2, V2_MACH, V2_COEFFICIENT)
    reentry = Drag(math.pi * V2_DIAMETER / 4.0, V2_MACH, V2_COEFFICIENT)
    burn = 210.0 * V2_FUEL / V2_THRUST
    return Vehicle((Stage(thrust_newton, 210.0, burn, 4000.0),), 975.0, boost, reentry)


@cache
def v2_flight() -> DynamicFlight:
    """Return the flight whose burnout has the flight-path angle of the source, over an Earth that does not turn.

    The source's angle is the one of least energy for 240 km, pi/2 - (240/6370 + pi)/4.
    """
    wanted = 0.5 * math.pi - 0.25 * (240.0 / 6370.0 + math.pi)
    low, high = math.radians(1.0), math.radians(12.0)
    still = Surroundings(rotation_rate=0.0)
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        burnout = launch(v2(), 0.9, 0.1, 1.0, middle, surroundings=still).burnout
        assert burnout is not None
        low, high = (middle, high) if burnout.flight_path_angle > wanted else (low, middle)
    return launch(v2(), 0.9, 0.1, 1.0, low, surroundings=still)


def v2_value(what: str) -> float:
    """Return a quantity of the flight of the V-2 in the unit of its case."""
    flight = v2_flight()
    assert flight.burnout is not None
    assert flight.apogee is not None
    assert flight.impact is not None
    assert flight.ground_range is not None
    return {
        "range": flight.ground_range / 1e3,
        "apogee": flight.apogee.altitude / 1e3,
        "time": flight.impact.time,
        "speed": flight.burnout.speed / 1e3,
        "burnout": flight.burnout.time,
    }[what]


@cache
def sphere_fall() -> DynamicFlight:
    """Return the same fall, integrated without gravity through the same air."""
    still = Surroundings(0.0, 0.0, 0.0, SPHERE.surface_density, SPHERE.scale_height)
    drag, mass = drag_of_ballistic_coefficient(SPHERE.ballistic_coefficient)
    start, down = np.array([6378137.0 + 300e3, 0.0, 0.0]), np.array([-SPHERE.entry_speed, 0.0, 0.0])
    return fall(start, down, drag, mass, surroundings=still, sample_step=0.01)


def integrated_peak() -> float:
    """Return the greatest deceleration [m s-2] of the integrated fall, from its speeds."""
    flight = sphere_fall()
    speeds = np.linalg.norm(flight.states[:, 3:], axis=1)
    return float(np.max(-np.diff(speeds) / np.diff(flight.times)))


def sound_speed(altitude: float) -> float:
    """Return the speed of sound [m s-1] at an altitude [m]."""
    return float(density_and_sound_speed(altitude)[1])


_US76 = "US Standard Atmosphere 1976, table I"
_DENSITY = {
    0.0: 1.2250,
    11.019: 0.36392,
    20.063: 0.088035,
    32.162: 0.013225,
    47.350: 1.4275e-3,
    51.413: 8.6160e-4,
    71.802: 6.4211e-5,
    86.0: 6.958e-6,
}
_PRINTED = relative(5e-4, "printed to four or five digits, altitudes to the metre")
_ATMOSPHERE = [
    *(
        Case("ATM-01", f"density at {z:g} km", "kg/m3", partial(density, 1e3 * z), expected, _PRINTED, _US76)
        for z, expected in _DENSITY.items()
    ),
    *(
        Case("ATM-02", f"density at {z} km", "kg/m3", partial(density, 1e3 * z), expected, _PRINTED, _US76)
        for z, expected in {5: 0.73643, 10: 0.41351, 30: 0.018410, 60: 3.0968e-4, 80: 1.8458e-5}.items()
    ),
    *(
        Case(
            "ATM-03",
            f"density at {z} km, between published ones",
            "kg/m3",
            partial(density, 1e3 * z),
            expected,
            relative(tolerance, "the logarithm is interpolated"),
            _US76,
        )
        for z, expected, tolerance in ((92, 2.393e-6, 0.01), (230, 1.029e-10, 0.05))
    ),
    *(
        Case(
            "ATM-04",
            f"speed of sound at {z} km",
            "m/s",
            partial(sound_speed, 1e3 * z),
            expected,
            absolute(0.02, "last printed digit"),
            _US76,
        )
        for z, expected in ((0, 340.29), (10, 299.53), (30, 301.71), (50, 329.80))
    ),
    *(
        Case("ATM-05", f"pressure at {z} km", "Pa", partial(air_pressure, 1e3 * z), expected, _PRINTED, _US76)
        for z, expected in ((5, 54048.0), (20, 5529.3), (50, 79.779))
    ),
]

_ALLEN = "Allen and Eggers, NACA Report 1381, 1958, inputs of pp. 2-3; closed form recomputed"
_REENTRY = [
    Case("RE-01", "ballistic coefficient", "kg/m2", lambda: SPHERE.ballistic_coefficient, 1600.0, rounded(1), _ALLEN),
    Case(
        "RE-01",
        "greatest deceleration",
        "m/s2",
        lambda: SPHERE.peak_deceleration,
        2293.6,
        relative(1e-3, "as asked"),
        _ALLEN,
    ),
    Case(
        "RE-01",
        "altitude of it",
        "ft",
        lambda: SPHERE.peak_altitude / FOOT,
        43865.0,
        relative(1e-4, "printed to the foot"),
        _ALLEN,
    ),
    Case(
        "RE-01",
        "speed at it",
        "m/s",
        lambda: SPHERE.speed(SPHERE.peak_altitude),
        5546.0,
        relative(1e-4, "printed to the metre a second"),
        _ALLEN,
    ),
    Case("RE-01", "speed at the ground", "m/s", lambda: SPHERE.speed(0.0), 232.5, rounded(1), _ALLEN),
    Case(
        "RE-01",
        "speed at the ground, integrated",
        "m/s",
        lambda: sphere_fall().impact.speed,  # type: ignore[union-attr]
        232.5,
        rounded(1),
        _ALLEN,
    ),
    Case(
        "RE-01",
        "greatest deceleration, integrated",
        "m/s2",
        integrated_peak,
        2293.6,
        relative(1e-3, "as asked"),
        _ALLEN,
    ),
]

_WRIGHT = "D. Wright's program (Science and Global Security 3, 1992) as ported in jlev/ballistic-missile-range"
_OTHER_LAW = relative(0.10, "gravity turn and US76 here; a linear pitch program and an exponential air there")
_POWERED = [
    Case("FLY-01", "range of a V-2", "km", partial(v2_value, "range"), 238.3, _OTHER_LAW, _WRIGHT),
    Case("FLY-01", "apogee of a V-2", "km", partial(v2_value, "apogee"), 77.5, _OTHER_LAW, _WRIGHT),
    Case("FLY-01", "flight time of a V-2", "s", partial(v2_value, "time"), 299.0, _OTHER_LAW, _WRIGHT),
    Case(
        "FLY-01",
        "burnout speed of a V-2",
        "km/s",
        partial(v2_value, "speed"),
        1.374,
        relative(0.03, "the same thrust and masses; drag matters little before burnout"),
        _WRIGHT,
    ),
    Case("FLY-01", "burnout of a V-2", "s", partial(v2_value, "burnout"), 68.1, rounded(1), _WRIGHT),
]

CASES = (
    *of_model("standard atmosphere", "literature", _ATMOSPHERE),
    *of_model("re-entry", "closed form", _REENTRY),
    *of_model("powered flight", "other code", _POWERED),
)
