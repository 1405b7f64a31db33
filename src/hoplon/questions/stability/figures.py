"""The figures of question 12."""

from __future__ import annotations

import math
from functools import partial
from typing import Final

import numpy as np

from hoplon.analysis.architectures import counterpart, family_title, figure_title
from hoplon.analysis.stability.answer import StabilityAnswer
from hoplon.analysis.stability.views import JUDGED, KINEMATIC, strategic_flights
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, flight_state
from hoplon.presentation.charts.engaged_shares import EngagedShares, engaged_shares_figure
from hoplon.presentation.maps.trajectories import DrawnTrajectory, TrajectoryPanel, trajectory_maps
from hoplon.presentation.picture import source_line
from hoplon.questions.question import FigureSpec
from hoplon.questions.stability.answer import StabilityFound
from hoplon.questions.stability.tables import least_speed
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario
from hoplon.scenario.titles import interceptor_short_title, title_start

_STEP_S: Final = 20.0


def figures(study: Study, answer: StabilityFound) -> tuple[FigureSpec, ...]:
    """Return shares against burnout speed, and the map of the trajectories."""
    scenario = study.scenario
    readings = {counterpart(scenario, name): item for name, item in answer.readings.items()}
    panels = [_panel(scenario, answer, item, readings.get(item.architecture)) for item in answer.answers]
    source = source_line(scenario.name, scenario.sha256)
    count = len(answer.trajectories)
    heads = (
        "Strategic trajectories engaged, against burnout speed",
        f"Share of {count} trajectories of a third party's strategic missiles that could be intercepted in time; "
        "no kill and no number of interceptors is meant",
    )
    families = dict.fromkeys(family_title(scenario, name) for name in answer.readings)
    other = f"judged: {', '.join(families)}" if families else ""
    shares = partial(engaged_shares_figure, panels, heads, other, source, "stability")
    specs = [FigureSpec("stability", "figures", shares)]
    tracks = drawn_trajectories(scenario)
    if tracks:
        maps = [
            TrajectoryPanel(
                figure_title(scenario, item.architecture),
                scenario.architecture(item.architecture).elements,
                {name: least_speed(item, JUDGED, name) for name in answer.trajectories},
            )
            for item in answer.answers
        ]
        titles = (
            "Strategic trajectories by the burnout speed that it takes to engage them",
            "With each architecture's own sensors and doctrine, every interceptor given the same burnout speed",
        )
        draw = partial(trajectory_maps, scenario, tracks, maps, titles, "stability-map")
        specs.append(FigureSpec("stability-map", "maps", draw))
    return tuple(specs)


def _panel(
    scenario: Scenario, answer: StabilityFound, item: StabilityAnswer, reading: StabilityAnswer | None
) -> EngagedShares:
    stated = tuple(
        (interceptor_short_title(scenario, kind), low, base, high)
        for kind, (low, base, high) in answer.speeds[item.architecture].items()
    )
    return EngagedShares(
        figure_title(scenario, item.architecture),
        tuple(item.speeds),
        tuple(shares[JUDGED].share for shares in item.speeds.values()),
        tuple(shares[KINEMATIC].share for shares in item.speeds.values()),
        stated,
        () if reading is None else tuple(shares[JUDGED].share for shares in reading.speeds.values()),
    )


def drawn_trajectories(scenario: Scenario) -> list[DrawnTrajectory]:
    """Return the ground tracks of the strategic trajectories, those that fly."""
    flights = strategic_flights(scenario, scenario.strategic)
    tracks = []
    for place in np.flatnonzero(flights.flies):
        row, item = flights.elements[place], flights.trajectories[place]
        times = np.append(np.arange(0.0, row[IMPACT_TIME], _STEP_S), row[IMPACT_TIME])
        normals = np.array([flight_state(row, float(time))[:3] for time in times])
        tracks.append(
            DrawnTrajectory(
                item.name,
                title_start(scenario.threats[item.threat].title or item.threat),
                np.degrees(np.arcsin(np.clip(normals[:, 2], -1.0, 1.0))),
                np.degrees(np.arctan2(normals[:, 1], normals[:, 0])),
                math.ceil(row[BURN_TIME] / _STEP_S),
            )
        )
    return tracks
