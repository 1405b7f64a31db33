"""Radar looks taken in per CPU second by the extended Kalman filter, against Stone Soup and against C.

1,000 flights, 3 radars, 600 s, one look a second each, in one call on one thread; the flights differ, the looks are
simulated. Stone Soup tracks a few of the same flights from the same looks with its ExtendedKalmanPredictor and
-Updater, and the errors of both are printed. The C filter, compiled here with ``cc -O3 -march=native``, does the whole
work. CPU time; hoplon and C in turn in every round, the least of each counts.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numba
import numpy as np
from scipy.spatial.transform import Rotation

from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.flight.arc import solve_flights
from hoplon.flight.sensitivity import inertial_state
from hoplon.sensing.filters import extended_kalman_filter, schedule_of, simulate_looks, site_row

START, END = 160.0, 759.0
PLACES = ((38.35, 37.79), (44.0, 24.4), (41.0, 30.0))
SIGMAS = ((10.0, 0.5e-3), (30.0, 1.5e-3), (5.0, 0.2e-3))


@dataclass(frozen=True)
class Task:
    """The looks to take in, and the truth at the last of them."""

    times: np.ndarray
    radars: np.ndarray
    measured: np.ndarray
    detected: np.ndarray
    sites: np.ndarray
    truth: np.ndarray

    def by_hoplon(self) -> tuple[np.ndarray, float]:
        """Track every flight; return the last states and the CPU time [s]."""
        kept = np.array([len(self.times) - 1])
        start = time.process_time()
        states, _ = extended_kalman_filter(self.times, self.radars, self.measured, self.detected, self.sites, kept)
        return states[:, 0], time.process_time() - start

    def by_c(self, library: ctypes.CDLL) -> tuple[np.ndarray, float]:
        """Track every flight by the C filter."""
        count, looks = self.detected.shape
        states, covariances = np.empty((count, 6)), np.empty((count, 6, 6))
        arrays = (self.times, self.radars, self.measured, self.detected, self.sites, states, covariances)
        start = time.process_time()
        library.track(
            ctypes.c_int64(count), ctypes.c_int64(looks), *(ctypes.c_void_p(array.ctypes.data) for array in arrays)
        )
        return states, time.process_time() - start


def task_of(flights: int) -> Task:
    """Simulate the looks at flights to neighbouring aims."""
    share = np.linspace(0.0, 1.0, flights)
    rows = solve_flights(
        np.radians(np.tile([35.6, 51.4], (flights, 1))),
        np.radians(np.stack([46.0 + 4.0 * share, 9.0 + 6.0 * share[::-1]], axis=-1)),
        *(np.full(flights, value) for value in (150.0, 150e3, 200e3, 0.0)),
    )
    sites = np.array(
        [site_row(*np.radians(at).tolist(), 0.0, *sigma) for at, sigma in zip(PLACES, SIGMAS, strict=True)]
    )
    times, radars, counts = schedule_of(np.full(3, START), np.ones(3), END)
    begin = np.array([inertial_state(row, START) for row in rows])
    chances = np.full(len(times), 0.9)
    measured, detected = simulate_looks(begin, START, times, radars, counts, chances, sites, 1, 0)
    return Task(times, radars, measured, detected, sites, np.array([inertial_state(row, END) for row in rows]))


def built() -> ctypes.CDLL | None:
    """Compile the C filter into a temporary folder; None without a compiler."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = Path(tempfile.mkdtemp(prefix="hoplon-tracking-")) / "ekf.so"
    source = Path(__file__).parent / "tracking" / "ekf.c"
    command = [compiler, "-O3", "-march=native", "-shared", "-fPIC", "-o", str(library), str(source), "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(library))


def by_stone_soup(task: Task, flight: int, looks: int) -> tuple[np.ndarray, int, float]:
    """Track one flight by Stone Soup through the first looks; return its last state, the looks and the CPU time [s]."""
    from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
    from stonesoup.predictor.kalman import ExtendedKalmanPredictor
    from stonesoup.types.array import CovarianceMatrix, StateVector
    from stonesoup.types.detection import Detection
    from stonesoup.types.hypothesis import SingleHypothesis
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import ExtendedKalmanUpdater

    from benchmarks.tracking.two_body import TwoBody

    origin = datetime(2026, 1, 1)
    seen = np.flatnonzero(task.detected[flight, :looks])
    first = int(np.flatnonzero(task.times[seen] > task.times[seen[0]])[0])
    kept = np.array([seen[first]])
    states, covariances = extended_kalman_filter(
        task.times, task.radars, task.measured[[flight]], task.detected[[flight]], task.sites, kept
    )
    estimate = GaussianState(
        StateVector(states[0, 0]),
        CovarianceMatrix(covariances[0, 0]),
        timestamp=origin + timedelta(seconds=float(task.times[seen[first]])),
    )
    predictor, updater = ExtendedKalmanPredictor(TwoBody(GRAVITATIONAL_PARAMETER)), ExtendedKalmanUpdater(None)
    start = time.process_time()
    for look in seen[first + 1 :]:
        site, moment = task.sites[task.radars[look]], float(task.times[look])
        cosine, sine = np.cos(ROTATION_RATE * moment), np.sin(ROTATION_RATE * moment)
        axes = site[:12].reshape(4, 3) @ np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
        slant, azimuth, elevation = task.measured[flight, look]
        # Stone Soup's bearing is counted from its x axis towards y: x is east, y is north here.
        model = CartesianToElevationBearingRange(
            6,
            (0, 1, 2),
            np.diag([site[13] ** 2, (site[13] / np.cos(elevation)) ** 2, site[12] ** 2]),
            translation_offset=StateVector(axes[0]),
            rotation_offset=StateVector(rotation_of(axes[1:])),
        )
        stamp = origin + timedelta(seconds=moment)
        bearing = np.pi / 2.0 - azimuth
        detection = Detection(StateVector([elevation, bearing, slant]), timestamp=stamp, measurement_model=model)
        prediction = predictor.predict(estimate, timestamp=stamp)
        estimate = updater.update(SingleHypothesis(prediction, detection))
    return np.asarray(estimate.state_vector, float).ravel(), len(seen) - first - 1, time.process_time() - start


def rotation_of(axes: np.ndarray) -> np.ndarray:
    """Return Stone Soup's rotation offset [rad] for a sensor whose east, north and up are the rows of ``axes``."""
    return -Rotation.from_matrix(axes).as_euler("XYZ")


def measure(*, once: bool) -> None:
    """Print looks per CPU second and the two ratios."""
    numba.set_num_threads(1)
    task, library = task_of(20 if once else 1000), built()
    updates = int(task.detected.sum())
    task.by_hoplon()  # compiled, or read from the cache
    ours = theirs = np.inf
    for _ in range(1 if once else 5):
        states, spent = task.by_hoplon()
        ours = min(ours, spent / updates)
        if library is not None:
            in_c, spent = task.by_c(library)
            theirs = min(theirs, spent / updates)
    error = np.sqrt(((states - task.truth)[:, :3] ** 2).sum(axis=1).mean())
    print(f"{len(states)} flights, {updates} looks; error of the last place {error:.2f} m")
    print(f"hoplon     {1e9 * ours:9.0f} ns a look, {1.0 / ours:12,.0f} per CPU second")
    if library is None:
        print("no C filter: no C compiler on this machine (cc, gcc or $CC)")
    else:
        apart = np.abs(in_c - states)[:, :3].max()
        print(
            f"C          {1e9 * theirs:9.0f} ns a look: hoplon takes {ours / theirs:.2f} x its CPU time; "
            f"the places differ by {apart:.1e} m at most"
        )
    count = 1 if once else 3
    runs = [by_stone_soup(task, flight, 150 if once else len(task.times)) for flight in range(count)]
    slow = sum(spent for *_, spent in runs) / sum(taken for _, taken, _ in runs)
    print(
        f"Stone Soup {1e9 * slow:9.0f} ns a look, {1.0 / slow:12,.0f} per CPU second: "
        f"hoplon takes in {slow / ours:,.0f} x as many"
    )
    if not once:
        for flight, (state, *_) in enumerate(runs):
            errors = [np.linalg.norm((s - task.truth[flight])[:3]) for s in (states[flight], state)]
            print(
                f"flight {flight}: error of the last place {errors[0]:.2f} m by hoplon, {errors[1]:.2f} m by Stone Soup"
            )


if __name__ == "__main__":
    measure(once=False)
