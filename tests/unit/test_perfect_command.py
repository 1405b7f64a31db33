"""Perfect command: the exact least of a raid, and the simulation never below it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoplon.analysis.raid.perfect_command import _rounds, perfect_command, shots_in_time
from hoplon.analysis.raid.setup import RaidSetup, raid, set_up
from hoplon.backbone.doctrine import Conditions
from hoplon.backbone.optimum import exact_assignment, least_leaking
from hoplon.backbone.raid_model import build_raid_model
from hoplon.backbone.statistics import Estimate
from hoplon.cli import main
from hoplon.scenario.load import load_scenario


@pytest.fixture(scope="module")
def setup() -> RaidSetup:
    return set_up(load_scenario("toy"), "fast", "four")


def with_magazine(setup: RaidSetup, count: int, **doctrine: object) -> RaidSetup:
    """The same raid with one battery of so many interceptors."""
    chosen = replace(setup.doctrine, **doctrine)
    batteries = [replace(battery, count=count) for battery in setup.inputs.batteries]
    parts = replace(setup.inputs, batteries=batteries, doctrine=chosen)
    return replace(setup, inputs=parts, doctrine=chosen, model=build_raid_model(parts))


def test_one_shot_each_leaks_what_one_shot_misses(setup: RaidSetup) -> None:
    once = with_magazine(setup, 100, salvo=1, look=False)
    kill = float(once.inputs.kill[0, 0])
    assert (shots_in_time(once) <= 1).all()
    found = perfect_command(once, Estimate(0.5, 0.4, 0.6))
    assert found is not None
    batteries = shots_in_time(once)[0]
    expected = float(np.prod([1 - once.inputs.kill[b, 0] for b in range(len(batteries)) if batteries[b]]))
    assert 0 < kill < 1
    assert found.leakage == pytest.approx(expected, abs=1e-3)
    assert found.gap.mean == pytest.approx(0.5 - found.leakage)
    assert found.gap.low == pytest.approx(0.4 - found.leakage)


def test_empty_magazines_let_everything_through_and_leave_no_gap(setup: RaidSetup) -> None:
    empty = with_magazine(setup, 0)
    answer = raid(empty, 20, 1)
    found = perfect_command(empty, answer.estimates["leakage"])
    assert found is not None
    assert (found.leakage, found.leakage_with_looks, found.gap.mean) == (1.0, 1.0, 0.0)


@pytest.mark.parametrize("count", [1, 2, 3, 100])
@pytest.mark.parametrize("look", [False, True])
def test_the_simulation_never_beats_perfect_command(setup: RaidSetup, count: int, look: bool) -> None:
    case = with_magazine(setup, count, look=look)
    answer = raid(case, 400, 2)
    found = perfect_command(case, answer.estimates["leakage"])
    assert found is not None
    assert found.leakage_with_looks <= found.leakage + 1e-9
    assert found.gap.high is not None
    assert found.gap.high >= -1e-3


def test_a_look_saves_what_a_scarce_magazine_lacks() -> None:
    # Two missiles, one battery of two interceptors, p = 1/2, two looks: at once 2 (1/2) leak; whatever is looked at,
    # two shots kill at most one in expectation; with three interceptors at most 1.5, and each missile 3/4 at most.
    values, kill = np.ones(2), np.full((2, 1), 0.5)
    for count, at_once, least in ((2, 1.0, 1.0), (3, 0.75, 0.5), (4, 0.5, 0.5), (0, 2.0, 2.0)):
        inventory = np.array([count])
        assert exact_assignment(values, kill, inventory, 2).leaking == pytest.approx(at_once, abs=1e-6)
        assert least_leaking(values, kill, inventory, 2) == pytest.approx(least, abs=1e-9)


def test_no_shots_in_time_without_a_radar_that_sees(setup: RaidSetup) -> None:
    blind = replace(setup, inputs=replace(setup.inputs, cover=np.full_like(setup.inputs.cover, -1)))
    assert not shots_in_time(blind).any()
    found = perfect_command(blind, Estimate(1.0, 1.0, 1.0))
    assert found is not None
    assert found.leakage == 1.0


def test_shots_that_fail_together_fail_under_perfect_command_too(setup: RaidSetup) -> None:
    common = replace(setup, conditions=Conditions(common_threat=0.2, common_raid=0.1))
    alone, together = (perfect_command(case, Estimate(0.5, 0.5, 0.5)) for case in (setup, common))
    assert alone is not None
    assert together is not None
    assert together.leakage == pytest.approx(1 - 0.8 * 0.9 * (1 - alone.leakage))


def test_a_search_that_is_cut_short_says_what_it_left_open() -> None:
    source = np.random.default_rng(3)
    kill = source.uniform(0.2, 0.9, (12, 5))
    short = exact_assignment(np.ones(12), kill, np.full(5, 4), 3, 1e-6, nodes=1)
    whole = exact_assignment(np.ones(12), kill, np.full(5, 4), 3, 1e-4)
    assert short.bound <= whole.leaking + 1e-6
    assert short.leaking >= whole.bound - 1e-6


def test_the_command_answers_with_the_gap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["raid", "toy", "--architecture", "fast", "--raid", "four", "--replications", "50", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    perfect = found["perfect_command"]
    assert set(perfect) == {"leakage", "left_open", "leakage_with_looks", "gap"}
    assert perfect["gap"]["mean"] == pytest.approx(found["leakage"]["mean"] - perfect["leakage_with_looks"])


@given(st.lists(st.integers(-1, 2_000_000), max_size=60), st.integers(0, 100_000), st.integers(0, 60_000))
def test_rounds_end_whatever_the_table_and_shots_follow_each_other(launches: list[int], ready: int, again: int) -> None:
    # Second by second: a launch counts before its intercept, and not before the look at the one before.
    table, count, free = np.array(launches, dtype=np.int32), 0, ready
    for second, launch in enumerate(launches):
        if free <= launch < 1000 * second:
            count, free = count + 1, 1000 * second + again
    assert _rounds(table, ready, again, True) == count
    assert _rounds(table, ready, again, False) == min(count, 1)


FASTEST = """extends: toy
hoplon: 1
name: fastest
interceptors: {exo-45: {burnout_speed_km_s: SPEED, burn_time_s: BURN}}
"""


@pytest.mark.parametrize(("speed", "burn"), [("11", "60"), ("11", "600"), ("10.91", "60")])
def test_a_raid_against_interceptors_beyond_escape_speed_ends_with_launches_before_intercepts(
    tmp_path: Path, speed: str, burn: str
) -> None:
    file = tmp_path / "fastest.yaml"
    file.write_text(FASTEST.replace("SPEED", speed).replace("BURN", burn), encoding="utf-8")
    setup = set_up(load_scenario(file), "fast", "four")
    launches = setup.inputs.launches[:, :, 0]
    seconds = np.arange(launches.shape[-1])
    assert np.all(launches < 1000 * seconds - 1000 * int(burn) + 1, where=launches >= 0)
    found = perfect_command(setup, Estimate(0.5, 0.4, 0.6))
    assert found is not None
    assert 0.0 <= found.leakage <= 1.0
