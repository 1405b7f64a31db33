"""Raids of other sizes keep the mix of the whole one; the bounds of kill probability; the gap by cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoplon.analysis.defence import LEVELS
from hoplon.analysis.raid.command_causes import CAUSES, command_causes
from hoplon.analysis.raid.kill import Flown, kill_table
from hoplon.analysis.raid.levels import KillTables
from hoplon.analysis.raid.runs import Runs, Setting
from hoplon.analysis.raid.setup import set_up
from hoplon.analysis.raid.sizes import compositions, with_counts
from hoplon.analysis.raid.sweeps import SIZES, size_settings
from hoplon.backbone.measures import LEAKERS
from hoplon.backbone.raid_model import build_raid_model
from hoplon.backbone.replications import many_rows
from hoplon.errors import InputError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6).filter(any), st.integers(1, 120))
def test_the_mix_is_the_same_at_every_size(counts: Sequence[int], size: int) -> None:
    whole, found = sum(counts), compositions(counts, size)
    assert sum(weight for _, weight in found) == whole
    for group, count in enumerate(counts):
        share = Fraction(size * count, whole)
        assert sum(Fraction(parts[group] * weight, whole) for parts, weight in found) == share
        assert all(int(share) <= parts[group] <= int(share) + (share != int(share)) for parts, _ in found)
    assert all(sum(parts) == size for parts, _ in found)


def test_one_missile_of_forty_flies_to_each_aim_as_often_as_the_whole_raid_does() -> None:
    assert dict(compositions((12, 12, 8, 8), 1)) == {
        (1, 0, 0, 0): 12, (0, 1, 0, 0): 12, (0, 0, 1, 0): 8, (0, 0, 0, 1): 8,
    }  # fmt: skip
    assert compositions((12, 12, 8, 8), 40) == (((12, 12, 8, 8), 40),)
    assert compositions((12, 12, 8, 8), 10) == (((3, 3, 2, 2), 40),)


@pytest.mark.parametrize(("counts", "size"), [((0, 0), 3), ((3,), 0)])
def test_a_raid_of_nothing_is_refused(counts: tuple[int, ...], size: int) -> None:
    with pytest.raises(InputError, match="both must be 1 or more"):
        compositions(counts, size)


def test_a_smaller_raid_lasts_as_long() -> None:
    raid = load_scenario("nato-europe").raids["saturating"]
    same, small = with_counts(raid, (12, 12, 8, 8)), with_counts(raid, (3, 0, 2, 1))
    assert [float(group.interval_s) for group in same.threats] == pytest.approx([40, 40, 60, 60])
    assert [float(group.count) for group in small.threats] == [3, 0, 2, 1]
    assert [float(group.interval_s) for group in small.threats[::2]] == pytest.approx([11 * 40 / 2, 7 * 60])


def test_sizes_count_missiles_that_fly_at_the_aims_that_fly() -> None:
    # Of "spread", in phase 3, the last two of six groups do not exist yet: the mix is that of the four others.
    scenario = load_scenario("nato-europe")
    whole = set_up(scenario, "phase-3", "spread")
    found = list(size_settings(scenario, "phase-3", "spread", whole))
    assert [setting.value for setting in found] == [float(size) for size in SIZES] * 3
    for setting in found:
        flown = {len(setup.flights.missiles) for setup, _ in setting.parts}
        assert flown == {int(setting.value or 0)}
        aims: dict[tuple[float, float], int] = {}
        for setup, weight in setting.parts:
            for missile in setup.flights.missiles:
                aims[missile.aim_deg] = aims.get(missile.aim_deg, 0) + weight
        assert len(aims) == 4
        assert len(set(aims.values())) == 1


def test_replications_are_divided_between_compositions_and_run_once() -> None:
    scenario = load_scenario("nato-europe")
    whole = set_up(scenario, "phase-3", "saturating")
    one = next(iter(size_settings(scenario, "phase-3", "saturating", whole)))
    with Runs(40, 1) as runs:
        counted = runs.counted(one)
        apart = [many_rows(setup.model, 1, first, count) for (setup, _), first, count in zip(
            one.parts, (0, 8, 16, 28), (8, 8, 12, 12), strict=True
        )]  # fmt: skip
        assert np.array_equal(counted, np.concatenate(apart))
        assert runs.rows([one])[0].threats == 1


def test_levels_take_every_factor_of_the_kill_probability_at_its_bound() -> None:
    # An interceptor without a seeker: reliability times hit, by hand at each level.
    scenario = load_scenario("nato-europe")
    kinds = {**scenario.interceptors, "sm3-iia": replace(scenario.interceptors["sm3-iia"], seeker=None)}
    plain = replace(scenario, interceptors=MappingProxyType(kinds))
    flight = Flown("irbm-3500", "tabriz", (52.23, 21.01))
    for level, expected in zip(LEVELS, (0.66 * 0.50, 0.92 * 0.87, 0.97 * 0.93), strict=True):
        names, kill = kill_table(plain, plain.architecture("phase-3"), [flight], level)
        assert kill[names.index("redzikowo"), 0] == pytest.approx(expected)
    tables = []
    for level in LEVELS:
        tables.append(kill_table(scenario, scenario.architecture("phase-3"), [flight], level)[1])
    assert (tables[0] <= tables[1]).all()
    assert (tables[1] <= tables[2]).all()
    assert (tables[0] < tables[2]).any()


def test_a_raid_at_a_bound_is_the_raid_with_that_kill_table() -> None:
    scenario = load_scenario("nato-europe")
    base = set_up(scenario, "phase-3", "bundled")
    at_bounds = KillTables().at_bounds(base)
    assert set(at_bounds) == {"low", "high"}
    for level, setup in at_bounds.items():
        fresh = set_up(scenario, "phase-3", "bundled", level=level)
        assert np.array_equal(many_rows(setup.model, 1, 0, 30), many_rows(fresh.model, 1, 0, 30))
        assert setup.kill == fresh.kill
        assert np.array_equal(setup.inputs.cover, base.inputs.cover)
        assert np.array_equal(setup.inputs.launches, base.inputs.launches)
    assert KillTables().at_bounds(set_up(load_scenario("toy"), "fast", "four")) == {}


def test_bounds_enclose_the_base_and_are_no_interval_of_sampling() -> None:
    scenario = load_scenario("nato-europe")
    setup = set_up(scenario, "phase-3", "bundled")
    with Runs(200, 1) as runs:
        row = runs.rows([Setting.of("a", "b", None, setup)])[0]
    assert row.bounds is not None
    bounds, estimate = row.bounds["leakage"], row.estimates["leakage"]
    assert estimate.mean is not None
    assert bounds.low < estimate.mean < bounds.high
    assert set(row.bounds["shots_per_kill"].as_json()) == {"low", "high"}


def test_causes_of_the_gap_add_up_and_are_the_mean_over_every_order() -> None:
    setup = set_up(load_scenario("nato-europe"), "phase-3", "spread")
    with Runs(30, 1) as runs:
        simulated = runs.rows([Setting.of("a", "", None, setup)])[0].estimates["leakage"]
        found = command_causes(setup, runs, 30)
    assert found is not None
    assert found.simulated == simulated
    assert found.least + sum(cost.shapley.mean or 0.0 for cost in found.causes) + (
        found.remainder.mean or 0.0
    ) == pytest.approx(simulated.mean, abs=1e-9)
    # Again by walking through every order, each subset run by itself.
    known: dict[frozenset[str], float] = {}

    def leakage(off: frozenset[str]) -> float:
        if off not in known:
            inputs = setup.inputs
            for name, switch in CAUSES.items():
                inputs = switch(inputs) if name in off else inputs
            rows = many_rows(build_raid_model(inputs), 1, 0, 30)
            known[off] = float(rows[:, LEAKERS].mean()) / len(setup.flights.missiles)
        return known[off]

    total = dict.fromkeys(CAUSES, 0.0)
    orders = list(permutations(CAUSES))
    for order in orders:
        off: frozenset[str] = frozenset()
        for name in order:
            total[name] += leakage(off) - leakage(off | {name})
            off = off | {name}
    for cost in found.causes:
        assert cost.shapley.mean == pytest.approx(total[cost.cause] / len(orders), abs=1e-9)
        assert cost.first.mean == pytest.approx(leakage(frozenset()) - leakage(frozenset({cost.cause})), abs=1e-9)
        every = frozenset(CAUSES)
        assert cost.last.mean == pytest.approx(leakage(every - {cost.cause}) - leakage(every), abs=1e-9)


def test_want_of_interceptors_is_part_of_perfect_command() -> None:
    # Two interceptors for four missiles: perfect command itself lets two and more through; with enough it does not.
    scenario = load_scenario("toy")
    two = Cited(2.0)
    elements = {
        name: item if item.battery is None else replace(item, count=two) for name, item in scenario.elements.items()
    }
    short = replace(scenario, elements=MappingProxyType(elements))
    parts = []
    for case in (short, scenario):
        setup = set_up(case, "fast", "four")
        with Runs(10, 1) as runs:
            found = command_causes(setup, runs, 10)
        assert found is not None
        parts.append((found.least, found.magazine))
    # With and without the two interceptors the bound is the same; they themselves cost half of the raid or more.
    assert parts[0][0] == pytest.approx(parts[1][0], abs=2e-3)
    assert parts[0][1] >= 0.4
    assert parts[1][1] == pytest.approx(0.0, abs=2e-3)
