"""Engagements judged per CPU second by the coverage of nato-europe phase-3, against the C yardstick.

An engagement is one flight against one battery. Timed, on one thread, by CPU time: solving the flights, radar cover,
tracks, and the engagements, with nothing kept from before. The interceptors' reach tables are built beforehand, as the
yardstick's are, and timed apart.

Five forms of the same work, in turn with the yardstick in every round; the least time of each counts, as the yardstick
itself takes the least of its own rounds:

settled      what a map of the defended asks, as the study asks it: nodes 20 s apart with every event between them found
             on the second, a flight left once some battery has a shot
settled 5 s  the same with nodes 5 s apart
predicted    as settled, with support by the sensor network's prediction in place of a held track
pruned       every shot of every battery, nodes 5 s apart, passing over what is out of reach without looking
unpruned     the same, judging every node of every flight, as the yardstick does

The share of flights in which the first form and one with nodes 1 s apart differ in having a shot is printed too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numba
import numpy as np

from benchmarks.yardstick import built
from hoplon.analysis.coverage import headline_nations
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.stages import EVERY, MAP_STEP
from hoplon.defence.assembly import Defence, best_shots
from hoplon.intercept.battery import Batteries, batteries_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.reach import Interceptor, Reach, reach_of
from hoplon.scenario.geography import land_grid, places
from hoplon.scenario.load import load_scenario
from hoplon.sensing.cover import cover_of
from hoplon.sensing.radar import sensor_rows
from hoplon.sensing.track import tracks_of

STEP = 5.0  # [s]
PREDICTED_ERROR = 5000.0  # [m] of the predicted intercept point, where prediction supports an intercept


@dataclass(frozen=True)
class Task:
    """A coverage to judge: the scenario's flights to a set of points, and the defence they meet."""

    scenario: object
    launches: list[tuple[str, float, float]]
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    defence: Defence
    batteries: Batteries
    reaches: dict[Interceptor, Reach]

    def flights(self) -> Flights:
        return flights_between(
            self.scenario, list(self.scenario.threats), self.launches, self.latitude_deg, self.longitude_deg
        )

    def settled(self, *, step: float, predicted: bool = False) -> tuple[np.ndarray, int, dict[str, float]]:
        """Ask which flights meet a shot; return that, the number of engagements and the stages' CPU time [s]."""
        defence = self.defence
        if predicted:
            defence = replace(defence, timing=replace(defence.timing, handover_error=PREDICTED_ERROR))
        clock = [time.process_time()]
        flights = self.flights()
        clock.append(time.process_time())
        whole = [slice(0, len(flights))]
        shots = best_shots(flights.elements, flights.classes, [defence], [1], self.reaches.__getitem__, step, whole)
        clock.append(time.process_time())
        stages = dict(zip(("flights", "all the rest"), np.diff(clock).tolist(), strict=True))
        return shots[0] > 0, len(flights) * len(defence.batteries), stages

    def counted(self, *, step: float, pruned: bool) -> tuple[np.ndarray, int, dict[str, float]]:
        """Count every shot of every battery; return which flights meet one, the engagements and the stages' time."""
        clock = [time.process_time()]
        flights = self.flights()
        clock.append(time.process_time())
        sensors = self.defence.sensors
        covers = cover_of(flights.elements, flights.classes, sensors, step)
        clock.append(time.process_time())
        tracks = tracks_of(
            covers, sensors, flights.classes, np.array(self.defence.alerts), networked=self.defence.networked
        )
        clock.append(time.process_time())
        shots = engage(
            flights.elements,
            np.arange(len(flights)),
            tracks.intervals,
            sensor_rows(sensors),
            self.defence.latencies,
            self.defence.timing.row(),
            self.batteries,
            step,
            EVERY,
            pruned,
        )
        clock.append(time.process_time())
        stages = dict(zip(("flights", "cover", "tracks", "engagements"), np.diff(clock).tolist(), strict=True))
        return shots.max(axis=0) > 0, shots.size, stages


def task_of(architecture: str, every: int) -> tuple[Task, float]:
    """Set up a coverage of NATO Europe on each ``every``-th point; return it and what the reach tables cost [s]."""
    scenario = load_scenario("nato-europe")
    resolved = scenario.architecture(architecture)
    nations = headline_nations(scenario, resolved.year)
    points = places(nations).concat(land_grid(nations))
    launches = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in scenario.launch_areas.items()]
    defence = defence_of(scenario, resolved)
    reach_of(defence.interceptors[0])  # compiled, or read from the cache
    start = time.process_time()
    reaches = [reach_of(interceptor) for interceptor in defence.interceptors]
    tables = time.process_time() - start
    batteries = batteries_of(list(defence.batteries), reaches, len(defence.sensors))
    latitude, longitude = points.latitude_deg[::every], points.longitude_deg[::every]
    kept = dict(zip(defence.interceptors, reaches, strict=True))
    return Task(scenario, launches, latitude, longitude, defence, batteries, kept), tables


FORMS: dict[str, Callable[[Task], tuple[np.ndarray, int, dict[str, float]]]] = {
    "settled": lambda task: task.settled(step=MAP_STEP),
    "settled 5 s": lambda task: task.settled(step=STEP),
    "predicted": lambda task: task.settled(step=MAP_STEP, predicted=True),
    "pruned": lambda task: task.counted(step=STEP, pruned=True),
    "unpruned": lambda task: task.counted(step=STEP, pruned=False),
}


def measure(*, once: bool) -> None:
    """Print engagements per CPU second, and CPU time per engagement over the yardstick's."""
    numba.set_num_threads(1)
    task, tables = task_of("phase-3", every=400 if once else 4)
    yardstick = built()
    least = dict.fromkeys((*FORMS, "yardstick"), np.inf)
    best: dict[str, dict[str, float]] = {}
    for form in FORMS.values():
        form(task_of("phase-3", every=4000)[0])  # compiled, or read from the cache
    for _ in range(1 if once else 3):
        for name, form in FORMS.items():
            met, engagements, stages = form(task)
            each = sum(stages.values()) / engagements
            if each < least[name]:
                least[name], best[name] = each, stages
        if yardstick.program is not None:
            least["yardstick"] = min(least["yardstick"], yardstick.seconds_per_engagement())
    print(f"{engagements} engagements over {len(task.defence.batteries)} batteries; {met.mean():.2%} of flights met")
    fine = task.settled(step=1.0)[0]
    print(f"settled, against nodes 1 s apart: {np.mean(task.settled(step=MAP_STEP)[0] != fine):.3%} of flights differ")
    print(f"reach tables of {len(task.defence.interceptors)} interceptor types, apart: {tables:.2f} s")
    for name in FORMS:
        ratio = least[name] / least["yardstick"]
        against = f"{ratio:.2f} x the yardstick's CPU time" if yardstick.program is not None else "no ratio"
        split = ", ".join(f"{stage} {1e6 * value / engagements:.2f}" for stage, value in best[name].items())
        print(
            f"{name:11} {1e6 * least[name]:6.3f} us each, {1 / least[name]:10,.0f} per CPU second: {against} ({split})"
        )
    print(f"predicted over held: {least['predicted'] / least['settled']:.2f} x")
    if yardstick.program is None:
        print(f"no yardstick: {yardstick.reason}")
    else:
        print(f"yardstick   {1e6 * least['yardstick']:6.3f} us each, {1.0 / least['yardstick']:10,.0f} per CPU second")
