"""The free-flight time with which an arc meets its aim over the turning Earth (model section 2.1).

The arc is computed to where the aim will be after a time, and takes a time of its own: the flight is where the two are
equal. Most often secant steps from zero find that in a few rounds; where the aim moves far in flight, as it does under
lofted flights, more than one time may do or repetition may wander, so that the least is bracketed.
"""

from __future__ import annotations

import math

from hoplon.compiled import kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.earth.geodesy import position_of_normal

# Whether a flight exists, and why not.
FLIES, TOO_STEEP, ESCAPES, NO_FLIGHT_TIME, UNDERGROUND, NO_SOLUTION, TOO_LOW = range(7)
STATUS_REASONS = (
    "",
    "loft angle takes the flight-path angle to 90 degrees or more",
    "the trajectory needs escape speed or more",
    "no flight of less than a day meets the moving aim",
    "the trajectory meets the ground before the aim",
    "no two-body arc joins burnout and aim at that loft angle",
    "no flight to the aim has so low an apogee",
)

_ROUNDS = 12
_SHALLOW = 0.4  # [s/s] below it the flight time answers the aim's shift so little that there is one root
_NEAR = 0.7  # share of the way to the aim that it may move in flight, for its distance to stay far from zero
_FLIGHT_TIME_TOLERANCE = 1e-6  # [s] model section 2.1, step 4
_STEPS, _SHORTEST_STEP, _LONGEST_STEP = 16.0, 1.0, 20.0  # of the search for a bracket: share of the first time, [s]
_LEAST_LEAP = 1e-3  # [s] excess that stays within a bracket narrower than the tolerance where there is no root
_GOLDEN = 0.6180339887498949
_LONGEST_FLIGHT = 2.0 * math.pi / ROTATION_RATE  # [s] the aim is back where it was


@kernel
def free_flight_time(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    aim: tuple[float, float, float],
    boost: tuple[float, float, float],
    loft: float,
    apoapsis: float,
) -> tuple[int, float]:
    """Return status and the least free-flight time [s] with which the arc meets the moving aim.

    Parameters
    ----------
    launch, aim_up : tuple of float
        Unit normals at launch and aim, ECEF.
    aim : tuple of float
        Position of the aim, ECEF [m].
    boost : tuple of float
        Cosine and sine of the ground range angle of burnout, and its altitude [m].
    loft : float
        [rad].
    apoapsis : float
        Radius [m] of an apoapsis that takes the place of the loft; 0 for none.
    """
    status, free_flight = _repeated(launch, aim_up, aim, boost, loft, apoapsis)
    if status == FLIES:
        return status, free_flight
    return _bracketed(launch, aim_up, aim, boost, loft, apoapsis)


@kernel
def _repeated(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    aim: tuple[float, float, float],
    boost: tuple[float, float, float],
    loft: float,
    apoapsis: float,
) -> tuple[int, float]:
    """Return the free-flight time [s] by secant steps from zero, where there is plainly one root.

    It is so where the aim moves little in flight, compared with its distance, and the time of the arc answers little:
    its slope stays below one, and it meets the time flown once. Elsewhere the status is NO_FLIGHT_TIME.
    """
    away = math.sqrt((aim_up[0] - launch[0]) ** 2 + (aim_up[1] - launch[1]) ** 2 + (aim_up[2] - launch[2]) ** 2)
    moves = ROTATION_RATE * math.sqrt(aim_up[0] * aim_up[0] + aim_up[1] * aim_up[1])
    free_flight, before, found_before = 0.0, 0.0, 0.0
    for turn in range(_ROUNDS):
        shift = ROTATION_RATE * free_flight
        status, found, _, _, _ = arc_towards(
            launch, aim_up, aim, boost, math.cos(shift), math.sin(shift), loft, apoapsis
        )
        if status != FLIES or moves * found > _NEAR * away:
            break
        if abs(found - free_flight) < _FLIGHT_TIME_TOLERANCE:
            return FLIES, found
        following = found
        if turn > 0:
            slope = (found - found_before) / (free_flight - before)
            if abs(slope) > _SHALLOW:
                break
            following = free_flight + (found - free_flight) / (1.0 - slope)
        before, found_before, free_flight = free_flight, found, following
    return NO_FLIGHT_TIME, 0.0


@kernel
def _lag(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    aim: tuple[float, float, float],
    boost: tuple[float, float, float],
    loft: float,
    apoapsis: float,
    free_flight: float,
) -> tuple[int, float]:
    """Return status, and by how much the arc's time exceeds the time it was led by [s]; infinite without an arc."""
    shift = ROTATION_RATE * free_flight
    status, found, _, _, _ = arc_towards(launch, aim_up, aim, boost, math.cos(shift), math.sin(shift), loft, apoapsis)
    return status, found - free_flight if status == FLIES else math.inf


