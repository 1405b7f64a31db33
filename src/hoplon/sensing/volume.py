"""What a radar sees of a place: its volume about a boresight in scalars, and the Earth that ends its view."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.constants import WGS84_SEMI_MAJOR_AXIS, WGS84_SEMI_MINOR_AXIS

# Columns of a sensor's parameter row; the last is a satellite's, whose cover is the sky above it [m], -1 for a radar.
PLACE, UP, SINE_LOW, SINE_HIGH = 0, 3, 6, 7
COSINE_HALFWIDTH, MINIMUM_SQUARED, BORESIGHTS, ACQUISITION, LEAST_ALTITUDE = 8, 9, 10, 11, 12
PARAMETERS = 13
_STRETCH = (WGS84_SEMI_MAJOR_AXIS / WGS84_SEMI_MINOR_AXIS) ** 2  # of products of polar components: makes it a sphere


# Bits of a clearance: by which limits a place is out, and within which it is inside, by more than a flight can make up
# between two nodes. The sector is the best over the boresights: outside all of them, inside about one (a bit each).
BEYOND, BELOW, OVER, BESIDE, OUTSIDE = 1, 2, 4, 8, 15
IN_TRACK, IN_SEARCH, ABOVE, UNDER, NOT_NEAR, AHEAD = 16, 32, 64, 128, 256, 512
_RANGE, _LOW, _HIGH, _SECTOR = BEYOND | IN_TRACK | IN_SEARCH, BELOW | ABOVE, OVER | UNDER, BESIDE | -AHEAD
_NEAR: Final = 2.0  # gaps that a flight moves: nearer to a radar angles change too much to tell anything


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


class Slack(NamedTuple):
    """By how much the limits of a volume are widened and narrowed between two nodes.

    A function whose second derivative is at most c changes between two nodes a time h apart by no more than c h^2 / 8
    beyond the greater of its values there.

    Attributes
    ----------
    near_squared : float
        Angles exclude nothing nearer than this [m2].
    beyond_track, within_track, beyond_search, within_search : float
        Squares of distances: nearer than none between two nodes that are both farther, and the other way round [m2].
    beyond_minimum : float
        The same of the least range [m2].
    low, high, side : float
        Of the rise above the elevation limits and of the distance ahead of the sector's edge [m].
    """

    near_squared: float
    beyond_track: float
    within_track: float
    beyond_search: float
    within_search: float
    beyond_minimum: float
    low: float
    high: float
    side: float


@borrowing_kernel
def _beyond(squared: float, gap: float, moved: float, acceleration: float) -> float:
    """Return the squared distance [m2] from which on a flight does not dip below another one between two nodes.

    The second derivative of a squared distance d^2 is at most 2 (v^2 + a d), and d no more than (d^2 / D + D) / 2.
    """
    bend = 0.25 * acceleration * gap * gap
    base = max(math.sqrt(squared), 10.0 * bend)
    dip = 0.25 * moved * moved + bend * (1.5 * moved + 0.5 * base)
    return (squared + dip) / (1.0 - 0.5 * bend / base) if base > 0.0 else 0.0


@borrowing_kernel
def _within(squared: float, gap: float, moved: float, acceleration: float) -> float:
    """Return the squared distance [m2] up to which a flight does not rise above another one between two nodes."""
    return squared - 0.25 * acceleration * gap * gap * (math.sqrt(squared) + 1.5 * moved)


@borrowing_kernel
def _bend(cosine: float, gap: float, moved: float, acceleration: float) -> float:
    """Return by how much a component less a share of the distance bends between two nodes [m], beyond ``_NEAR``.

    The distance d bends by at most v^2 / d + a, and between two nodes is less than at either by half the way at most.
    """
    share = abs(cosine)
    return 0.125 * (acceleration * gap * gap * (1.0 + share) + share * moved / (_NEAR - 0.5))


@borrowing_kernel
def slack_of(volume: Volume, gap: float, pace: float, acceleration: float) -> Slack:
    """Return the slack of a volume for a flight.

    Parameters
    ----------
    volume : Volume
    gap : float
        Greatest time between two nodes [s].
    pace, acceleration : float
        Greatest speed [m s-1] and acceleration [m s-2] of the flight over the turning Earth.
    """
    moved = pace * gap
    return Slack(
        (_NEAR * moved) ** 2,
        _beyond(volume.track_squared, gap, moved, acceleration),
        _within(volume.track_squared, gap, moved, acceleration),
        _beyond(volume.search_squared, gap, moved, acceleration),
        _within(volume.search_squared, gap, moved, acceleration),
        _beyond(volume.minimum_squared, gap, moved, acceleration),
        _bend(math.sqrt(abs(volume.sine_low)), gap, moved, acceleration),
        _bend(math.sqrt(abs(volume.sine_high)), gap, moved, acceleration),
        _bend(min(1.0, math.sqrt(abs(volume.cosine_halfwidth))), gap, moved, acceleration),
    )


@borrowing_kernel
def clearance_of(x: float, y: float, z: float, volume: Volume, slack: Slack) -> int:
    """Return of which limits a place is clear about one boresight, in bits; ``ABOVE`` is above the horizon too."""
    px, py, pz, ux, uy, uz, low, high, sector, _, bx, by, bz, _, _ = volume
    near, far_track, in_track, far_search, in_search, far_minimum, low_bend, high_bend, side_bend = slack
    dx, dy, dz = x - px, y - py, z - pz
    squared = dx * dx + dy * dy + dz * dz
    up = dx * ux + dy * uy + dz * uz
    forward = dx * bx + dy * by + dz * bz
    level = squared - up * up
    lower, upper, least = up - low_bend, up + low_bend, max(low, 0.0)
    higher, not_higher, left, right = up + high_bend, up - high_bend, forward - side_bend, forward + side_bend
    far, far_level = squared > near, level > near
    found = BEYOND if squared > far_track else 0
    found |= BELOW if far & (upper * abs(upper) < low * squared) else 0
    found |= OVER if far & (not_higher * abs(not_higher) > high * squared) else 0
    found |= BESIDE if far_level & (right * abs(right) < sector * level) else 0
    found |= IN_TRACK if (squared < in_track) & (squared > far_search) else 0
    found |= IN_SEARCH if squared < in_search else 0
    found |= ABOVE if far & (lower * abs(lower) > least * squared) else 0
    found |= UNDER if (far & (higher * abs(higher) < high * squared)) | (high >= 1.0) else 0
    found |= NOT_NEAR if (squared > far_minimum) | (volume.minimum_squared <= 0.0) else 0
    found |= AHEAD if (far_level & (left * abs(left) > sector * level)) | (sector < -1.0) else 0
    return found


@borrowing_kernel
def clearances_of(
    xs: NDArray[np.float64],
    ys: NDArray[np.float64],
    zs: NDArray[np.float64],
    volume: Volume,
    slack: Slack,
    clearances: NDArray[np.int64],
) -> None:
    """Write the clearance of each place; written to vectorise."""
    for node in range(clearances.shape[0]):
        clearances[node] = clearance_of(xs[node], ys[node], zs[node], volume, slack)


@borrowing_kernel
def both_boresights(clearance: int, other: int, index: int) -> int:
    """Return the clearance over the boresights so far and one more, whose number is ``index``."""
    return (clearance & (other | -AHEAD)) | (other & AHEAD) << index


@borrowing_kernel
def may_pass(before: float, after: float, one: int, other: int) -> bool:
    """Tell whether a flight may enter or leave cover unseen between two nodes, from the state and clearance of each.

    Where the state is the same it may if it may pass a limit; but outside, if no limit keeps it out all the time. Where
    it is not, if it may pass a second limit.
    """
    both = one & other
    if before == after == 0.0:
        return both & OUTSIDE == 0
    limits = (
        (1 if both & _RANGE == 0 else 0)
        + (1 if both & _LOW == 0 else 0)
        + (1 if both & _HIGH == 0 else 0)
        + (1 if both & NOT_NEAR == 0 else 0)
        + (1 if both & _SECTOR == 0 else 0)
    )
    return limits > (0 if before == after else 1)
