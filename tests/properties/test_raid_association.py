"""Nodes that take one radar's track for that of another object: two numbers, two engagements, one threat."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.layout import FIRST_BATTERY
from hoplon.backbone.measures import (
    DUPLICATE_SHOTS,
    KILLS,
    LEAKERS,
    MEASURES,
    SHOTS,
    THREATS_SHOT_AT,
    TRACKED_MS,
    TRACKS_MS,
    UNSUPPORTED_SHOTS,
    WASTED_SHOTS,
)
from hoplon.backbone.messages import (
    DESTINATION,
    FIRST,
    INTERCEPT,
    KIND,
    LAUNCH,
    LAUNCHED,
    MISTAKEN,
    ORDER,
    OUTCOME,
    THREAT,
)
from hoplon.backbone.raid_model import Loss, build_raid_model
from hoplon.backbone.replications import log_of, many_rows
from properties.test_any_raid import balances, cases
from raid_cases import Case, element, raid_inputs, raid_model

ALWAYS: dict[str, object] = {"wrong_association": 1.0}
CASE = Case(1, 0.0, batteries=2, radars=2, look=False, conditions=ALWAYS)


def test_two_radars_that_are_never_correlated_make_two_tracks_of_one_threat() -> None:
    row, log = many_rows(raid_model(CASE), 1, 0, 1)[0], log_of(raid_model(CASE), 1, 0)
    assert row[TRACKS_MS] == 2 * row[TRACKED_MS] > 0
    mistaken = log[log[:, KIND] == MISTAKEN]
    assert mistaken[:, [DESTINATION, THREAT, FIRST]].tolist() == [[element(CASE, "node0"), 1, 1]]


def test_each_track_gets_an_engagement_and_one_is_a_duplicate() -> None:
    row, log = many_rows(raid_model(CASE), 1, 0, 1)[0], log_of(raid_model(CASE), 1, 0)
    assert (row[SHOTS], row[DUPLICATE_SHOTS], row[THREATS_SHOT_AT]) == (2, 1, 1)
    assert row[UNSUPPORTED_SHOTS] == 0  # the own radar sees the object, whatever its number
    assert sorted(log[log[:, KIND] == ORDER][:, THREAT].tolist()) == [0, 1]
    assert set(log[log[:, KIND] == INTERCEPT][:, DESTINATION].tolist()) == {0}  # there is one object to meet


def test_the_second_interceptor_meets_nothing_where_the_first_killed() -> None:
    row = many_rows(raid_model(replace(CASE, kill=1.0)), 1, 0, 1)[0]
    assert (row[KILLS], row[SHOTS], row[WASTED_SHOTS]) == (1, 2, 1)


def test_one_battery_fires_at_both_numbers() -> None:
    row = many_rows(raid_model(replace(CASE, batteries=1)), 1, 0, 1)[0]
    assert (row[SHOTS], row[DUPLICATE_SHOTS]) == (2, 1)


def test_a_single_radar_has_nothing_to_be_confused_with() -> None:
    case = replace(CASE, radars=1, batteries=1)
    same = [index for index, name in enumerate(MEASURES)]
    plain = many_rows(raid_model(replace(case, conditions={})), 1, 0, 5)
    np.testing.assert_array_equal(many_rows(raid_model(case), 1, 0, 5)[:, same], plain[:, same])


def test_a_track_that_is_reported_again_keeps_its_number() -> None:
    lost = [Loss(element(CASE, f"radar{number}"), 200.0, 205.0, link=True) for number in (0, 1)]
    log = log_of(build_raid_model(raid_inputs(CASE), lost), 1, 0)
    assert np.count_nonzero(log[:, KIND] == MISTAKEN) == 1


def test_a_node_is_wrong_as_often_as_it_should_be() -> None:
    case = replace(CASE, threats=4, conditions={"wrong_association": 0.3})
    raid = raid_model(case)
    mistakes = [np.count_nonzero(log_of(raid, 1, replication)[:, KIND] == MISTAKEN) for replication in range(250)]
    # 1,000 pairs of tracks: within 4 standard deviations.
    assert np.sum(mistakes) == pytest.approx(300, abs=4 * np.sqrt(1000 * 0.3 * 0.7))


def test_what_one_number_is_believed_killed_the_other_is_looked_at_on_its_own() -> None:
    # Look after each shot: the kill is seen by both radars, and neither number is fired at again.
    case = replace(CASE, kill=1.0, look=True, shots_in_time=4)
    assert many_rows(raid_model(case), 1, 0, 1)[0][SHOTS] == 2


@pytest.mark.parametrize("form", ["hub", "hub_hot", "regional", "mesh"])
def test_wrong_associations_cost_interceptors_the_more_the_more_there_are(form: str) -> None:
    rows = [
        many_rows(
            raid_model(Case(4, 0.6, batteries=2, radars=3, form=form, conditions={"wrong_association": chance})),
            1,
            0,
            120,
        )
        for chance in (0.0, 0.25, 0.5, 1.0)
    ]
    shots = [row[:, SHOTS].mean() for row in rows]
    ambiguity = [row[:, TRACKS_MS].sum() / row[:, TRACKED_MS].sum() for row in rows]
    assert shots == sorted(shots)
    assert shots[-1] > 1.2 * shots[0]
    assert ambiguity == sorted(ambiguity)
    assert ambiguity[0] == 1.0 < ambiguity[1]


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 1000), st.data())
def test_accounts_balance_whatever_is_mistaken_and_lost(case: Case, seed: int, data: st.DataObject) -> None:
    wrong = data.draw(st.sampled_from((0.2, 1.0)))
    more = {"wrong_association": wrong} | data.draw(st.sampled_from(({}, {"fallback": 20.0})))
    case = replace(case, conditions={**case.conditions, **more})
    laid_out = raid_inputs(case)
    elements = int(build_raid_model(laid_out).fixed[FIRST_BATTERY]) + case.batteries
    lost = [
        Loss(data.draw(st.integers(case.threats, elements - 1)), 210.0, 300.0, link=data.draw(st.booleans()))
        for _ in range(data.draw(st.integers(0, 2)))
    ]
    raid = build_raid_model(laid_out, lost)
    log = log_of(raid, seed, 0)
    fired = log[(log[:, KIND] == LAUNCH) & (log[:, OUTCOME] == LAUNCHED)]
    assert (fired[:, THREAT] < 2 * case.threats).all()
    assert (log[log[:, KIND] == INTERCEPT][:, THREAT] < case.threats).all()
    balances(raid, seed)
    rows = many_rows(raid, seed, 0, 4)
    assert (rows[:, KILLS] + rows[:, LEAKERS] == case.threats).all()
    assert (rows[:, TRACKS_MS] >= rows[:, TRACKED_MS]).all()
