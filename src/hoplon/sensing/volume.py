"""What a radar sees of a place: its volume about a boresight in scalars, and the Earth that ends its view."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.constants import WGS84_SEMI_MAJOR_AXIS, WGS84_SEMI_MINOR_AXIS

# Columns of a sensor's parameter row; the last is a satellite's, whose cover is the sky above it [m], -1 for a radar.
PLACE, UP, SINE_LOW, SINE_HIGH = 0, 3, 6, 7
COSINE_HALFWIDTH, MINIMUM_SQUARED, BORESIGHTS, ACQUISITION, LEAST_ALTITUDE = 8, 9, 10, 11, 12
PARAMETERS = 13
_STRETCH = (WGS84_SEMI_MAJOR_AXIS / WGS84_SEMI_MINOR_AXIS) ** 2  # of products of polar components: makes it a sphere


class Volume(NamedTuple):
    """What decides cover about one boresight, in scalars, so that the loop over nodes vectorises.

    Attributes
    ----------
    x, y, z : float
        Place, ECEF [m].
    up_x, up_y, up_z : float
        Unit normal there.
    sine_low, sine_high, cosine_halfwidth : float
        Signed squares of the sines of the elevation limits and of the cosine of half the sector.
    minimum_squared : float
        Of the least range [m2].
    ahead_x, ahead_y, ahead_z : float
        Unit vector along the boresight.
    search_squared, track_squared : float
        Of the greatest ranges against the flight's class [m2].
    """

    x: float
    y: float
    z: float
    up_x: float
    up_y: float
    up_z: float
    sine_low: float
    sine_high: float
    cosine_halfwidth: float
    minimum_squared: float
    ahead_x: float
    ahead_y: float
    ahead_z: float
    search_squared: float
    track_squared: float


@borrowing_kernel
def volume_about(
    radar: NDArray[np.float64], boresight: NDArray[np.float64], search_squared: float, track_squared: float
) -> Volume:
    """Return a radar's volume about one of its boresights, the ranges [m2] against one class."""
    return Volume(
        radar[PLACE],
        radar[PLACE + 1],
        radar[PLACE + 2],
        radar[UP],
        radar[UP + 1],
        radar[UP + 2],
        radar[SINE_LOW],
        radar[SINE_HIGH],
        radar[COSINE_HALFWIDTH],
        radar[MINIMUM_SQUARED],
        boresight[0],
        boresight[1],
        boresight[2],
        search_squared,
        track_squared,
    )


@borrowing_kernel
def state_of(x: float, y: float, z: float, volume: Volume) -> float:
    """Return 0 outside track cover about one boresight, 1 inside it, 2 inside both track and search cover.

    Angles are compared by the signed squares of their sines and cosines: no root, no division, so that it vectorises.
    """
    px, py, pz, ux, uy, uz, low, high, sector, nearest, bx, by, bz, search_squared, track_squared = volume
    dx, dy, dz = x - px, y - py, z - pz
    squared = dx * dx + dy * dy + dz * dz
    up = dx * ux + dy * uy + dz * uz
    forward = dx * bx + dy * by + dz * bz
    rise = up * abs(up)
    seen = (
        (forward * abs(forward) >= sector * (squared - up * up))
        & (rise >= low * squared)
        & (rise <= high * squared)
        & (squared >= nearest)
        & (squared <= track_squared)
    )
    return (1.0 if seen else 0.0) + (1.0 if seen & (squared <= search_squared) else 0.0)


@borrowing_kernel
def hidden(x: float, y: float, z: float, volume: Volume) -> bool:
    """Tell whether the line of sight to a place passes through the ellipsoid.

    Notes
    -----
    With the polar axis stretched the ellipsoid is a sphere of radius a: the line from P along D comes nearest to its
    centre at the share -P.D / D.D, and passes through it when that lies between 0 and 1 and (P.D)^2 > D.D (P.P - a^2).
    A place at or above the horizontal of a radar on the ellipsoid or higher is never hidden, for the ellipsoid lies
    below that plane; a radar below the ellipsoid sees down to its own horizontal.
    """
    px, py, pz = volume.x, volume.y, volume.z * _STRETCH
    dx, dy, dz = x - volume.x, y - volume.y, z - volume.z
    room = max(volume.x * px + volume.y * py + volume.z * pz - WGS84_SEMI_MAJOR_AXIS * WGS84_SEMI_MAJOR_AXIS, 0.0)
    nearer = -(px * dx + py * dy + pz * dz)
    squared = dx * dx + dy * dy + _STRETCH * dz * dz
    below = dx * volume.up_x + dy * volume.up_y + dz * volume.up_z < 0.0
    return below & (nearer > 0.0) & (nearer < squared) & (nearer * nearer > squared * room)


@borrowing_kernel
def hide(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    zs: NDArray[np.float64],
    volume: Volume,
    states: NDArray[np.float64],
) -> None:
    """Set the states of places behind the Earth to 0; written to vectorise."""
    for node in range(states.shape[0]):
        states[node] = 0.0 if hidden(xs[node], ys[node], zs[node], volume) else states[node]


@borrowing_kernel
def states_of(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    zs: NDArray[np.float64],
    volume: Volume,
    states: NDArray[np.float64],
) -> None:
    """Write the state of each place; written to vectorise."""
    for node in range(states.shape[0]):
        states[node] = state_of(xs[node], ys[node], zs[node], volume)
