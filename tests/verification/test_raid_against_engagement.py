"""One missile under ideal conditions: its first shot is the one that `hoplon engage` explains."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hoplon.analysis.engagement import engagement
from hoplon.analysis.raid.setup import event_log, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.messages import LAUNCH
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place, Raid, RaidThreat, Scenario

TOLERANCE_S = 2.0  # the model's own, for faster ways than its time grid


def alone(scenario: Scenario, threat: str, area: str, aim: tuple[float, float]) -> Scenario:
    """The same scenario with one raid of one missile, without latency."""
    raid = Raid(threats=(RaidThreat(threat=threat, from_=area, aim=Place(*aim)),))
    network = replace(scenario.network, latency_s=replace(scenario.network.latency_s, value=0.0))
    elements = {
        name: replace(element, latency_s=None) if element.latency_s is not None else element
        for name, element in scenario.elements.items()
    }
    return replace(scenario, raids={"one": raid}, network=network, elements=elements)


@pytest.mark.parametrize(
    ("name", "architecture", "threat", "area", "aim"),
    [
        ("toy", "fast", "mrbm", "northwest", (44.43, 26.10)),
        ("toy", "fast-remote", "mrbm", "northwest", (44.43, 26.10)),
        ("toy", "slow", "mrbm", "northwest", (44.43, 26.10)),
        ("nato-europe", "phase-3", "mrbm-2000", "tabriz", (44.43, 26.11)),
        ("nato-europe", "phase-3", "irbm-3500", "kermanshah", (41.89, 12.51)),
        ("nato-europe", "phase-2", "mrbm-2000", "tabriz", (37.98, 23.73)),
    ],
)
def test_the_first_shot_is_the_one_that_engage_explains(
    name: str, architecture: str, threat: str, area: str, aim: tuple[float, float]
) -> None:
    scenario = alone(load_scenario(name), threat, area, aim)
    explained = engagement(scenario, architecture, area, aim, threat)
    setup = set_up(scenario, architecture, "one", conditions=Conditions().ideal())
    log = event_log(setup, seed=1)
    shots = log[log[:, 4] == LAUNCH]
    possible = {battery: answer.intercepts for battery, answer in explained.batteries.items() if answer.intercepts}
    assert bool(possible) == bool(len(shots))
    if not possible:
        return
    battery = setup.names[shots[0, 1]]
    first = possible[battery][0]
    assert shots[0, 6] / 1e6 == pytest.approx(first.intercept_s, abs=TOLERANCE_S)
    assert shots[0, 0] / 1e6 == pytest.approx(first.launch_s, abs=TOLERANCE_S)
