"""What must hold of any raid: the same draws, whoever else is there; the same digits, however it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from hoplon.backbone.measures import (
    DUPLICATE_SHOTS,
    EVENTS,
    INVENTORY_LEFT,
    KILLS,
    LEAKERS,
    MEASURES,
    SHOTS,
    TRACKED_MS,
)
from hoplon.backbone.messages import KILLED
from hoplon.backbone.raid_model import BatteryEntry, Loss, NodeEntry, RadarEntry, build_raid_model
from hoplon.backbone.replications import digest_of, log_of, many_rows, rows_of
from raid_cases import Case, element, raid_inputs, raid_model

FORMS = ("organic", "hub", "hub_hot", "hub_cold", "regional", "mesh")
REAL = Case(
    6, 0.6, batteries=3, count=6, radars=4, shots_in_time=3, latency=4.0, interval=7.0, detection=0.9, ideal=False
)


@pytest.mark.parametrize("form", FORMS)
def test_every_threat_ends_once_and_interceptors_are_conserved(form: str) -> None:
    case = replace(REAL, form=form)
    rows = many_rows(raid_model(case), 3, 0, 300)
    assert (rows[:, KILLS] + rows[:, LEAKERS] == case.threats).all()
    assert (rows[:, SHOTS] + rows[:, INVENTORY_LEFT] == case.batteries * case.count).all()
    assert (rows >= 0).all()


@pytest.mark.parametrize("form", FORMS)
def test_every_look_and_the_next_look_give_the_same_raid(form: str) -> None:
    case = replace(REAL, form=form, detection=0.55)
    looked = replace(case, conditions={"every_look": True})
    same = [index for index, name in enumerate(MEASURES) if name != "events"]
    few, many = many_rows(raid_model(case), 5, 0, 40), many_rows(raid_model(looked), 5, 0, 40)
    assert (many[:, EVENTS] > 3 * few[:, EVENTS]).all()
    np.testing.assert_array_equal(few[:, same], many[:, same])


def test_radars_that_see_nothing_change_no_draw() -> None:
    case = replace(REAL, form="hub")
    given = raid_inputs(case)
    blind = RadarEntry(77, 1.0, 4.0, 2.0, 0, False, True, 4.0)
    empty = BatteryEntry(78, 0, 0.0, ())
    more = replace(
        given,
        radars=[blind, *given.radars],
        batteries=[*(replace(b, own_radars=tuple(r + 1 for r in b.own_radars)) for b in given.batteries), empty],
        cover=np.concatenate([np.full_like(given.cover[:1], -1), given.cover]),
        looks=np.concatenate([np.zeros_like(given.looks[:1]), given.looks]),
        launches=np.concatenate([given.launches, given.launches[:, :1]], axis=1),
        kill=np.concatenate([given.kill, given.kill[:1]]),
    )
    same = [index for index, name in enumerate(MEASURES) if name != "events"]
    one, other = many_rows(build_raid_model(given), 8, 0, 200), many_rows(build_raid_model(more), 8, 0, 200)
    np.testing.assert_array_equal(one[:, same], other[:, same])


def test_the_same_shot_has_the_same_draw_in_every_architecture() -> None:
    """With one shot a threat, in any architecture, the same threats die."""
    outcomes = []
    for form in ("hub", "hub_hot", "mesh", "regional"):
        case = Case(8, 0.5, batteries=2, radars=2, form=form, shots_in_time=1)
        outcomes.append(many_rows(raid_model(case), 4, 0, 50)[:, LEAKERS])
    first = outcomes[0]
    assert 0 < first.mean() < 8
    for found in outcomes[1:3]:
        np.testing.assert_array_equal(found, first)


def test_chunks_and_threads_change_no_digit() -> None:
    laid_out = raid_model(replace(REAL, form="hub_hot"))
    whole = many_rows(laid_out, 2, 0, 3000)
    np.testing.assert_array_equal(many_rows(laid_out, 2, 0, 3000, workers=2), whole)
    pieces = [rows_of(laid_out, 2, low, 500) for low in range(0, 3000, 500)]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)


@pytest.mark.parametrize("form", FORMS)
def test_events_come_in_the_total_order(form: str) -> None:
    log = log_of(raid_model(replace(REAL, form=form)), 1, 3)
    keys = [tuple(row[:4]) for row in log.tolist()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


SCRIPT = """
from dataclasses import replace
from raid_cases import raid_model
from properties.test_raid_properties import FORMS, REAL
from hoplon.backbone.replications import digest_of
for form in FORMS:
    print(digest_of(raid_model(replace(REAL, form=form, losses=(("node0", 200.0), ("radar1", 250.0)))), 11, range(3)))
