"""The US Standard Atmosphere 1976: density, pressure and speed of sound against geometric altitude.

Up to 86 km the defining equations; from 86 to 1000 km the published densities, interpolated so that the logarithm of
density is straight between them; above 1000 km no air.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from hoplon.compiled import kernel

STANDARD_GRAVITY: Final = 9.80665  # [m s-2] US76, table 2
SEA_LEVEL_PRESSURE: Final = 101325.0  # [Pa] US76, table 2
SEA_LEVEL_DENSITY: Final = 1.225  # [kg m-3] US76, table 4
TOP: Final = 1e6  # [m] above it there is no air

_GAS_CONSTANT: Final = 8314.32 / 28.9644  # [J kg-1 K-1] US76, table 2: R* / M0
_HEAT_RATIO: Final = 1.4  # [-] US76, table 2
_EFFECTIVE_RADIUS: Final = 6356766.0  # [m] US76, equation 18: geopotential from geometric altitude
_HYDROSTATIC: Final = STANDARD_GRAVITY / _GAS_CONSTANT  # [K m-1]
_EQUATIONS_END: Final = 86000.0  # [m] geometric

# Base geopotential altitude [m], molecular temperature [K] and its lapse [K m-1] of each layer: US76, table 4.
_BASES = np.array([0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3])
_LAPSES = np.array([-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3])


def _layer_bases() -> tuple[list[float], list[float]]:
    """Return temperature [K] and pressure [Pa] at each layer's base, from sea level up (US76, equations 23 and 33)."""
    temperatures, pressures = [288.15], [SEA_LEVEL_PRESSURE]
    for layer in range(len(_BASES) - 1):
        height, lapse, below = _BASES[layer + 1] - _BASES[layer], _LAPSES[layer], temperatures[-1]
        above = below + lapse * height
        isothermal = lapse == 0.0
        factor = math.exp(-_HYDROSTATIC * height / below) if isothermal else (below / above) ** (_HYDROSTATIC / lapse)
        temperatures.append(float(above))
        pressures.append(float(pressures[-1] * factor))
    return temperatures, pressures


_TEMPERATURES, _PRESSURES = (np.array(values) for values in _layer_bases())

# Geometric altitude [m] and density [kg m-3]: US76, tables of part 4. The first is where the equations end.
_UPPER = np.array(
    [
        (86e3, 6.958e-6),
        (90e3, 3.416e-6),
        (95e3, 1.393e-6),
        (100e3, 5.604e-7),
        (110e3, 9.708e-8),
        (120e3, 2.222e-8),
        (130e3, 8.152e-9),
        (140e3, 3.831e-9),
        (150e3, 2.076e-9),
        (160e3, 1.233e-9),
        (180e3, 5.194e-10),
        (200e3, 2.541e-10),
        (250e3, 6.073e-11),
        (300e3, 1.916e-11),
        (350e3, 7.014e-12),
        (400e3, 2.803e-12),
        (450e3, 1.184e-12),
        (500e3, 5.215e-13),
        (600e3, 1.137e-13),
        (700e3, 3.070e-14),
        (800e3, 1.136e-14),
        (900e3, 5.759e-15),
        (1000e3, 3.561e-15),
    ]
)
_UPPER_ALTITUDES, _UPPER_LOGARITHMS = _UPPER[:, 0].copy(), np.log(_UPPER[:, 1])
_UPPER_SLOPES = np.diff(_UPPER_LOGARITHMS) / np.diff(_UPPER_ALTITUDES)


@kernel
def _layer(altitude: float) -> tuple[float, float]:
    """Return pressure [Pa] and molecular temperature [K] at an altitude [m] up to 86 km."""
    geopotential = _EFFECTIVE_RADIUS * altitude / (_EFFECTIVE_RADIUS + altitude)
    layer = 0
    while layer < 6 and geopotential >= _BASES[layer + 1]:
        layer += 1
    height, lapse, below = geopotential - _BASES[layer], _LAPSES[layer], _TEMPERATURES[layer]
    temperature = below + lapse * height
    if lapse == 0.0:
        factor = math.exp(-_HYDROSTATIC * height / below)
    else:
        factor = math.exp(_HYDROSTATIC / lapse * math.log(below / temperature))
    return _PRESSURES[layer] * factor, temperature


@kernel
def density_and_sound_speed(altitude: float) -> tuple[float, float]:
    """Return air density [kg m-3] and speed of sound [m s-1] at a geometric altitude [m].

    Below sea level the lowest layer is continued. Above 86 km, where the standard defines no speed of sound, the one
    at 86 km is returned.

    References
    ----------
    .. [1] *U.S. Standard Atmosphere, 1976*, NOAA-S/T 76-1562, equations 18, 23, 33, 42 and 50.
    """
    pressure, temperature = _layer(min(altitude, _EQUATIONS_END))
    sound = math.sqrt(_HEAT_RATIO * _GAS_CONSTANT * temperature)
    if altitude <= _EQUATIONS_END:
        return pressure / (_GAS_CONSTANT * temperature), sound
    if altitude > TOP:
        return 0.0, sound
    low, high = 0, _UPPER_ALTITUDES.shape[0] - 1
    while high - low > 1:
        middle = (low + high) // 2
        if altitude < _UPPER_ALTITUDES[middle]:
            high = middle
        else:
            low = middle
    return math.exp(_UPPER_LOGARITHMS[low] + _UPPER_SLOPES[low] * (altitude - _UPPER_ALTITUDES[low])), sound


@kernel
def air_pressure(altitude: float) -> float:
    """Return air pressure [Pa] at a geometric altitude [m]; 0 above 86 km, where it is below 0.4 Pa."""
    if altitude > _EQUATIONS_END:
        return 0.0
    pressure, _ = _layer(altitude)
    return pressure


def density(altitude: float) -> float:
    """Return air density [kg m-3] at a geometric altitude [m]."""
    return float(density_and_sound_speed(float(altitude))[0])
