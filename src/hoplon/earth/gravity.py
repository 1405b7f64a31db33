"""Gravity of an oblate Earth: the central term and J2."""

from __future__ import annotations

import math
from typing import Final

from hoplon.compiled import kernel
from hoplon.constants import WGS84_SEMI_MAJOR_AXIS

J2: Final = 1.08262668e-3  # [-] model section 1; EGM96 zonal coefficient of degree 2


@kernel
def gravity(x: float, y: float, z: float, parameter: float, oblateness: float) -> tuple[float, float, float]:
    """Return the acceleration of gravity [m s-2] at a position [m] from the Earth's centre, z along its axis.

    Parameters
    ----------
    x, y, z : float
        Inertial or ECEF: the field turns with neither.
    parameter : float
        mu [m3 s-2].
    oblateness : float
        J2; 0 for a central field.

    References
    ----------
    .. [1] Vallado, *Fundamentals of Astrodynamics and Applications*, 4th ed., 2013, eq. 8-30.
    """
    squared = x * x + y * y + z * z
    central = -parameter / (squared * math.sqrt(squared))
    ratio = WGS84_SEMI_MAJOR_AXIS * WGS84_SEMI_MAJOR_AXIS / squared
    polar = 5.0 * z * z / squared
    across = central * (1.0 + 1.5 * oblateness * ratio * (1.0 - polar))
    along = central * (1.0 + 1.5 * oblateness * ratio * (3.0 - polar))
    return across * x, across * y, along * z