@kernel
def _bracketed(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    aim: tuple[float, float, float],
    boost: tuple[float, float, float],
    loft: float,
    apoapsis: float,
) -> tuple[int, float]:
    """Return the least free-flight time [s] with which the arc meets the moving aim: bracketed, then bisected.

    The excess of the arc's time over the time flown begins positive. Where no arc exists it counts as infinite, for
    the arc's time grows beyond bounds towards escape speed; where it does not, and leaps, there is no root.
    """
    reason, lag = _lag(launch, aim_up, aim, boost, loft, apoapsis, 0.0)
    step = min(_LONGEST_STEP, max(_SHORTEST_STEP, lag / _STEPS))
    low, before, older = 0.0, lag, math.inf
    while low < _LONGEST_FLIGHT:
        high = low + step
        status, lag = _lag(launch, aim_up, aim, boost, loft, apoapsis, high)
        if lag > 0.0 and before <= min(older, lag) and before < max(older, lag) - before:
            # Between the steps on either side it may have dipped below zero and come back.
            left, right = max(0.0, low - step), high
            for _ in range(40):
                one, other = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
                _, at_one = _lag(launch, aim_up, aim, boost, loft, apoapsis, one)
                _, at_other = _lag(launch, aim_up, aim, boost, loft, apoapsis, other)
                deepest, at = (one, at_one) if at_one < at_other else (other, at_other)
                if at <= 0.0:
                    low, before = max(0.0, low - step), older
                    high, lag = deepest, at
                    break
                if at_one < at_other:
                    right = other
                else:
                    left = one
        if reason != FLIES and status == FLIES:
            reason = FLIES
        if lag <= 0.0:
            near, near_lag, far, far_lag, found, at = low, before, high, lag, high, lag
            side = 0
            for turn in range(200):  # Illinois method; halves where an end is infinite, and every third time
                if near_lag == math.inf or turn % 3 == 2:
                    found = 0.5 * (near + far)
                else:
                    found = (near * far_lag - far * near_lag) / (far_lag - near_lag)
                _, at = _lag(launch, aim_up, aim, boost, loft, apoapsis, found)
                if abs(at) < 0.1 * _FLIGHT_TIME_TOLERANCE or far - near < 1e-11 * far:
                    break
                if at > 0.0:
                    near, near_lag = found, at
                    far_lag *= 0.5 if side == 1 else 1.0
                    side = 1
                else:
                    far, far_lag = found, at
                    near_lag *= 0.5 if side == -1 else 1.0
                    side = -1
            if abs(at) < _LEAST_LEAP:
                return FLIES, found
            while lag <= 0.0 and high < _LONGEST_FLIGHT:  # past a leap: from where the excess is positive again
                high += step
                _, lag = _lag(launch, aim_up, aim, boost, loft, apoapsis, high)
        low, before, older = high, lag, before
    return NO_FLIGHT_TIME if reason == FLIES else reason, 0.0


