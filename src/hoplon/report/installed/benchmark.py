"""How long coverage takes on this machine, beside NumPy alone in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hoplon.progress import Progress

_SCENARIO: Final = "toy"
_ARCHITECTURE: Final = "fast"
_ROUNDS: Final = 5
_MOST_S: Final = 3.0  # [s] of rounds, the first apart
_ANGLES: Final = 1_000_000


@dataclass(frozen=True)
class Benchmark:
    """How long coverage takes here, beside NumPy alone in the same run.

    Parameters
    ----------
    flights : int
        Threat flights of a small bundled scenario, each solved and judged against every battery.
    ms_per_1000_flights : float
        Least time of some rounds.
    reference_ms : float
        Least time in which NumPy finds a million great-circle angles on one thread.
    ratio : float
        The first time over the second.
    """

    flights: int
    ms_per_1000_flights: float
    reference_ms: float
    ratio: float


def benchmark(progress: Progress) -> Benchmark:
    """Judge the flights of a small coverage some times, and let NumPy find angles beside."""
    from hoplon.analysis.coverage import aim_points
    from hoplon.analysis.defence import defence_of
    from hoplon.analysis.flights import flights_between
    from hoplon.analysis.stages import MAP_STEP
    from hoplon.defence.assembly import best_shots
    from hoplon.intercept.reach import reach_of
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(_SCENARIO)
    defence = defence_of(scenario, scenario.architecture(_ARCHITECTURE))
    points = aim_points(scenario)
    launches = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in scenario.launch_areas.items()]
    reaches = {interceptor: reach_of(interceptor) for interceptor in defence.interceptors}
    flown = 0

    def judge() -> None:
        nonlocal flown
        flights = flights_between(scenario, list(scenario.threats), launches, points.latitude_deg, points.longitude_deg)
        whole = [slice(0, len(flights))]
        best_shots(flights.elements, flights.classes, [defence], [1], reaches.__getitem__, MAP_STEP, whole)
        flown = len(flights)

    progress(0, 2, "measuring; what was never compiled here is compiled first")
    judge()
    progress(1, 2, "measuring")
    seconds, reference = _least_seconds(judge, _angles)
    progress(2, 2, "measured")
    each = 1e3 * seconds / flown * 1e3
    return Benchmark(flown, each, 1e3 * reference, each / (1e3 * reference))


def _angles() -> None:
    """Find the great-circle angles between many places by NumPy alone."""
    import numpy as np

    latitude, longitude = np.linspace(-1.5, 1.5, _ANGLES), np.linspace(-3.0, 3.0, _ANGLES)
    np.arccos(np.sin(latitude) * np.sin(0.7) + np.cos(latitude) * np.cos(0.7) * np.cos(longitude))


def _least_seconds(*works: Callable[[], None]) -> list[float]:
    """Return the least time of each work over some rounds, in turn: what else the machine does slows all alike."""
    rounds: list[list[float]] = []
    while len(rounds) < _ROUNDS and sum(map(sum, rounds)) < _MOST_S:
        times = []
        for work in works:
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
        rounds.append(times)
    return [min(times) for times in zip(*rounds, strict=True)]
