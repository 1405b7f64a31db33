"""Section 2.1: the kinematic threat flight. SI and radians inside; ``trajectory`` speaks kilometres and degrees."""

import math
from dataclasses import dataclass

import numpy as np

from . import earth

T_TOLERANCE = 1e-6
T_STEP = 5.0
T_MOST = 2.0 * math.pi / earth.OMEGA  # one turn of the Earth
GROUND_SLACK = 1.0


class NoFlightError(Exception):
    """The page's "no solution", with the reason as text."""


@dataclass(frozen=True)
class Arc:
    """A two-body ellipse through burnout: plane vectors, elements, eccentric anomaly at burnout."""

    p_axis: np.ndarray
    q_axis: np.ndarray
    semi_major: float
    eccentricity: float
    mean_motion: float
    anomaly_1: float
    speed: float
    angle: float
    free_flight: float


def cross(u, v):
    """Return the cross product of two vectors; NumPy's takes ten times as long for the axes of arrays."""
    return np.array([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]])


def minimum_energy_angle(r1, r2):
    """Return the flight-path angle that bisects the local vertical at r1 and the chord to r2."""
    chord = r2 - r1
    vertical = r1 / np.linalg.norm(r1)
    from_vertical = math.atan2(np.linalg.norm(cross(vertical, chord)), float(vertical @ chord))
    return 0.5 * math.pi - 0.5 * from_vertical


def hit_speed_squared(r1, r2, psi, angle):
    """Return v^2 of the hit equation, NaN where its denominator is not positive."""
    below = r1 * math.cos(angle) * ((r1 / r2) * math.cos(angle) - math.cos(psi + angle))
    return earth.MU * (1.0 - math.cos(psi)) / below if below > 0.0 else math.nan


def arc_between(r1, r2, loft):
    """Return the arc from r1 to r2 (inertial vectors) at the minimum-energy angle plus ``loft``."""
    size_1, size_2 = float(np.linalg.norm(r1)), float(np.linalg.norm(r2))
    normal = cross(r1, r2)
    psi = math.atan2(float(np.linalg.norm(normal)), float(r1 @ r2))
    if np.linalg.norm(normal) == 0.0:
        raise NoFlightError("burnout and aim lie on one radius")
    angle = minimum_energy_angle(r1, r2) + loft
    if abs(angle) >= 0.5 * math.pi:
        raise NoFlightError("flight-path angle of 90 degrees or more")
    speed_squared = hit_speed_squared(size_1, size_2, psi, angle)
    if math.isnan(speed_squared):
        raise NoFlightError("hit equation has no solution")
    if speed_squared >= 2.0 * earth.MU / size_1:
        raise NoFlightError("escape speed")
    semi_major = 1.0 / (2.0 / size_1 - speed_squared / earth.MU)
    # e cos E = 1 - r/a and e sin E = r.v / sqrt(mu a) at burnout; true anomaly from e cos nu = p/r - 1.
    speed = math.sqrt(speed_squared)
    ec, es = 1.0 - size_1 / semi_major, size_1 * speed * math.sin(angle) / math.sqrt(earth.MU * semi_major)
    eccentricity = math.hypot(ec, es)
    anomaly_1 = math.atan2(es, ec)
    parameter = (size_1 * speed * math.cos(angle)) ** 2 / earth.MU
    radial_speed = speed * math.sin(angle)
    nu_1 = math.atan2(math.sqrt(parameter / earth.MU) * radial_speed, parameter / size_1 - 1.0)
    nu_2 = nu_1 + psi
    radius = r1 / size_1
    forward = cross(normal / np.linalg.norm(normal), radius)
    p_axis = math.cos(nu_1) * radius - math.sin(nu_1) * forward
    q_axis = math.sin(nu_1) * radius + math.cos(nu_1) * forward
    anomaly_2 = math.atan2(math.sqrt(1.0 - eccentricity**2) * math.sin(nu_2), eccentricity + math.cos(nu_2))
    while anomaly_2 <= anomaly_1:
        anomaly_2 += 2.0 * math.pi
    mean_motion = math.sqrt(earth.MU / semi_major**3)
    mean_1 = anomaly_1 - eccentricity * math.sin(anomaly_1)
    mean_2 = anomaly_2 - eccentricity * math.sin(anomaly_2)
    free_flight = (mean_2 - mean_1) / mean_motion
    return Arc(p_axis, q_axis, semi_major, eccentricity, mean_motion, anomaly_1, speed, angle, free_flight)


def eccentric_anomaly(mean, eccentricity):
    """Solve Kepler's equation by bisection to the last bit, then one guarded Newton step; arrays."""
    low, high = mean - eccentricity - 1e-12, mean + eccentricity + 1e-12
    for _ in range(60):
        middle = 0.5 * (low + high)
        late = middle - eccentricity * np.sin(middle) > mean
        low, high = np.where(late, low, middle), np.where(late, middle, high)
    return 0.5 * (low + high)


def arc_position(arc, since_burnout):
    """Return the inertial positions (n, 3) at seconds after burnout."""
    mean_1 = arc.anomaly_1 - arc.eccentricity * math.sin(arc.anomaly_1)
    anomaly = eccentric_anomaly(mean_1 + arc.mean_motion * np.asarray(since_burnout, dtype=float), arc.eccentricity)
    along_p = arc.semi_major * (np.cos(anomaly) - arc.eccentricity)
    along_q = arc.semi_major * math.sqrt(1.0 - arc.eccentricity**2) * np.sin(anomaly)
    return along_p[..., None] * arc.p_axis + along_q[..., None] * arc.q_axis