@kernel
def arc_towards(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    aim: tuple[float, float, float],
    boost: tuple[float, float, float],
    shift_cosine: float,
    shift_sine: float,
    loft: float,
    apoapsis: float,
) -> tuple[int, float, tuple[float, float, float], float, float]:
    """Return steps 1 to 3 of section 2.1: status, free-flight time, burnout, squared speed and flight-path angle.

    In the frame of an Earth that stops at burnout and whose aim moves on by the shift; by the loft [rad], or by the
    radius of the apoapsis [m] where that is not zero. The time is the f and g functions' (BMW eqs. 4.4-31 to 4.4-34),
    which take sine and cosine of the range angle as the vectors give them.
    """
    burnout = _burnout(launch, aim_up, boost, shift_cosine, shift_sine)
    ax, ay = shift_cosine * aim[0] - shift_sine * aim[1], shift_sine * aim[0] + shift_cosine * aim[1]
    bx, by, bz = burnout
    r1 = math.sqrt(bx * bx + by * by + bz * bz)
    r2 = math.sqrt(ax * ax + ay * ay + aim[2] * aim[2])
    cx, cy, cz = by * aim[2] - bz * ay, bz * ax - bx * aim[2], bx * ay - by * ax
    product = 1.0 / (r1 * r2)
    cos_psi, sin_psi = (bx * ax + by * ay + bz * aim[2]) * product, math.sqrt(cx * cx + cy * cy + cz * cz) * product
    if apoapsis > 0.0:
        path_angle = _angle_to_apoapsis(r1, r2, cos_psi, sin_psi, apoapsis)
        if not path_angle > 0.0:
            return TOO_LOW, 0.0, burnout, 0.0, 0.0
    else:
        path_angle = 0.5 * math.atan2(r2 * cos_psi - r1, r2 * sin_psi) + 0.25 * math.pi + loft
    if abs(path_angle) >= 0.5 * math.pi:
        return TOO_STEEP, 0.0, burnout, 0.0, 0.0
    cosine, sine = math.cos(path_angle), math.sin(path_angle)
    versine = sin_psi * sin_psi / (1.0 + cos_psi) if cos_psi > 0.0 else 1.0 - cos_psi
    gap = r1 * cosine * (r1 / r2 * cosine - (cos_psi * cosine - sin_psi * sine))
    speed_squared = GRAVITATIONAL_PARAMETER * versine / gap
    if not (speed_squared > 0.0 and math.isfinite(speed_squared)):
        return NO_SOLUTION, 0.0, burnout, 0.0, 0.0
    if speed_squared * r1 >= 2.0 * GRAVITATIONAL_PARAMETER:
        return ESCAPES, 0.0, burnout, 0.0, 0.0
    energy_ratio = speed_squared * r1 / GRAVITATIONAL_PARAMETER
    axis, parameter = r1 / (2.0 - energy_ratio), r1 * energy_ratio * cosine * cosine
    half = versine / sin_psi
    cos_anomaly = 1.0 - r1 * r2 * versine / (axis * parameter)
    sin_anomaly = r1 * r2 * half / math.sqrt(axis * parameter) * (1.0 / r1 + 1.0 / r2 - versine / parameter)
    anomaly = math.atan2(sin_anomaly, cos_anomaly)
    if anomaly < 0.0:
        anomaly += 2.0 * math.pi
    time = axis * math.sqrt(axis / GRAVITATIONAL_PARAMETER) * (anomaly - sin_anomaly)
    time += r1 * r2 * sin_psi / math.sqrt(GRAVITATIONAL_PARAMETER * parameter)
    return FLIES, time, burnout, speed_squared, path_angle


@kernel
def _angle_to_apoapsis(r1: float, r2: float, cos_psi: float, sin_psi: float, apoapsis: float) -> float:
    """Return the flight-path angle [rad] at ``r1`` of the arc to ``r2`` through an apoapsis between them, NaN for none.

    From the polar equation of the ellipse, ra (1 - e) = r1 (1 - e cos f) = r2 (1 - e cos(psi - f)), with f the angle
    from burnout to the apoapsis: without e it is linear in the cosine and the sine of f.
    """
    if apoapsis <= r1 or apoapsis <= r2:
        return math.nan
    along = (apoapsis - r2) * r1 - (apoapsis - r1) * r2 * cos_psi
    across = (apoapsis - r1) * r2 * sin_psi
    size, level = math.sqrt(along * along + across * across), apoapsis * (r1 - r2)
    if size == 0.0 or abs(level) > size:
        return math.nan
    middle, spread = math.atan2(-across, along), math.acos(level / size)
    psi = math.atan2(sin_psi, cos_psi)
    for angle in (middle + spread, middle - spread, middle + spread - 2.0 * math.pi, middle - spread + 2.0 * math.pi):
        if 0.0 < angle < psi:
            eccentricity = (apoapsis - r1) / (apoapsis - r1 * math.cos(angle))
            parameter = apoapsis * (1.0 - eccentricity)
            return math.atan2(r1 * eccentricity * math.sin(angle), parameter)
    return math.nan


@kernel
def _burnout(
    launch: tuple[float, float, float],
    aim_up: tuple[float, float, float],
    boost: tuple[float, float, float],
    shift_cosine: float,
    shift_sine: float,
) -> tuple[float, float, float]:
    """Return where a boost towards the shifted aim ends [m]."""
    ux, uy, uz = launch
    ax = shift_cosine * aim_up[0] - shift_sine * aim_up[1]
    ay = shift_sine * aim_up[0] + shift_cosine * aim_up[1]
    along = ax * ux + ay * uy + aim_up[2] * uz
    wx, wy, wz = ax - along * ux, ay - along * uy, aim_up[2] - along * uz
    across = math.sqrt(wx * wx + wy * wy + wz * wz)
    scale = boost[1] / across if across > 0.0 else 0.0
    return position_of_normal(
        boost[0] * ux + scale * wx, boost[0] * uy + scale * wy, boost[0] * uz + scale * wz, boost[2]
    )
