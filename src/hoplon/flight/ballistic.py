"""The two-body arc from burnout to aim: hit equation, minimum energy, time of flight.

Elliptic arcs below one revolution, taken the short way round. References are to Bate, Mueller and White,
*Fundamentals of Astrodynamics*, Dover 1971 (BMW), and Wheelon, "Free flight of a ballistic missile", ARS Journal 29
(1959) 915-926.
"""

from __future__ import annotations

import math

from hoplon.compiled import kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER


@kernel
def hit_speed_squared(r1: float, r2: float, range_angle: float, flight_path_angle: float) -> float:
    """Return the squared speed [m2 s-2] at radius ``r1`` that hits radius ``r2`` after ``range_angle``.

    Parameters
    ----------
    r1, r2 : float
        Geocentric distances of burnout and aim [m].
    range_angle : float
        Central angle between them [rad], in (0, pi).
    flight_path_angle : float
        Angle of the velocity above the plane normal to the radius [rad], in (-pi/2, pi/2).

    Returns
    -------
    float
        Negative or infinite where no orbit joins the two at that angle.

    References
    ----------
    .. [1] Wheelon 1959, hit equation; BMW section 6.2 for ``r1 == r2``.
    """
    cosine = math.cos(flight_path_angle)
    denominator = r1 * cosine * (r1 / r2 * cosine - math.cos(range_angle + flight_path_angle))
    half = math.sin(0.5 * range_angle)
    return GRAVITATIONAL_PARAMETER * 2.0 * half * half / denominator


@kernel
def minimum_energy_angle(r1: float, r2: float, range_angle: float) -> float:
    """Return the flight-path angle [rad] of least speed between two radii.

    The velocity bisects the local vertical and the chord to the aim (BMW section 6.2.4; Battin 1999, section 6.2).
    """
    up = r2 * math.cos(range_angle) - r1
    along = r2 * math.sin(range_angle)
    return 0.5 * math.atan2(up, along) + 0.25 * math.pi


@kernel
def eccentric_anomaly(eccentricity: float, true_anomaly: float) -> float:
    """Return the eccentric anomaly [rad] of a true anomaly [rad], continuous through every revolution."""
    beta = eccentricity / (1.0 + math.sqrt(1.0 - eccentricity * eccentricity))
    return true_anomaly - 2.0 * math.atan2(beta * math.sin(true_anomaly), 1.0 + beta * math.cos(true_anomaly))


@kernel
def arc_shape(r1: float, speed_squared: float, flight_path_angle: float) -> tuple[float, float, float]:
    """Return semi-major axis [m], eccentricity and true anomaly [rad] of a state on an ellipse.

    The semi-major axis is negative or infinite at and above escape speed.
    """
    cosine, sine = math.cos(flight_path_angle), math.sin(flight_path_angle)
    energy_ratio = r1 * speed_squared / GRAVITATIONAL_PARAMETER
    e_cos = energy_ratio * cosine * cosine - 1.0
    e_sin = energy_ratio * cosine * sine
    return (
        r1 / (2.0 - energy_ratio),
        math.sqrt(e_cos * e_cos + e_sin * e_sin),
        math.atan2(e_sin, e_cos),
    )


@kernel
def time_of_flight(r1: float, speed_squared: float, flight_path_angle: float, range_angle: float) -> float:
    """Return the time [s] to sweep ``range_angle`` from a state below escape speed (Kepler's equation).

    Parameters
    ----------
    r1 : float
        Geocentric distance at the start [m].
    speed_squared : float
        Squared speed there [m2 s-2], below escape.
    flight_path_angle, range_angle : float
        [rad].
    """
    semi_major_axis, eccentricity, anomaly = arc_shape(r1, speed_squared, flight_path_angle)
    start = eccentric_anomaly(eccentricity, anomaly)
    end = eccentric_anomaly(eccentricity, anomaly + range_angle)
    mean = (end - start) - eccentricity * (math.sin(end) - math.sin(start))
    return mean * semi_major_axis * math.sqrt(semi_major_axis / GRAVITATIONAL_PARAMETER)


@kernel
def solve_kepler(eccentricity: float, mean_anomaly: float, guess: float) -> float:
    """Return the eccentric anomaly [rad] of a mean anomaly [rad] by Newton's method from a guess.

    Converges to 1e-12 rad; on the upper part of an ellipse (|E - pi| < pi/2), where ballistic arcs lie, the slope
    is at least 1 and no safeguard is needed; elsewhere the step is bounded.
    """
    anomaly = guess
    for _ in range(50):
        step = (anomaly - eccentricity * math.sin(anomaly) - mean_anomaly) / (1.0 - eccentricity * math.cos(anomaly))
        step = min(0.5, max(-0.5, step))
        anomaly -= step
        if abs(step) < 1e-7:
            break  # Newton's error after this step is about its square
    return anomaly
