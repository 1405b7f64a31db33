"""Batteries that fall back to their own radars while their node is silent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.layout import FIRST_BATTERY
from hoplon.backbone.measures import DUPLICATE_SHOTS, KILLS, LEAKERS, MEASURES, SHOTS
from hoplon.backbone.messages import (
    DESTINATION,
    FALLBACK,
    HEARD,
    KIND,
    LAUNCH,
    LOOKAHEAD,
    ORDER,
    OUTCOME,
    SECOND_US,
    SOURCE,
    SWITCH,
    TIME,
)
from hoplon.backbone.raid_model import Loss, build_raid_model
from hoplon.backbone.replications import log_of, many_rows, rows_of
from properties.test_any_raid import balances, cases
from raid_cases import Case, element, raid_inputs, raid_model, waiting_units

AFTER_S = 30.0
FALLS_BACK: dict[str, object] = {"fallback": AFTER_S}
PLAIN = Case(1, 1.0, shots_in_time=8)
CASE = replace(PLAIN, conditions=FALLS_BACK)


def fell_back(log: np.ndarray) -> list[float]:
    return (log[(log[:, KIND] == FALLBACK) & (log[:, OUTCOME] == 1)][:, TIME] / SECOND_US).tolist()


def gave_back(log: np.ndarray) -> list[float]:
    return (log[(log[:, KIND] == HEARD) & (log[:, OUTCOME] == 1)][:, TIME] / SECOND_US).round(1).tolist()


def test_a_battery_fights_by_its_own_radar_once_the_hub_has_been_silent_for_so_long() -> None:
    lost = [Loss(element(CASE, "node0"), 110.0)]
    waits = many_rows(build_raid_model(raid_inputs(PLAIN), [Loss(element(PLAIN, "node0"), 110.0)]), 1, 0, 1)[0]
    row, log = (
        many_rows(build_raid_model(raid_inputs(CASE), lost), 1, 0, 1)[0],
        log_of(build_raid_model(raid_inputs(CASE), lost), 1, 0),
    )
    assert (waits[SHOTS], waits[LEAKERS]) == (0, 1)
    assert (row[SHOTS], row[KILLS]) == (1, 1)
    assert fell_back(log) == [110.0 + AFTER_S]
    orders = log[log[:, KIND] == ORDER]
    assert orders[:, SOURCE].tolist() == [element(CASE, "node1")]  # the unit, once: decided on before, ordered then
    assert orders[0, TIME] == round((110.0 + AFTER_S) * SECOND_US) + LOOKAHEAD


def test_a_battery_falls_back_when_its_own_link_is_lost() -> None:
    log = log_of(build_raid_model(raid_inputs(CASE), [Loss(element(CASE, "battery0"), 110.0, link=True)]), 1, 0)
    assert fell_back(log) == [110.0 + AFTER_S]
    assert np.count_nonzero(log[:, KIND] == LAUNCH) == 1


@pytest.mark.parametrize(("name", "link"), [("node0", False), ("node0", True), ("battery0", True)])
@pytest.mark.parametrize(("repaired", "falls"), [(125.0, False), (400.0, True)])
def test_it_obeys_again_when_its_node_is_heard_again(name: str, link: bool, repaired: float, falls: bool) -> None:
    case = replace(CASE, kill=0.0, shots_in_time=8)
    log = log_of(build_raid_model(raid_inputs(case), [Loss(element(case, name), 110.0, repaired, link=link)]), 1, 0)
    assert fell_back(log) == ([110.0 + AFTER_S] if falls else [])
    assert gave_back(log) == ([repaired] if falls else [])
    late = log[(log[:, KIND] == ORDER) & (log[:, TIME] > (repaired + 1.0) * SECOND_US)]
    assert set(late[:, SOURCE].tolist()) == {element(case, "node0")}


@pytest.mark.parametrize(("form", "falls"), [("hub_hot", []), ("hub_cold", [110.0 + AFTER_S] * 2)])
def test_an_alternate_that_takes_over_is_heard(form: str, falls: list[float]) -> None:
    # Hot: command passes after 10 s, before the battery would fall back; cold: after 120 s, and the batteries obey.
    case = replace(CASE, form=form, batteries=2, radars=2)
    log = log_of(build_raid_model(raid_inputs(case), [Loss(element(case, "node0"), 110.0)]), 1, 0)
    switched = log[log[:, KIND] == SWITCH][0, TIME] / SECOND_US
    assert fell_back(log) == falls
    assert gave_back(log) == [switched] * len(falls)


def test_the_loss_of_a_node_that_commands_nobody_moves_no_battery() -> None:
    case = replace(CASE, form="hub_hot")
    log = log_of(build_raid_model(raid_inputs(case), [Loss(element(case, "node1"), 110.0)]), 1, 0)
    assert fell_back(log) == []


def test_a_region_falls_back_alone() -> None:
    case = replace(CASE, form="regional", batteries=2, radars=2, conditions={**FALLS_BACK, "hot_switch": 500.0})
    log = log_of(build_raid_model(raid_inputs(case), [Loss(element(case, "node1"), 110.0)]), 1, 0)
    back = log[(log[:, KIND] == FALLBACK) & (log[:, OUTCOME] == 1)]
    assert back[:, DESTINATION].tolist() == [element(case, "node3")]  # the unit of the second battery


def test_two_batteries_that_do_not_hear_each_other_fire_at_one_threat() -> None:
    case = replace(CASE, kill=0.0, look=False, batteries=2, radars=2)
    lost = [Loss(element(case, "node0"), 110.0)]
    row = many_rows(build_raid_model(raid_inputs(case), lost), 1, 0, 1)[0]
    assert (row[SHOTS], row[DUPLICATE_SHOTS]) == (2, 1)
    hub = many_rows(build_raid_model(raid_inputs(case)), 1, 0, 1)[0]
    assert (hub[SHOTS], hub[DUPLICATE_SHOTS]) == (1, 0)


def test_a_battery_on_its_own_does_not_plan_on_the_network_s_radars() -> None:
    # Engage on remote, own radar blind from 200 s on: the hub orders on the other radar's track, the unit does not.
    case = replace(CASE, radars=2)
    laid_out = raid_inputs(case)
    cover = laid_out.cover.copy()
    cover[0, 0, 0] = (100, 200, 100)
    remote = replace(laid_out, cover=cover, doctrine=replace(laid_out.doctrine, remote_support=True))
    assert many_rows(build_raid_model(remote), 1, 0, 1)[0][SHOTS] == 1
    assert many_rows(build_raid_model(remote, [Loss(element(case, "node0"), 110.0)]), 1, 0, 1)[0][SHOTS] == 0


def test_a_battery_on_its_own_is_that_of_the_organic_form() -> None:
    # The hub is lost at once and the batteries fall back at once: no alert, no order, each by its own radar.
    organic = Case(4, 0.6, batteries=2, radars=2, form="organic", ideal=False, interval=30.0)
    alone = replace(organic, form="hub", conditions={"fallback": 0.0})
    fought = [MEASURES.index(name) for name in ("leakers", "shots", "duplicate_shots", "wasted_shots", "tracks_ms")]
    lost = build_raid_model(raid_inputs(alone), [Loss(element(alone, "node0"), 0.0)])
    np.testing.assert_array_equal(
        many_rows(lost, 1, 0, 60)[:, fought], many_rows(raid_model(organic), 1, 0, 60)[:, fought]
    )


@settings(max_examples=40, deadline=None)
@given(cases(("hub", "hub_hot", "hub_cold", "regional")), st.integers(0, 1000))
def test_units_that_wait_change_nothing_while_nothing_is_lost(case: Case, seed: int) -> None:
    waiting = replace(case, conditions={**case.conditions, **FALLS_BACK})
    same = [index for index, name in enumerate(MEASURES) if name not in ("events", "tracked_ms", "tracks_ms")]
    plain, other = (rows_of(build_raid_model(raid_inputs(one)), seed, 0, 6)[:, same] for one in (case, waiting))
    np.testing.assert_array_equal(plain, other)


@settings(max_examples=60, deadline=None)
@given(cases(("hub", "hub_hot", "hub_cold", "regional")), st.integers(0, 1000), st.data())
def test_accounts_balance_whatever_is_lost(case: Case, seed: int, data: st.DataObject) -> None:
    case = replace(case, conditions={**case.conditions, "fallback": data.draw(st.sampled_from((0.0, 5.0, 60.0)))})
    assert waiting_units(case) == case.batteries
    laid_out = raid_inputs(case)
    elements = int(build_raid_model(laid_out).fixed[FIRST_BATTERY]) + case.batteries
    lost = []
    for _ in range(data.draw(st.integers(1, 3))):
        time = data.draw(st.sampled_from((0.0, 80.0, 210.0, 330.0)))
        after = data.draw(st.sampled_from((None, 5.0, 90.0)))
        number = data.draw(st.integers(case.threats, elements - 1))
        lost.append(Loss(number, time, None if after is None else time + after, link=data.draw(st.booleans())))
    balances(build_raid_model(laid_out, lost), seed)
