"""Engagements judged per CPU second by the coverage of nato-europe phase-3, against the C yardstick.

An engagement is one flight against one battery. Timed, on one thread, by CPU time: solving the flights, radar cover,
tracks, and the engagements, with nothing kept from before. The interceptors' reach tables are built beforehand, as the
yardstick's are, and timed apart.

Three forms of the same work, in turn with the yardstick in every round; the least time of each counts, as the yardstick
itself takes the least of its own rounds:

settled    what a map of the defended asks: a flight is left once some battery has a shot
pruned     every shot of every battery, passing over what is out of reach without looking
unpruned   every shot of every battery, every node of every flight judged, as the yardstick does
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numba
import numpy as np

from benchmarks.yardstick import built
from hoplon.defence.assembly import Defence
from hoplon.intercept.battery import MOST_SHOTS, Batteries, batteries_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.reach import reach_of
from hoplon.scenario.geography import land_grid, places
from hoplon.scenario.load import load_scenario
from hoplon.sensing.radar import cover_of
from hoplon.sensing.track import tracks_of
from hoplon.study.architecture import defence_of
from hoplon.study.coverage import headline_nations
from hoplon.study.flights import flights_between

STEP = 5.0  # [s]


@dataclass(frozen=True)
class Task:
    """A coverage to judge: the scenario's flights to a set of points, and the defence they meet."""

    scenario: object
    launches: list[tuple[str, float, float]]
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    defence: Defence
    batteries: Batteries

    def judge(self, *, pruned: bool, enough: int) -> tuple[int, int, dict[str, float]]:
        """Solve the flights and judge every engagement.

        Returns
        -------
        engagements, with_a_shot : int
        stages : dict
            CPU time of each stage [s].
        """
        clock = [time.process_time()]
        flights = flights_between(
            self.scenario, list(self.scenario.threats), self.launches, self.latitude_deg, self.longitude_deg
        )
        clock.append(time.process_time())
        radars = list(self.defence.radars)
        covers = cover_of(flights.elements, flights.classes, radars, STEP)
        clock.append(time.process_time())
        tracks = tracks_of(
            covers, radars, flights.classes, np.array(self.defence.alerts), networked=self.defence.networked
        )
        clock.append(time.process_time())
        b = self.batteries
        shots = engage(
            flights.elements,
            tracks.intervals,
            self.defence.latencies,
            self.defence.timing.row(),
            b.rows,
            b.own,
            b.interceptors,
            b.fans,
            b.times,
            b.floors,
            STEP,
            pruned,
            enough,
        )
        clock.append(time.process_time())
        stages = dict(zip(("flights", "cover", "tracks", "engagements"), np.diff(clock).tolist(), strict=True))
        return shots.size, int(np.count_nonzero(shots)), stages


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
    batteries = batteries_of(list(defence.batteries), reaches, len(defence.radars))
    latitude, longitude = points.latitude_deg[::every], points.longitude_deg[::every]
    return Task(scenario, launches, latitude, longitude, defence, batteries), tables


FORMS = {
    "settled": {"pruned": True, "enough": 1},
    "pruned": {"pruned": True, "enough": MOST_SHOTS},
    "unpruned": {"pruned": False, "enough": MOST_SHOTS},
}


def measure(*, once: bool) -> None:
    """Print engagements per CPU second, and CPU time per engagement over the yardstick's."""
    numba.set_num_threads(1)
    task, tables = task_of("phase-3", every=400 if once else 4)
    yardstick = built()
    least = dict.fromkeys((*FORMS, "yardstick"), np.inf)
    best: dict[str, dict[str, float]] = {}
    task.judge(pruned=True, enough=1)  # compiled, or read from the cache
    for _ in range(1 if once else 3):
        for name, form in FORMS.items():
            engagements, with_a_shot, stages = task.judge(**form)
            each = sum(stages.values()) / engagements
            if each < least[name]:
                least[name], best[name] = each, stages
        if yardstick.program is not None:
            least["yardstick"] = min(least["yardstick"], yardstick.seconds_per_engagement())
    print(f"{engagements} engagements over {len(task.defence.batteries)} batteries, {with_a_shot} with a shot")
    print(f"reach tables of {len(task.defence.interceptors)} interceptor types, apart: {tables:.2f} s")
    for name in FORMS:
        ratio = least[name] / least["yardstick"]
        against = f"{ratio:.2f} x the yardstick's CPU time" if yardstick.program is not None else "no ratio"
        split = ", ".join(f"{stage} {1e6 * value / engagements:.2f}" for stage, value in best[name].items())
        print(
            f"{name:9} {1e6 * least[name]:6.3f} us each, {1.0 / least[name]:10,.0f} per CPU second: {against} ({split})"
        )
    if yardstick.program is None:
        print(f"no yardstick: {yardstick.reason}")
    else:
        print(f"yardstick {1e6 * least['yardstick']:6.3f} us each, {1.0 / least['yardstick']:10,.0f} per CPU second")
