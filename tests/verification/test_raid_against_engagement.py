"""One missile under ideal conditions: its first shot is the one that `hoplon engage` explains.

So it is with radars, their roles, and tracking satellites, whatever it is that cues, commits and supports.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hoplon.analysis.engagement import engagement
from hoplon.analysis.raid.setup import event_log, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.messages import LAUNCH
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Element, Place, Raid, RaidThreat, SatelliteTracking, SatelliteType, Scenario

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
    the_same_first_shot(alone(load_scenario(name), threat, area, aim), architecture, threat, area, aim)


def the_same_first_shot(
    scenario: Scenario, architecture: str, threat: str, area: str, aim: tuple[float, float]
) -> tuple[float, float] | None:
    """Hold the first shot simulated against the one explained; return its launch and intercept [s], None for none."""
    explained = engagement(scenario, architecture, area, aim, threat)
    setup = set_up(scenario, architecture, "one", conditions=Conditions().ideal())
    log = event_log(setup, seed=1)
    shots = log[log[:, 4] == LAUNCH]
    possible = {battery: answer.intercepts for battery, answer in explained.batteries.items() if answer.intercepts}
    assert bool(possible) == bool(len(shots))
    if not possible:
        return None
    battery = setup.names[shots[0, 1]]
    first = possible[battery][0]
    assert shots[0, 6] / 1e6 == pytest.approx(first.intercept_s, abs=TOLERANCE_S)
    assert shots[0, 0] / 1e6 == pytest.approx(first.launch_s, abs=TOLERANCE_S)
    return first.launch_s, first.intercept_s


AREA, AIM = "northwest", (44.43, 26.10)
FOLLOWER = SatelliteTracking(acquisition_s=Cited(5.5), update_s=Cited(1.0), position_sigma_m=Cited(200.0))


def watched(
    *, mode: str, supporting: tuple[str, ...], follows: bool, warns: bool = False, blind: bool = False
) -> Scenario:
    """The toy scenario in a mode, with radars of given roles, and with or without a satellite that tracks."""
    toy = load_scenario("toy")
    radars = {name: replace(kind, supports_intercept=name in supporting) for name, kind in toy.radars.items()}
    if blind:
        radars["forward-x"] = replace(radars["forward-x"], max_range_km=Cited(1.0))
    kind = SatelliteType(tracking=FOLLOWER)
    if warns:
        kind = replace(kind, alert_s=Cited(40.0), detect_s=Cited(10.0))
    fast = toy.architectures["fast"]
    scenario = replace(
        toy,
        radars=radars,
        doctrine=replace(toy.doctrine, mode=mode),
        satellites={**toy.satellites, "follower": kind},
        elements={**toy.elements, "ptss": Element(satellite="follower", owner="USA")},
        architectures={**toy.architectures, "fast": replace(fast, elements=(*fast.elements, *(["ptss"] * follows)))},
    )
    return alone(scenario, "mrbm", AREA, AIM)


BOTH, OWN, NOBODY = ("forward-x", "ship-s"), ("ship-s",), ()


@pytest.mark.parametrize("mode", ["launch_on_remote", "engage_on_remote"])
@pytest.mark.parametrize("supporting", [BOTH, OWN, NOBODY])
@pytest.mark.parametrize(("follows", "warns"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("blind", [False, True])
def test_roles_and_satellites_act_as_engage_explains(
    mode: str, supporting: tuple[str, ...], follows: bool, warns: bool, blind: bool
) -> None:
    scenario = watched(mode=mode, supporting=supporting, follows=follows, warns=warns, blind=blind)
    shot = the_same_first_shot(scenario, "fast", "mrbm", AREA, AIM)
    remote = mode == "engage_on_remote"
    supports = "ship-s" in supporting or (remote and (follows or "forward-x" in supporting))
    early = follows or not blind  # else the ship's radar alone sees the missile, too late for a commitment
    assert (shot is not None) == (supports and early)


def test_a_satellite_alone_commits_and_supports_from_its_wait_after_burnout() -> None:
    """By hand: burnout at 100 s, track at 105.5 s, firm 20 s later, decision 30 s, reaction 5 s."""
    scenario = watched(mode="engage_on_remote", supporting=NOBODY, follows=True, blind=True)
    answer = engagement(scenario, "fast", AREA, AIM, "mrbm")
    assert answer.radars["ptss"].track_s[0][0] == 105.5
    assert answer.batteries["deveselu-fast"].commit_s == 160.5


def test_the_loss_of_the_only_satellite_takes_support_away_and_its_return_gives_it_back() -> None:
    scenario = watched(mode="engage_on_remote", supporting=NOBODY, follows=True, warns=True)
    conditions = Conditions().ideal()

    def first_launch(*losses: str) -> float | None:
        setup = set_up(scenario, "fast", "one", conditions=conditions, losses=losses)
        log = event_log(setup, seed=1)
        shots = log[log[:, 4] == LAUNCH]
        return float(shots[0, 0]) / 1e6 if len(shots) else None

    whole = first_launch()
    assert whole is not None
    assert first_launch("ptss@0") is None
    again = first_launch("ptss@0-300")
    # It waits anew from its repair, and the track must last support_s before an intercept.
    assert again is not None
    assert again > whole
    (battery,) = engagement(scenario, "fast", AREA, AIM, "mrbm").batteries.values()
    assert whole == pytest.approx(battery.intercepts[0].launch_s, abs=TOLERANCE_S)
