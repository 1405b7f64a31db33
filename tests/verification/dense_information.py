"""Track information by brute force: the variational equations integrated, every look added, dense linear algebra.

Shares no formula with hoplon beyond the model: the arc is integrated from its state at burnout, with six variations, by
an eighth-order Runge-Kutta method; looks are stacked as whitened rows and solved by QR.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

MU = 3.986004418e14  # [m3 s-2]
OMEGA = 7.292115e-5  # [rad s-1]
RADIUS = 6371008.8  # [m]
_SCALE = np.array([1e6, 1e6, 1e6, 1e3, 1e3, 1e3])  # of the state, for conditioning alone


@dataclass(frozen=True)
class Looker:
    """A radar of the reference: ECEF place [m], update [s], sigmas [m], [rad], latency [s], tracks [s].

    With ``position_sigma`` [m] a satellite: every look has that error in each direction.
    """

    place: NDArray[np.float64]
    update: float
    range_sigma: float
    angle_sigma: float
    latency: float
    tracks: tuple[tuple[float, float], ...]
    position_sigma: float | None = None


def turned(vector: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    """Turn ECEF components into inertial ones (ECEF at ignition)."""
    cosine, sine = math.cos(OMEGA * time), math.sin(OMEGA * time)
    return np.array([[cosine, -sine, 0.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]]) @ vector


class Arc:
    """A two-body arc from an inertial state at burnout, with its state transition matrix from burnout."""

    def __init__(self, state: NDArray[np.float64], burnout: float, impact: float) -> None:
        self.burnout, self.impact = burnout, impact
        start = np.concatenate([state, np.diag(_SCALE).ravel()])
        self.solution = solve_ivp(
            _variations, (burnout, impact), start, method="DOP853", rtol=1e-12, atol=1e-6, dense_output=True
        ).sol

    def at(self, time: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the state, and its derivative by the (scaled) state at burnout."""
        both = self.solution(time)
        return both[:6], both[6:].reshape(6, 6)

    def rows(self, look_time: float, radar: Looker) -> NDArray[np.float64]:
        """Return the whitened rows, shape (3, 6), that a look adds."""
        state, change = self.at(look_time)
        if radar.position_sigma is not None:
            return np.asarray(change[:3] / radar.position_sigma)
        sight = state[:3] - turned(radar.place, look_time)
        distance = np.linalg.norm(sight)
        u = sight / distance
        across = np.linalg.svd(u[np.newaxis])[2][1:]
        whitener = np.vstack([u / radar.range_sigma, across / (distance * radar.angle_sigma)])
        return whitener @ change[:3]

    def looks(self, radar: Looker) -> list[float]:
        """Return when a radar looks, from burnout on."""
        times = []
        for start, end in radar.tracks:
            count = math.floor((min(end, self.impact) - start) / radar.update + 1e-9) + 1
            times += [start + k * radar.update for k in range(count)]
        return [time for time in times if time >= self.burnout - 1e-9]


class Reference:
    """What a set of radars knows of an arc."""

    def __init__(self, arc: Arc, radars: list[Looker]) -> None:
        self.arc = arc
        looks = [(time, time + radar.latency, radar) for radar in radars for time in arc.looks(radar)]
        looks.sort(key=lambda look: look[1])
        self.arrivals = np.array([arrival for _, arrival, _ in looks])
        self.rows = np.array([arc.rows(time, radar) for time, _, radar in looks]).reshape(-1, 3, 6)
        self.taken, self.triangle = 0, np.zeros((6, 6))

    def covariance(self, time: float, until: float) -> NDArray[np.float64] | None:
        """Return the inertial state covariance, shape (6, 6), at a time from looks heard until then; None if singular.

        The triangle of the rows heard so far is kept, and begun anew when ``until`` goes back.
        """
        heard = int(np.searchsorted(self.arrivals, until + 1e-9, side="right"))
        if heard < self.taken:
            self.taken, self.triangle = 0, np.zeros((6, 6))
        if heard > self.taken:
            rows = self.rows[self.taken : heard].reshape(-1, 6)
            self.taken, self.triangle = heard, np.linalg.qr(np.vstack([self.triangle, rows]), mode="r")
        size = np.linalg.norm(self.triangle, axis=0)
        if not size.all():
            return None
        triangle = np.linalg.qr(self.triangle / size, mode="r")
        if np.min(np.abs(np.diag(triangle))) < 1e-6:
            return None
        change = self.arc.at(time)[1] / size
        spread = np.linalg.solve(triangle.T, change.T)
        return spread.T @ spread

    def sigma_across(self, time: float, until: float, direction: NDArray[np.float64]) -> float:
        """Return the error across an inertial direction [m], infinite if the state is not known."""
        covariance = self.covariance(time, until)
        if covariance is None:
            return math.inf
        place, unit = covariance[:3, :3], direction / np.linalg.norm(direction)
        plane = np.eye(3) - np.outer(unit, unit)
        return math.sqrt(0.5 * np.trace(plane @ place @ plane))


def _variations(_: float, values: NDArray[np.float64]) -> NDArray[np.float64]:
    place, change = values[:3], values[6:].reshape(6, 6)
    distance = np.linalg.norm(place)
    gradient = MU * (3.0 * np.outer(place, place) / distance**5 - np.eye(3) / distance**3)
    return np.concatenate(
        [values[3:6], -MU * place / distance**3, np.concatenate([change[3:], gradient @ change[:3]]).ravel()]
    )


def arrival_velocity(
    speed: float, burn_time: float, minimum_elevation: float, ground_range: float, altitude: float
) -> tuple[float, float] | None:
    """Return an interceptor's velocity along the ground and up at a point, by trying 8,000 elevations; None for none.

    The conic r = p / (1 + e cos nu) through burnout is compared with the point; the quickest of all that pass is taken.
    """
    elevation = np.linspace(minimum_elevation, 0.5 * math.pi - 1e-9, 8_001)
    length = 0.5 * speed * burn_time
    up, out = RADIUS + length * np.sin(elevation), length * np.cos(elevation)
    radius, passed = np.hypot(up, out), np.arctan2(out, up)
    path = np.minimum(elevation + passed, 0.5 * math.pi)
    left = ground_range / RADIUS - passed
    momentum = radius * speed * np.cos(path)
    parameter = momentum**2 / MU
    e_cos, e_sin = parameter / radius - 1.0, momentum * speed * np.sin(path) / MU
    above = 1.0 + e_cos * np.cos(left) - e_sin * np.sin(left) - parameter / (RADIUS + altitude)
    crossing = np.flatnonzero((np.sign(above[1:]) != np.sign(above[:-1])) & (left[1:] > 0.0) & (left[:-1] > 0.0))
    if not len(crossing):
        return None
    best = crossing[0]  # of equal speeds the lower path is the quicker
    share = above[best] / (above[best] - above[best + 1])
    between = [value[best] + share * (value[best + 1] - value[best]) for value in (momentum, e_cos, e_sin, left)]
    forward, even, odd, rest = between
    return (
        float(forward / (RADIUS + altitude)),
        float(MU / forward * (odd * math.cos(rest) + even * math.sin(rest))),
    )
