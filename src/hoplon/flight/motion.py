"""The equations of motion of a point mass over the turning Earth: gravity, air, thrust.

ECEF positions and velocities, so that the air stands still and drag opposes the velocity; the frame's turning appears
as Coriolis and centrifugal acceleration. What drives one stretch of a flight is one row of numbers.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.earth.atmosphere import SEA_LEVEL_PRESSURE, air_pressure, density_and_sound_speed
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.earth.gravity import J2, gravity
from hoplon.errors import InputError

# Columns of a row of forces.
PARAMETER, OBLATENESS, TURNING, SURFACE_DENSITY, SCALE_HEIGHT = 0, 1, 2, 3, 4
THRUST, NOZZLE_AREA, MASS, MASS_FLOW, START, STEERING = 5, 6, 7, 8, 9, 10
DIRECTION = 11  # three columns
DRAG_AREA, DRAG_MASS, NODES, TOLERANCE, TABLE = 14, 15, 16, 17, 18
_MOST_NODES: Final = 16
FORCES: Final = TABLE + 2 * _MOST_NODES

FINE: Final = 1e-10  # [-] error of a step, relative to 1,000 km and 1 km/s or more
# Values of the column STEERING.
COAST, FIXED_DIRECTION, ALONG_VELOCITY = 0.0, 1.0, 2.0


@dataclass(frozen=True)
class Surroundings:
    """The Earth that a flight flies over.

    Attributes
    ----------
    gravitational_parameter : float
        [m3 s-2]; 0 for no gravity.
    oblateness : float
        J2; 0 for a central field.
    rotation_rate : float
        [rad s-1]; 0 for an Earth that does not turn.
    surface_density, scale_height : float or None
        Of an exponential atmosphere [kg m-3], [m], in place of the US Standard Atmosphere 1976; a density of 0 is no
        air at all.
    """

    gravitational_parameter: float = GRAVITATIONAL_PARAMETER
    oblateness: float = J2
    rotation_rate: float = ROTATION_RATE
    surface_density: float | None = None
    scale_height: float | None = None

    def __post_init__(self) -> None:
        """Refuse half of an atmosphere.

        Raises
        ------
        ValueError
            If there is a density without a scale height, or the other way round.
        """
        if (self.surface_density is None) != (self.scale_height is None):
            raise ValueError("an exponential atmosphere has a density and a scale height: give both, or neither")

    def fill(self, forces: NDArray[np.float64]) -> None:
        """Write the columns of a row of forces that describe the surroundings."""
        forces[PARAMETER], forces[OBLATENESS] = self.gravitational_parameter, self.oblateness
        forces[TURNING] = self.rotation_rate
        forces[SURFACE_DENSITY] = -1.0 if self.surface_density is None else self.surface_density
        forces[SCALE_HEIGHT] = 1.0 if self.scale_height is None else self.scale_height
        forces[TOLERANCE] = FINE


EARTH: Final = Surroundings()


@dataclass(frozen=True)
class Drag:
    """How the air resists: a reference area and a coefficient by Mach number, straight between its nodes.

    Attributes
    ----------
    area : float
        [m2].
    mach, coefficient : tuple of float
        Nodes; Mach numbers increase. Outside them the end values hold.
    """

    area: float
    mach: tuple[float, ...]
    coefficient: tuple[float, ...]

    def __post_init__(self) -> None:
        if not (len(self.mach) == len(self.coefficient) and 1 <= len(self.mach) <= _MOST_NODES):
            raise InputError(f"a drag table has 1 to {_MOST_NODES} Mach numbers and as many coefficients")
        if not all(a < b for a, b in itertools.pairwise(self.mach)):
            raise InputError(f"the Mach numbers of a drag table must increase, got {self.mach}")
        if not (math.isfinite(self.area) and self.area >= 0.0 and min(self.coefficient) >= 0.0):
            raise InputError("the area and the coefficients of a drag table must not be negative")

    def fill(self, forces: NDArray[np.float64], mass: float | None) -> None:
        """Write the columns of a row of forces; ``mass`` [kg] None follows the propellant."""
        forces[DRAG_AREA], forces[DRAG_MASS] = self.area, 0.0 if mass is None else mass
        count = len(self.mach)
        forces[NODES] = count
        forces[TABLE : TABLE + count] = self.mach
        forces[TABLE + _MOST_NODES : TABLE + _MOST_NODES + count] = self.coefficient


# The A-4 (V-2) without incidence, read off as straight pieces; stands for a slender finned body of that age.
# Sutton and Biblarz, Rocket Propulsion Elements, 7th ed., 2001, p. 108, as fitted in jlev/ballistic-missile-range.
V2_MACH: Final = (0.8, 1.2, 1.8, 5.0)
V2_COEFFICIENT: Final = (0.15, 0.40, 0.25, 0.15)


def drag_of_ballistic_coefficient(ballistic_coefficient: float) -> tuple[Drag, float]:
    """Return the drag and the mass [kg] of a body with a constant m / (Cd A) [kg m-2].

    Raises
    ------
    InputError
        If the coefficient is not positive.
    """
    if not (math.isfinite(ballistic_coefficient) and ballistic_coefficient > 0.0):
        raise InputError(f"a ballistic coefficient must be positive and finite, got {ballistic_coefficient:g} kg/m2")
    return Drag(1.0, (0.0,), (1.0,)), ballistic_coefficient


def coasting(drag: Drag, mass: float, surroundings: Surroundings = EARTH) -> NDArray[np.float64]:
    """Return the row of forces of a body without thrust, of a mass [kg]."""
    forces = np.zeros(FORCES)
    surroundings.fill(forces)
    drag.fill(forces, mass)
    forces[MASS] = mass
    return forces


@kernel
def _coefficient(forces: NDArray[np.float64], mach: float) -> float:
    count = int(forces[NODES])
    if mach <= forces[TABLE]:
        return float(forces[TABLE + _MOST_NODES])
    for node in range(1, count):
        high = forces[TABLE + node]
        if mach <= high:
            low = forces[TABLE + node - 1]
            share = (mach - low) / (high - low)
            below, above = forces[TABLE + _MOST_NODES + node - 1], forces[TABLE + _MOST_NODES + node]
            return float(below + share * (above - below))
    return float(forces[TABLE + _MOST_NODES + count - 1])


@kernel
def altitude_of(state: NDArray[np.float64]) -> float:
    """Return the altitude above the ellipsoid [m] of a state."""
    _, _, _, altitude = normal_and_altitude(state[0], state[1], state[2])
    return float(altitude)


@kernel
def climb_rate(state: NDArray[np.float64]) -> float:
    """Return the vertical velocity over the turning Earth [m s-1] of a state."""
    ux, uy, uz, _ = normal_and_altitude(state[0], state[1], state[2])
    return float(ux * state[3] + uy * state[4] + uz * state[5])


@kernel
def derivative(time: float, state: NDArray[np.float64], forces: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    """Write the rate of change of a state.

    Parameters
    ----------
    time : float
        [s].
    state : ndarray, shape (6,)
        ECEF position [m] and velocity [m s-1].
    forces : ndarray, shape (FORCES,)
        What drives this stretch of the flight.
    out : ndarray, shape (6,)
        Filled.

    Notes
    -----
    r'' = g - 2 w x r' - w x (w x r) + (thrust - drag) / m; the thrust is the one at sea level plus the nozzle's area
    times the fall in air pressure since (Sutton and Biblarz, *Rocket Propulsion Elements*, 7th ed., eq. 2-14).
    """
    x, y, z, vx, vy, vz = state[0], state[1], state[2], state[3], state[4], state[5]
    ax, ay, az = gravity(x, y, z, forces[PARAMETER], forces[OBLATENESS])
    turning = forces[TURNING]
    ax += turning * (2.0 * vy + turning * x)
    ay += turning * (turning * y - 2.0 * vx)
    _, _, _, altitude = normal_and_altitude(x, y, z)
    mass = forces[MASS] - forces[MASS_FLOW] * (time - forces[START])
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    if forces[SURFACE_DENSITY] >= 0.0:
        air, sound = forces[SURFACE_DENSITY] * math.exp(-altitude / forces[SCALE_HEIGHT]), 340.294
    else:
        air, sound = density_and_sound_speed(altitude)
    if air > 0.0:
        resisted = forces[DRAG_MASS] if forces[DRAG_MASS] > 0.0 else mass
        drag = -0.5 * air * speed * _coefficient(forces, speed / sound) * forces[DRAG_AREA] / resisted
        ax += drag * vx
        ay += drag * vy
        az += drag * vz
    if forces[STEERING] != COAST:
        push = forces[THRUST]
        if forces[NOZZLE_AREA] > 0.0:
            push += forces[NOZZLE_AREA] * (SEA_LEVEL_PRESSURE - air_pressure(altitude))
        push /= mass
        if forces[STEERING] == FIXED_DIRECTION or speed == 0.0:
            ax += push * forces[DIRECTION]
            ay += push * forces[DIRECTION + 1]
            az += push * forces[DIRECTION + 2]
        else:
            push /= speed
            ax += push * vx
            ay += push * vy
            az += push * vz
    out[0], out[1], out[2], out[3], out[4], out[5] = vx, vy, vz, ax, ay, az