@dataclass(frozen=True)
class Flight:
    """One flight: everything needed to say where the threat is at any t."""

    launch: tuple
    aim: tuple
    burn_time: float
    burnout_altitude: float
    burnout_range: float
    azimuth: float
    arc: Arc
    omega: float

    @property
    def flight_time(self):
        return self.burn_time + self.arc.free_flight

    def position(self, t):
        """Return ECEF positions (n, 3) at times (n,): boost path up to burnout, two-body after."""
        t = np.atleast_1d(np.asarray(t, dtype=float))
        share = np.minimum(t, self.burn_time) / self.burn_time
        latitude, longitude = earth.along(*self.launch, self.azimuth, self.burnout_range * share**3)
        boost = earth.ecef(latitude, longitude, self.burnout_altitude * share**2)
        inertial = arc_position(self.arc, np.maximum(t - self.burn_time, 0.0))
        coast = earth.rotate_z(-self.omega * t, inertial)
        return np.where((t <= self.burn_time)[:, None], boost, coast)

    def apogee(self):
        """Return the greatest altitude of the whole flight [m], by narrowing a grid around its highest point."""
        low, high = self.burn_time, self.flight_time
        for _ in range(6):
            t = np.linspace(low, high, 400)
            altitude = earth.geodetic(self.position(t))[2]
            best = int(np.argmax(altitude))
            low, high = t[max(best - 1, 0)], t[min(best + 1, t.size - 1)]
        return max(float(altitude.max()), self.burnout_altitude)


def least_root(excess):
    """Return the least T at which an excess that begins positive passes zero, or raise NoFlightError."""
    reasons = []

    def value(t):
        try:
            return excess(t)
        except NoFlightError as reason:
            reasons.append(reason)
            return math.inf

    low, before = 0.0, value(0.0)
    while low < T_MOST:
        high = low + T_STEP
        after = value(high)
        if before > 0.0 >= after:
            left, right = low, high
            while right - left > 0.01 * T_TOLERANCE:
                middle = 0.5 * (left + right)
                left, right = (middle, right) if value(middle) > 0.0 else (left, middle)
            if abs(value(right)) < 1e-3:  # else it leaps
                return right
        low, before = high, after
    raise reasons[0] if reasons else NoFlightError("no root")


def fly(launch, aim, burn_time, burnout_altitude, burnout_range, loft=0.0, omega=earth.OMEGA):
    """Return the Flight between (latitude, longitude) pairs [rad], or raise NoFlightError with the page's reason."""

    def arc_at(free_flight):
        seen_longitude = aim[1] + omega * free_flight
        bearing = float(earth.azimuth(*launch, aim[0], seen_longitude))
        burnout = earth.along(*launch, bearing, burnout_range)
        r1 = earth.rotate_z(omega * burn_time, earth.ecef(*burnout, burnout_altitude))
        r2 = earth.rotate_z(omega * (burn_time + free_flight), earth.ecef(*aim, 0.0))
        return arc_between(r1, r2, loft), bearing

    free_flight = least_root(lambda t: arc_at(t)[0].free_flight - t)
    arc, bearing = arc_at(free_flight)
    flight = Flight(launch, aim, burn_time, burnout_altitude, burnout_range, bearing, arc, omega)
    inside = flight.burn_time + free_flight * np.arange(1, 4000) / 4000.0
    if np.min(earth.geodetic(flight.position(inside))[2]) < -GROUND_SLACK:
        raise NoFlightError("below the ground before the aim")
    return flight


def trajectory(
    launch_deg,
    aim_deg,
    burn_time_s,
    burnout_altitude_km,
    burnout_ground_range_km,
    loft_deg=0.0,
    step_s=10.0,
    omega=earth.OMEGA,
):
    """Return the JSON keys of ``hoplon trajectory``; ``reachable`` false with a reason where there is no solution."""
    launch, aim = tuple(np.radians(launch_deg)), tuple(np.radians(aim_deg))
    result = {"ground_range_km": float(earth.ground_distance(*launch, *aim)) / 1e3, "reachable": True, "reason": None}
    try:
        flight = fly(
            launch,
            aim,
            burn_time_s,
            burnout_altitude_km * 1e3,
            burnout_ground_range_km * 1e3,
            math.radians(loft_deg),
            omega,
        )
    except NoFlightError as reason:
        return result | {"reachable": False, "reason": str(reason)}
    times = np.append(np.arange(0.0, flight.flight_time, step_s), flight.flight_time)
    latitude, longitude, altitude = earth.geodetic(flight.position(times))
    samples = np.column_stack([times, np.degrees(latitude), np.degrees(longitude), altitude / 1e3])
    return result | {
        "flight_time_s": flight.flight_time,
        "burnout_speed_km_s": flight.arc.speed / 1e3,
        "burnout_flight_path_angle_deg": math.degrees(flight.arc.angle),
        "apogee_km": flight.apogee() / 1e3,
        "azimuth_deg": math.degrees(flight.azimuth),
        "samples": samples.tolist(),
    }
