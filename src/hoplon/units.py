"""Edge conversions: kilometres, degrees and seconds outside, SI and radians inside."""

import math
from typing import Final

KILOMETRE: Final = 1000.0  # [m]
DEGREE: Final = math.pi / 180.0  # [rad]
MILLIRADIAN: Final = 1e-3  # [rad]

_ENDINGS: Final = {
    "per_second": "1/s",
    "per_s": "1/s",
    "km_s": "km/s",
    "m_s": "m/s",
    "km2": "km2",
    "m2": "m2",
    "km": "km",
    "m": "m",
    "s": "s",
    "deg": "degree",
    "year": "year",
}


def unit_of(name: str) -> str:
    """Return the unit that the end of a name gives: ``warning_s`` s, ``area_km2`` km2; ``1`` without one."""
    return next((unit for ending, unit in _ENDINGS.items() if f"_{name}".endswith(f"_{ending}")), "1")
