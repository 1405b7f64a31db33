"""What a battery meets of flights with a node every 20 s, against the same flights with one every second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.stages import MAP_STEP, SINGLE_STEP, shots
from hoplon.analysis.store import Store
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

SHARE_ON_AN_EDGE = 2e-3  # a flight is interpolated between nodes: where it grazes a reach, either answer is right


def some_flights(scenario: Scenario) -> Flights:
    """Return flights from the areas of a scenario of the Gulf to a grid about its batteries."""
    areas = [(area, its.at.latitude_deg, its.at.longitude_deg) for area, its in scenario.launch_areas.items()]
    latitudes, longitudes = np.meshgrid(np.linspace(16.0, 31.0, 16), np.linspace(36.0, 58.0, 16))
    return flights_between(scenario, list(scenario.threats), areas, latitudes.ravel(), longitudes.ravel())


@pytest.mark.parametrize("level", ["low", "high"])
def test_short_flyouts_hide_between_no_nodes(level: str) -> None:
    scenario = load_scenario("gulf")
    flights = some_flights(scenario)
    defence = defence_of(scenario, scenario.architecture("gcc-2027"), level)
    defence = replace(defence, timing=replace(defence.timing, decision=0.0, reaction=0.0))
    rough, fine = (shots(Store(), flights, defence, step) > 0 for step in (MAP_STEP, SINGLE_STEP))
    upper = np.array([defence.interceptors[battery.reach].altitude_low > 30e3 for battery in defence.batteries])
    assert fine[upper].any(axis=0).mean() > 0.05
    lost, won = (fine & ~rough)[upper], (rough & ~fine)[upper]
    assert lost.sum() <= SHARE_ON_AN_EDGE * fine[upper].sum()
    assert won.sum() <= SHARE_ON_AN_EDGE * fine[upper].sum()
