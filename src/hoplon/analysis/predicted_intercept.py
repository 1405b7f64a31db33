"""How well the sensor network predicts where a battery's intercept will be (model section 4), for one flight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.reach_tables import reach_of
from hoplon.flight.information import PACKED, STRETCH_COLUMNS, stretches_of
from hoplon.flight.sensitivity import most_arc_nodes, place_arc_nodes
from hoplon.intercept.battery import batteries_of
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.predicted_point import predicted_error
from hoplon.sensing.radar import sensor_rows

if TYPE_CHECKING:
    from hoplon.analysis.engagement import RadarAnswer
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario


class PredictedIntercepts:
    """The looks that an architecture's sensors take at one flight, and what they say about its intercepts.

    Every look of a radar that holds the track counts once its report has reached the battery: that of its own radars at
    once, that of the others after their latency; in the organic mode its own alone. Looks are fused as the
    architecture's form of command has it.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    radars : dict
        The tracks of each radar and tracking satellite of the architecture, in the order of its defence.
    level : {"low", "base", "high"}
        Of the three disputed inputs.
    """

    def __init__(
        self,
        scenario: Scenario,
        architecture: ResolvedArchitecture,
        row: NDArray[np.float64],
        radars: dict[str, RadarAnswer],
        level: Level = "base",
    ) -> None:
        self._defence = defence_of(scenario, architecture, level)
        self._row = row
        self._nodes = np.empty((most_arc_nodes(row[np.newaxis]), 5))
        place_arc_nodes(row, self._nodes)
        self._sensors = sensor_rows(self._defence.sensors)
        self._reaches = [reach_of(interceptor) for interceptor in self._defence.interceptors]
        slots = max([len(answer.track_s) for answer in radars.values()], default=0)
        tracks = np.full((len(radars), 1, max(slots, 1), 2), np.nan, dtype=np.float32)
        for index, answer in enumerate(radars.values()):
            if answer.track_s:
                tracks[index, 0, : len(answer.track_s)] = answer.track_s
        self._stretches = np.zeros((max(1, len(radars) * max(slots, 1)), STRETCH_COLUMNS))
        self._count = stretches_of(row, tracks, 0, self._sensors, self._stretches) if radars else 0

    def sigma(self, battery: str, intercept_s: float) -> float | None:
        """Return the error [m] of the predicted intercept point at handover; None without enough looks to predict."""
        index = self._defence.battery_names.index(battery)
        stacked = batteries_of(list(self._defence.batteries), self._reaches, len(self._sensors))
        kind = self._defence.batteries[index].reach
        error = predicted_error(
            *(self._row, self._nodes, self._stretches, self._count, self._sensors),
            *(stacked.own[index], self._defence.networked, self._defence.latencies, self._defence.timing.row()),
            *(weapon_of(stacked.rows[index], stacked.interceptors[kind]), stacked.fans[kind], intercept_s),
            np.zeros((len(self._stretches), 1, PACKED)),
        )
        return float(error) if math.isfinite(error) else None
