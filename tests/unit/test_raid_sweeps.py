"""Sweeps of raids: raids of another size, loads of made-up logs, settings that are run once, paired differences."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from hoplon.analysis.architectures import with_mode
from hoplon.analysis.raid import judged
from hoplon.analysis.raid.judged import judged_on
from hoplon.analysis.raid.network_load import links_of, loads_of, mean_of
from hoplon.analysis.raid.perfect_command import batteries_with_a_shot, has_shot
from hoplon.analysis.raid.runs import Runs, Setting
from hoplon.analysis.raid.setup import set_up
from hoplon.analysis.raid.sizes import with_counts
from hoplon.analysis.raid.sweeps import RaidSweeps, cut_settings, raid_sweeps
from hoplon.backbone import messages as on
from hoplon.backbone.measures import MEASURES
from hoplon.backbone.replications import log_of, rows_of
from hoplon.backbone.statistics import Estimate
from hoplon.errors import InputError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario
from raid_samples import sweeps


@pytest.fixture(scope="module")
def answers() -> RaidSweeps:
    return sweeps()


def test_loads_are_counted_from_the_log() -> None:
    setup = set_up(load_scenario("toy"), "fast", "four")
    fixed = setup.model.fixed
    radar, node = setup.model.threats, setup.names.index("hub")
    rows = [[t * on.SECOND_US, node, radar, t, on.UPDATE, 0, 0, t, 0] for t in (0, 1, 2, 3)]
    rows += [[3 * on.SECOND_US + 5, node, radar, 9, on.UPDATE, 1, 0, 9, 0]]
    rate, busiest, use = loads_of(np.array(rows, dtype=np.int64), fixed, 5.0)
    assert rate == pytest.approx(5 / 3.000005)
    assert busiest == 2.0
    assert use == pytest.approx(5 / 5.0 / 10.0)


def test_links_follow_the_information_architecture() -> None:
    scenario = load_scenario("nato-europe")
    base = set_up(scenario, "phase-3", "spread")
    radars, batteries = len(base.inputs.radars), len(base.inputs.batteries)
    satellites = len(base.inputs.satellites)

    def links(form: str) -> int:
        return links_of(set_up(scenario, "phase-3", "spread", c2=form, like=base).inputs)

    assert links("organic") == 0
    assert links("hub") == radars + batteries + satellites
    assert links("hub_hot") == 2 * links("hub")
    nodes = 3
    assert links("regional") == radars + batteries + nodes * satellites + nodes * (nodes - 1) // 2


def test_a_mean_of_equal_values_has_no_width() -> None:
    assert mean_of([2.0, 2.0, 2.0]) == Estimate(2.0, 2.0, 2.0)
    assert mean_of([1.0, 3.0]).low == pytest.approx(max(0.0, 2.0 - 12.706))


def test_regions_do_not_fire_twice_at_what_another_has_claimed() -> None:
    setup = set_up(load_scenario("nato-europe"), "phase-3", "bundled", c2="regional")
    from hoplon.backbone.measures import DUPLICATE_SHOTS, SHOTS

    rows = rows_of(setup.model, 1, 0, 100)
    assert rows[:, SHOTS].sum() > 1000
    assert rows[:, DUPLICATE_SHOTS].sum() <= 0.01 * rows[:, SHOTS].sum()


def test_each_threat_is_decided_on_by_one_region_at_a_time() -> None:
    setup = set_up(load_scenario("nato-europe"), "phase-3", "bundled", c2="regional")
    log = log_of(setup.model, 1, 0)
    orders = log[(log[:, on.KIND] == on.ORDER) & (log[:, on.OUTCOME] >= 0)]
    first = {}
    for order in orders:
        first.setdefault(int(order[on.THREAT]), set()).add(int(order[on.SOURCE]))
    assert len(first) >= 12


def test_early_warning_alone_cues_a_batterys_own_radars() -> None:
    from hoplon.backbone.doctrine import Conditions

    scenario = with_mode(load_scenario("nato-europe"), "phase-4-allied", "organic")
    apart = set_up(scenario, "phase-4-allied", "spread")
    warned = set_up(scenario, "phase-4-allied", "spread", conditions=Conditions(early_warning=True), like=apart)
    before, after = (
        Runs(40, 1).rows([Setting.of("a", "b", None, setup)])[0].estimates["leakage"] for setup in (apart, warned)
    )
    assert after.high is not None
    assert before.low is not None
    assert after.high < before.low


def test_what_is_laid_out_like_another_gives_the_same_digits() -> None:
    scenario = load_scenario("nato-europe")
    base = set_up(scenario, "phase-3", "spread", c2="hub")
    again = set_up(scenario, "phase-3", "spread", like=base)
    fresh = set_up(scenario, "phase-3", "spread")
    assert np.array_equal(rows_of(again.model, 1, 0, 20), rows_of(fresh.model, 1, 0, 20))


def test_a_setup_of_another_architecture_does_not_serve() -> None:
    scenario = load_scenario("nato-europe")
    with pytest.raises(InputError, match="a setup of phase-2 with other flights"):
        set_up(scenario, "phase-3", "few", like=set_up(scenario, "phase-2", "few"))


@pytest.mark.parametrize("latency", [-1.0, float("nan"), float("inf")])
def test_a_latency_out_of_range_is_refused(latency: float) -> None:
    with pytest.raises(InputError, match="a latency must be 0 s or more"):
        set_up(load_scenario("toy"), "fast", "four", latency_s=latency)


def test_every_row_carries_leakage_with_shots_inventory_and_intervals(answers: RaidSweeps) -> None:
    names = {name for name, _ in answers.every_row()}
    assert len(names) == 12
    for _, row in answers.every_row():
        for key in ("leakage", "inventory_left"):
            estimate = row.estimates[key]
            assert estimate.low <= estimate.mean <= estimate.high
        assert "shots_per_kill" in row.estimates


def test_differences_are_paired_with_the_first_setting(answers: RaidSweeps) -> None:
    rows = [row for row in answers.decisions if row.group == "hub_hot"]
    assert rows[0].difference is None
    for row in rows[1:]:
        assert row.difference is not None
        apart = row.estimates["leakage"].mean - rows[0].estimates["leakage"].mean
        assert row.difference["leakage"].mean == pytest.approx(apart, abs=1e-12)


def test_a_lost_hub_is_worse_without_fallback(answers: RaidSweeps) -> None:
    for time in (180.0, 240.0):
        waits, fights = (
            next(row for row in answers.losses if row.group == group and row.value == time)
            for group in ("hub", "hub_fallback")
        )
        assert fights.estimates["leakage"].mean < waits.estimates["leakage"].mean


def without_shots(scenario: Scenario) -> Scenario:
    """The scenario with empty magazines."""
    empty = {
        name: item if item.battery is None else replace(item, count=Cited(0.0))
        for name, item in scenario.elements.items()
    }
    return replace(scenario, elements=MappingProxyType(empty))


def test_the_last_architecture_that_was_not_given_up_is_judged() -> None:
    assert judged_on(load_scenario("nato-europe"), "spread").architecture == "phase-3"


def test_an_architecture_without_a_shot_is_not_judged() -> None:
    scenario = load_scenario("toy")
    assert not has_shot(set_up(scenario, "fast-organic", "four"))
    assert judged_on(scenario, "four").architecture == "fast-remote"
    rest = {name: item for name, item in scenario.architectures.items() if name != "fast-remote"}
    assert judged_on(replace(scenario, architectures=rest), "four").architecture == "fast"


def test_without_any_shot_the_last_architecture_is_judged() -> None:
    scenario = without_shots(load_scenario("toy"))
    setup = judged_on(scenario, "four")
    assert setup.architecture == "fast-remote"
    assert not has_shot(setup)


def test_the_scenario_may_name_the_architecture_that_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged, "named_by_scenario", lambda scenario, raid: "slow")
    assert judged_on(load_scenario("toy"), "four").architecture == "slow"


def test_sweeps_of_the_toy_scenario_tell_their_settings_apart() -> None:
    found = raid_sweeps(load_scenario("toy"), replications=40)
    assert found is not None
    assert (found.architecture, found.has_shot) == ("fast-remote", True)
    assert len({row.estimates["leakage"].mean for row in found.losses}) > 3


def test_settings_with_the_same_raid_model_are_run_once() -> None:
    scenario = load_scenario("toy")
    base = set_up(scenario, "fast", "four")
    again = set_up(scenario, "fast", "four", like=base)
    other = set_up(scenario, "fast", "four", decision_s=17.0, like=base)
    runs = Runs(5, 1)
    assert runs.begin(base) is runs.begin(again)
    assert runs.begin(base) is not runs.begin(other)


def test_flights_are_solved_once_for_raids_of_another_size() -> None:
    scenario = load_scenario("nato-europe")
    base = set_up(scenario, "phase-3", "saturating")
    smaller = replace(
        scenario, raids={**scenario.raids, "saturating": with_counts(scenario.raids["saturating"], (1, 0, 1, 0))}
    )
    from hoplon.analysis.raid.inputs import raid_flights

    known = raid_flights(smaller, smaller.raids["saturating"], base.source.architecture.year, base.flights)
    fresh = raid_flights(smaller, smaller.raids["saturating"], base.source.architecture.year)
    assert known.missiles == fresh.missiles
    assert np.array_equal(known.elements, fresh.elements)
    assert {elements.tobytes() for elements in known.elements} <= {row.tobytes() for row in base.flights.elements}


def test_a_scenario_without_raids_has_no_sweeps() -> None:
    assert raid_sweeps(replace(load_scenario("toy"), raids={})) is None


def test_links_are_cut_element_by_element_with_and_without_fallback(answers: RaidSweeps) -> None:
    hub = [row.label for row in answers.cut_off if row.group == "hub"]
    mesh = [row.label for row in answers.cut_off if row.group == "mesh"]
    setup = set_up(load_scenario("nato-europe"), answers.architecture, answers.raid)
    seen = [any(stay[0] >= 0 for flight in radar for stay in flight) for radar in setup.inputs.cover.tolist()]
    radars, batteries = sum(seen), len(setup.inputs.batteries)
    assert radars == len(seen) - 1  # the early-warning radar in the west sees none of the raid
    assert "fylingdales" not in hub
    assert hub[:4] == ["nothing lost", "nothing lost, fallback", "ramstein", "ramstein, fallback"]
    assert len(hub) == 4 + radars + 2 * batteries
    assert len(mesh) == 1 + batteries
    rows = {(row.group, row.label): row for row in answers.cut_off}
    waits, fights = rows["hub", "ramstein"], rows["hub", "ramstein, fallback"]
    assert waits.estimates["leakage"].mean == 1.0
    assert fights.estimates["leakage"].mean < 1.0


def test_tracks_not_recognised_make_more_numbers_than_threats(answers: RaidSweeps) -> None:
    for form in ("hub_hot", "mesh"):
        rows = [row for row in answers.association if row.group == form]
        assert rows[0].value == 0.0
        assert rows[0].estimates["track_ambiguity"].mean == 1.0
        assert rows[-1].estimates["track_ambiguity"].mean > 1.0


def test_perfect_command_lets_no_more_through_than_the_simulated_one(answers: RaidSweeps) -> None:
    assert [row.architecture for row in answers.perfect] == [row.group for row in answers.architectures]
    for row in answers.perfect:
        assert row.command.leakage_with_looks <= row.command.leakage
        assert row.command.gap.high is not None
        assert row.command.gap.high >= 0.0


def test_without_the_link_of_an_element_that_takes_no_part_a_raid_takes_the_same_course() -> None:
    scenario = load_scenario("gulf")
    base = judged_on(scenario, "spread")
    able = batteries_with_a_shot(base)
    first = len(base.elements) - len(able)
    idle = base.elements[first + int(np.flatnonzero(~able)[0])]
    blind = base.elements[int(np.flatnonzero(~(base.inputs.cover[:, :, :, 0] >= 0).any(axis=(1, 2)))[0])]
    cut = {setting.label for setting in cut_settings(scenario, base.architecture, "spread", base)}
    assert not {idle, blind} & cut
    # What the element hears and the event of the loss are counted too: they are not the course of the raid.
    heard = ("tracked_ms", "tracks_ms", "report_delay_ms", "reports", "events")
    course = [column for column, measure in enumerate(MEASURES) if measure not in heard]
    courses = []
    for form in ("hub", "mesh"):
        for lost in (idle, *((blind,) if form == "hub" else ())):
            whole, without = (
                set_up(scenario, base.architecture, "spread", c2=form, losses=losses, like=base)
                for losses in ((), (f"{lost}/link@180",))
            )
            courses.append([rows_of(setup.model, 1, 0, 40)[:, course] for setup in (whole, without)])
    assert len(courses) == 3
    assert all(np.array_equal(*pair) for pair in courses)
    acting = base.elements[first + int(np.flatnonzero(able)[0])]
    assert acting in cut