"""


def test_compiled_and_interpreted_logs_are_equal_bit_for_bit() -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    lost = (("node0", 200.0), ("radar1", 250.0))
    here = [digest_of(raid_model(replace(REAL, form=form, losses=lost)), 11, range(3)) for form in FORMS]
    assert run.stdout.split() == here
    assert len(set(here)) == len(FORMS)


@pytest.mark.parametrize("time", [0.0, 50.0, 120.0, 173.5, 260.0, 305.0, 420.0, 899.0])
def test_any_radar_can_be_cut_at_any_moment(time: float) -> None:
    """Nothing breaks, no threat is lost from the account, and without the feed the rest still works."""
    case = replace(REAL, form="hub_hot", losses=(("radar3", time),))
    rows = many_rows(raid_model(case), 3, 0, 200)
    assert (rows[:, KILLS] + rows[:, LEAKERS] == case.threats).all()
    assert rows[:, KILLS].mean() > 0.5 * case.threats


def test_a_lost_hub_ends_the_defence_unless_another_takes_over() -> None:
    lost = (("node0", 100.0),)
    leaks = {}
    for form in ("hub", "hub_hot", "hub_cold"):
        case = Case(4, 0.7, shots_in_time=3, form=form, losses=lost)
        leaks[form] = many_rows(raid_model(case), 3, 0, 500)[:, LEAKERS].mean() / 4
    assert leaks["hub"] == 1.0
    assert leaks["hub_hot"] == pytest.approx(0.3**3, abs=0.02)
    assert leaks["hub_cold"] == pytest.approx(0.3**3, abs=0.02)


def test_an_alternate_that_shares_ownership_wastes_no_shot() -> None:
    """Lost between order and intercept: the hot alternate knows who engages what, the cold one asks again."""
    base = Case(4, 1.0, batteries=2, radars=2, shots_in_time=3, losses=(("node0", 150.0),))
    hot = many_rows(raid_model(replace(base, form="hub_hot")), 3, 0, 50)
    cold = many_rows(raid_model(replace(base, form="hub_cold")), 3, 0, 50)
    assert (hot[:, SHOTS] == 4).all()
    assert (hot[:, DUPLICATE_SHOTS] == 0).all()
    assert (cold[:, SHOTS] >= 4).all()
    assert (hot[:, LEAKERS] == 0).all()


def test_a_repaired_radar_tracks_again() -> None:
    case = Case(2, 0.7)
    given, radar = raid_inputs(case), element(case, "radar0")
    lost = many_rows(build_raid_model(given, [Loss(radar, 50.0)]), 3, 0, 20)
    repaired = many_rows(build_raid_model(given, [Loss(radar, 50.0, 150.0)]), 3, 0, 20)
    assert (lost[:, TRACKED_MS] == 0).all()
    assert (lost[:, LEAKERS] == 2).all()
    assert (repaired[:, TRACKED_MS] > 0).all()
    assert repaired[:, KILLS].mean() > 1


def test_a_radar_holds_no_more_tracks_than_its_capacity() -> None:
    # Eight threats at once, room for two: at first two are engaged, the others as the first ones die.
    case = Case(8, 1.0, capacity=2, shots_in_time=1)
    rows = many_rows(raid_model(case), 3, 0, 20)
    log = log_of(raid_model(case), 3, 0)
    assert (rows[:, KILLS] == 2).all()
    assert int((log[:, 8][log[:, 4] == 1] == KILLED).sum()) == 2


def test_availability_is_drawn_for_each_element_by_its_own_key() -> None:
    case = Case(1, 1.0, shots_in_time=1, conditions={"availability": True})
    given = raid_inputs(case)
    half = replace(given, radars=[replace(given.radars[0], availability=0.5)])
    quarter = replace(half, nodes=[NodeEntry(3000, "hub", -1, 0.5)])
    lost_radar = many_rows(build_raid_model(half), 3, 0, 4000)[:, LEAKERS]
    lost_any = many_rows(build_raid_model(quarter), 3, 0, 4000)[:, LEAKERS]
    assert lost_radar.mean() == pytest.approx(0.5, abs=0.03)
    assert lost_any.mean() == pytest.approx(0.75, abs=0.03)
    assert (lost_any >= lost_radar).all()
